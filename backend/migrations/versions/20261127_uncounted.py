"""Adds an index of messages that never count as unread, so that the others need not be read."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_uncounted"
down_revision = "20261127_flat_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    uncounted = sa.text("kind <> 'text' OR deleted_at IS NOT NULL")
    op.create_index(
        "ix_messages_uncounted",
        "messages",
        ["chat_id", "seq"],
        sqlite_where=uncounted,
        postgresql_where=uncounted,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_uncounted", "messages")
