"""Removes the last message from kept `chat.joined` events, where a deletion of the message did not find it."""

import json

import sqlalchemy as sa
from alembic import op

revision = "20261127_chat_joined_words"
down_revision = "20261127_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("""SELECT n, frame FROM journal WHERE kind = 'user' AND frame LIKE '{"type":"chat.joined"%'""")
    )
    for n, frame in rows.all():
        place, mark, data = frame.partition(',"data":')
        chat = json.loads(data[:-1])
        chat["chat"]["last_message"] = None
        without = f"{place}{mark}{json.dumps(chat, ensure_ascii=False, separators=(',', ':'))}}}"
        connection.execute(sa.text("UPDATE journal SET frame = :frame WHERE n = :n"), {"frame": without, "n": n})


def downgrade() -> None:
    """Does nothing: removed texts stay removed."""
