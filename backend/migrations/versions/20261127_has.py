"""Adds the bits of a message for data that houses above keep of it."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_has"
down_revision = "20261127_member_state"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("has", sa.BigInteger(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("messages", "has")
