"""Adds quotas of single persons, and the sums of files by kind, by day and by chat."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_storage_sums"
down_revision = "20261128_heavy_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("storage_used", sa.Column("quota", sa.BigInteger()))
    op.create_index("ix_storage_used_used", "storage_used", ["used", "user_id"])
    op.create_table(
        "storage_kinds",
        sa.Column("owner", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "kind", name="pk_storage_kinds"),
    )
    op.create_table(
        "storage_days",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shard", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "shard", name="pk_storage_days"),
    )
    op.create_table(
        "storage_chats",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_storage_chats"),
    )
    op.create_index("ix_storage_chats_used", "storage_chats", ["used", "chat_id"])
    for owner in ("user_id", "-1 - user_id % 16"):
        op.execute(
            f"""INSERT INTO storage_kinds (owner, kind, files, used)
            SELECT {owner}, kind, count(*), sum(stored) FROM files GROUP BY {owner}, kind"""
        )
    op.execute(
        """INSERT INTO storage_days (day, shard, added, removed)
        SELECT created_at / 86400000, user_id % 16, sum(stored), 0 FROM files GROUP BY created_at / 86400000, user_id % 16"""
    )
    op.execute(
        """INSERT INTO storage_chats (chat_id, files, used)
        SELECT u.chat_id, count(*), sum(f.stored) FROM file_uses u JOIN files f ON f.id = u.file_id GROUP BY u.chat_id"""
    )


def downgrade() -> None:
    for table in ("storage_chats", "storage_days", "storage_kinds"):
        op.drop_table(table)
    op.drop_index("ix_storage_used_used", "storage_used")
    with op.batch_alter_table("storage_used") as batch:
        batch.drop_column("quota")
