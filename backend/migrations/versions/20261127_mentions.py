"""Adds mentions as rows beside the messages, so that they can be counted and listed."""

import json

import sqlalchemy as sa
from alembic import op

revision = "20261127_mentions"
down_revision = "20261127_has"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "chat_id", "seq", name="pk_mentions"),
    )
    bind = op.get_bind()
    found = bind.execute(
        sa.text("SELECT chat_id, seq, sender_id, entities FROM messages WHERE entities LIKE '%\"mention\"%'")
    )
    while rows := found.fetchmany(AT_ONCE):
        mentions = [
            {"user_id": user_id, "chat_id": row.chat_id, "seq": row.seq}
            for row in rows
            for user_id in sorted({one["user_id"] for one in json.loads(row.entities) if one.get("user_id")})
            if user_id != row.sender_id
        ]
        if mentions:
            insert = "INSERT INTO mentions (user_id, chat_id, seq) VALUES (:user_id, :chat_id, :seq)"
            bind.execute(sa.text(insert), mentions)


def downgrade() -> None:
    op.drop_table("mentions")
