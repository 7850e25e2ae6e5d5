"""Adds a column for jobs that are asked for again while they run."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_outbox_asked"
down_revision = "20261127_known"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("asked", sa.BigInteger(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("outbox", "asked")
