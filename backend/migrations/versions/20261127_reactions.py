"""Adds reactions to messages, and the number of people for each emoji."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_reactions"
down_revision = "20261127_mentions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reactions",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "seq", "emoji", "user_id", name="pk_reactions"),
    )
    op.create_table(
        "reaction_tallies",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "seq", "emoji", name="pk_reaction_tallies"),
    )


def downgrade() -> None:
    op.execute("UPDATE messages SET has = has - 1 WHERE (has & 1) = 1")
    op.drop_table("reaction_tallies")
    op.drop_table("reactions")
