"""Adds indexes: pages of people and members begin where the last one ended, and old sessions are found without a
scan.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_flat_indexes"
down_revision = "20261127_name_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_users_name_key", "users")
    op.create_index("ix_users_name_key_id", "users", ["name_key", "id"])
    op.create_index("ix_members_chat_id_joined_at", "members", ["chat_id", "joined_at"])
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index("ix_sessions_ended_at", "sessions", ["ended_at"], sqlite_where=ended, postgresql_where=ended)
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])


def downgrade() -> None:
    op.drop_index("ix_sessions_expires_at", "sessions")
    op.drop_index("ix_sessions_ended_at", "sessions")
    op.drop_index("ix_members_chat_id_joined_at", "members")
    op.drop_index("ix_users_name_key_id", "users")
    op.create_index("ix_users_name_key", "users", ["name_key"])
