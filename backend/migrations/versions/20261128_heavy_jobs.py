"""Marks background jobs that take long."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_heavy_jobs"
down_revision = "20261128_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("heavy", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    is_heavy = sa.text("heavy = 1")
    op.create_index("ix_outbox_heavy", "outbox", ["due_at"], sqlite_where=is_heavy, postgresql_where=is_heavy)


def downgrade() -> None:
    op.drop_index("ix_outbox_heavy", table_name="outbox")
    op.drop_column("outbox", "heavy")
