"""Adds the kind of each file in a message, by which the files of a chat are listed."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_file_kinds"
down_revision = "20261128_storage_total"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("file_uses", sa.Column("kind", sa.String(64), server_default="file", nullable=False))
    op.execute(
        """UPDATE file_uses SET kind = CASE (SELECT f.kind FROM files f WHERE f.id = file_uses.file_id)
        WHEN 'photo' THEN 'media' ELSE CASE WHEN
        (SELECT f.type FROM files f WHERE f.id = file_uses.file_id) LIKE 'audio/%' THEN 'audio' ELSE 'file' END END"""
    )
    op.create_index("ix_file_uses_kind", "file_uses", ["kind", "chat_id", "seq", "place"])


def downgrade() -> None:
    op.drop_index("ix_file_uses_kind", "file_uses")
    op.drop_column("file_uses", "kind")
