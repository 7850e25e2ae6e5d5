"""Adds avatars of users and chats, and the uploads that are being made ready."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_avatars"
down_revision = "20261124_repeats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("avatar", sa.String(64), nullable=True))
    op.add_column("chats", sa.Column("avatar", sa.String(64), nullable=True))
    op.create_table(
        "avatar_uploads",
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("avatar", sa.String(64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_avatar_uploads"),
    )


def downgrade() -> None:
    op.drop_table("avatar_uploads")
    op.drop_column("chats", "avatar")
    op.drop_column("users", "avatar")
