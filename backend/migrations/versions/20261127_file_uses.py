"""Adds files to messages."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_file_uses"
down_revision = "20261127_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_uses",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "seq", "place", name="pk_file_uses"),
    )
    op.create_index("ix_file_uses_file_id", "file_uses", ["file_id", "chat_id"])


def downgrade() -> None:
    op.execute("UPDATE messages SET has = has - 16 WHERE (has & 16) = 16")
    op.drop_table("file_uses")
