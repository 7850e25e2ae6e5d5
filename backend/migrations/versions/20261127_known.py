"""Adds an index by the sender's id of a message, so that a plan made for an empty table does not walk through a
chat.
"""

from alembic import op

revision = "20261127_known"
down_revision = "20261127_uncounted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _key("uq_messages_chat_id_sender_id_cmid", ["sender_id", "cmid", "chat_id"])


def downgrade() -> None:
    _key("uq_messages_sender_id_cmid_chat_id", ["chat_id", "sender_id", "cmid"])


def _key(former: str, columns: list[str]) -> None:
    with op.batch_alter_table("messages") as messages:
        messages.drop_constraint(former, type_="unique")
        messages.create_unique_constraint(f"uq_messages_{'_'.join(columns)}", columns)
