"""Adds link cards: what pages say of themselves, the messages that show it, and the setting of a chat."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_cards"
down_revision = "20261128_voice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cards",
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("picture", sa.String(64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("thumbhash", sa.String(64), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="pk_cards"),
    )
    op.create_index("ix_cards_state", "cards", ["state", "expires_at"])
    op.create_table(
        "card_uses",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("removed_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "seq", "place", name="pk_card_uses"),
    )
    op.create_index("ix_card_uses_address_hash", "card_uses", ["address_hash"])
    op.add_column("chats", sa.Column("cards", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    op.drop_column("chats", "cards")
    op.drop_table("card_uses")
    op.drop_table("cards")
