"""Adds a bit of messages that link to the web, and an index of them, by which the links of a chat are listed."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_links"
down_revision = "20261128_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Links that a spoiler hides too: readers leave them out, and the next edit takes the bit away.
    op.execute('UPDATE messages SET has = has | 512 WHERE lower(entities) LIKE \'%"href":"http%\'')
    linked = sa.text("(has & 512) <> 0")
    op.create_index("ix_messages_linked", "messages", ["chat_id", "seq"], sqlite_where=linked, postgresql_where=linked)


def downgrade() -> None:
    op.drop_index("ix_messages_linked", "messages")
    op.execute("UPDATE messages SET has = has - 512 WHERE (has & 512) = 512")
