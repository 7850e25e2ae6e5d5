"""Read marks."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_receipts"
down_revision = "20261123_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("chat_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_user_id", "receipts", ["user_id"])


def downgrade() -> None:
    op.drop_table("receipts")
