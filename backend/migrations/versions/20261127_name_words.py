"""Adds the words by which people are found, sorted by their beginnings; names are sorted by their folded form.

Stored names lose invisible characters, so that they are found and mentioned like new ones.
"""

import sqlalchemy as sa
from alembic import op

from messenger.features.people.names import finding, spelling
from messenger.features.people.schemas import NAME_MAX

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
    _clean(bind, "users")
    _clean(bind, "chats")
    people = bind.execute(sa.text("SELECT id, name FROM users")).all()
    for start in range(0, len(people), AT_ONCE):
        part = people[start : start + AT_ONCE]
        words = [{"word": word, "id": id_} for id_, name in part for word in finding.keys(name)]
        keys = [{"key": finding.fold(name), "id": id_} for id_, name in part]
        bind.execute(sa.text("UPDATE users SET name_key = :key WHERE id = :id"), keys)
        if words:
            bind.execute(sa.text("INSERT INTO name_words (word, user_id) VALUES (:word, :id)"), words)


def _clean(bind: sa.Connection, table: str) -> None:
    """Spells the names of a table as new ones are; an empty one (of a direct chat) stays, one without a visible letter
    is its id.
    """
    named = bind.execute(sa.text(f"SELECT id, name FROM {table} WHERE name <> ''")).all()
    spelled = [{"id": id_, "name": spelling.clean(name)[:NAME_MAX].rstrip(), "was": name} for id_, name in named]
    changed = [one | {"name": one["name"] or f"id{one['id']}"} for one in spelled if one["name"] != one["was"]]
    if changed:
        bind.execute(sa.text(f"UPDATE {table} SET name = :name WHERE id = :id"), changed)


def downgrade() -> None:
    op.drop_table("name_words")
    op.execute("UPDATE users SET name_key = ' ' || name_key")
