"""All SQL of people and of the words by which they are found."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from messenger.db.sql import Record, Sql, many

_LAST: Final = "\U0010ffff"
"""Sorts after every character a word can hold."""


def insert_user(sql: Sql, user: Mapping[str, Any]) -> bool:
    """Writes a user; returns `False` when the address has an account already."""
    return (
        sql.run(
            "INSERT INTO users (id, name, name_key, email, email_key, password_hash, role, language,"
            " created_at, rev) VALUES (:id, :name, :name_key, :email, :email_key, :password_hash, :role,"
            " :language, :created_at, 1) ON CONFLICT (email_key) DO NOTHING",
            user,
        ).rowcount
        == 1
    )


def find_user(sql: Sql, user_id: int) -> Record | None:
    """Returns a user by id."""
    return sql.first("SELECT * FROM users WHERE id = :id", {"id": user_id})


def list_users(sql: Sql, user_ids: Collection[int]) -> Sequence[Record]:
    """Returns the users of these ids that exist."""
    return sql.all(
        f"SELECT u.* FROM {sql.rowset('w', id='BIGINT')} CROSS JOIN users u WHERE u.id = w.id",
        {"w": many([{"id": id_} for id_ in user_ids])},
    )


def replace_words(sql: Sql, user_id: int, words: Collection[str]) -> None:
    """Writes the words by which a user is found."""
    sql.run("DELETE FROM name_words WHERE user_id = :user_id", {"user_id": user_id})
    if words:
        sql.insert("name_words", [{"word": word, "user_id": user_id} for word in words], word="TEXT", user_id="BIGINT")


def list_people(sql: Sql, after: tuple[str, int] | None, most: int) -> Sequence[Record]:
    """Returns all users, by name."""
    where, params = _later(after)
    return sql.all(f"SELECT * FROM users u WHERE {where} ORDER BY name_key, id LIMIT :most", {**params, "most": most})


def search_users(
    sql: Sql, queries: Sequence[Sequence[str]], email_key: str, after: tuple[str, int] | None, most: int
) -> Sequence[Record]:
    """Returns users by name who match all words of one of the queries, or have this very address.

    A word matches the beginning of a word of the name.
    """
    where, params = _later(after)
    found = ["SELECT id FROM users WHERE email_key = :email"]
    for query, words in enumerate(queries):
        # The longest word is the rarest: the others are looked up for its users.
        ranges = []
        for place, word in enumerate(sorted(words, key=len, reverse=True)):
            low, high = f"low_{query}_{place}", f"high_{query}_{place}"
            params |= {low: word, high: word + _LAST}
            ranges.append(f"word >= :{low} AND word < :{high}")
        also = [f" AND EXISTS (SELECT 1 FROM name_words WHERE user_id = n.user_id AND {one})" for one in ranges[1:]]
        found.append(f"SELECT user_id FROM name_words n WHERE {ranges[0]}{''.join(also)}")
    return sql.all(
        f"SELECT u.* FROM users u WHERE u.id IN ({' UNION '.join(found)}) AND {where} ORDER BY u.name_key, u.id LIMIT :most",
        {**params, "email": email_key, "most": most},
    )


def _later(after: tuple[str, int] | None) -> tuple[str, dict[str, Any]]:
    """Returns the condition of a page after `(name_key, id)`, and its parameters."""
    if after is None:
        return "1 = 1", {}
    return "(u.name_key, u.id) > (:name, :id)", {"name": after[0], "id": after[1]}


def update_profile(sql: Sql, user_id: int, change: Mapping[str, Any], rev: int | None) -> bool:
    """Changes `name`, `name_key` or `language`; returns `False` when `rev` is not the latest."""
    sets = ", ".join(f"{column} = :{column}" for column in change)
    fresh = "AND rev = :rev" if rev is not None else ""
    return (
        sql.run(
            f"UPDATE users SET {sets}, rev = rev + 1 WHERE id = :id {fresh}",
            {"id": user_id, **change} | ({"rev": rev} if rev is not None else {}),
        ).rowcount
        == 1
    )
