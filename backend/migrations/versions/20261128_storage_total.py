"""Adds the bytes of all people together."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_storage_total"
down_revision = "20261128_photos"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "storage_total",
        sa.Column("shard", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shard", name="pk_storage_total"),
    )
    op.execute(
        """INSERT INTO storage_total (shard, used, reserved)
        SELECT user_id % 16, sum(used), sum(reserved) FROM storage_used GROUP BY user_id % 16"""
    )


def downgrade() -> None:
    op.drop_table("storage_total")
