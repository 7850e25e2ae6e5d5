"""Adds voice messages: how long files are, their peaks, and who listened."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_voice"
down_revision = "20261128_file_kinds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("files", sa.Column("duration_ms", sa.BigInteger(), nullable=True))
    op.add_column("files", sa.Column("peaks", sa.Text(), nullable=True))
    op.create_table(
        "listened",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "seq", "user_id", name="pk_listened"),
    )


def downgrade() -> None:
    op.execute("UPDATE messages SET has = has - 256 WHERE (has & 256) = 256")
    op.drop_table("listened")
    op.drop_column("files", "peaks")
    op.drop_column("files", "duration_ms")
