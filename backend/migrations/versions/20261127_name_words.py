"""The words by which people are found, each beside the words with the same beginning; names sort by the form they fold to."""

import sqlalchemy as sa
from alembic import op

from messenger.features.accounts.names import finding

revision = "20261127_name_words"
down_revision = "20261127_chat_joined_words"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "name_words",
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word", "user_id", name="pk_name_words"),
    )
    op.create_index("ix_name_words_user_id_word", "name_words", ["user_id", "word"])
    bind = op.get_bind()
    people = bind.execute(sa.text("SELECT id, name FROM users")).all()
    for start in range(0, len(people), AT_ONCE):
        part = people[start : start + AT_ONCE]
        words = [{"word": word, "id": id_} for id_, name in part for word in finding.keys(name)]
        keys = [{"key": finding.fold(name), "id": id_} for id_, name in part]
        bind.execute(sa.text("UPDATE users SET name_key = :key WHERE id = :id"), keys)
        if words:
            bind.execute(sa.text("INSERT INTO name_words (word, user_id) VALUES (:word, :id)"), words)


def downgrade() -> None:
    op.drop_table("name_words")
    op.execute("UPDATE users SET name_key = ' ' || name_key")
