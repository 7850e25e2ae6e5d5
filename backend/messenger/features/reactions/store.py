"""All SQL of reactions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from messenger.db.sql import Record, Sql, many

Spot = tuple[int, int]
"""A message: (chat, seq)."""
Kind = tuple[int, int, str]
"""An emoji of a message: (chat, seq, emoji)."""
Choice = tuple[int, int, str, int]
"""A reaction: (chat, seq, emoji, user)."""

_SPOT: Final = {"chat_id": "BIGINT", "seq": "BIGINT"}
_CHOICE: Final = {**_SPOT, "emoji": "TEXT", "user_id": "BIGINT"}


def list_tallies(sql: Sql, lookers: Collection[tuple[int, int, int]]) -> Sequence[Record]:
    """Returns how many people chose each emoji of messages, and when a user did (ms; NULL: not).

    `lookers`: (chat, seq, user). Rows: `(chat_id, seq, user_id, emoji, people, first_at, at)`.
    """
    wants = [{"chat_id": chat_id, "seq": seq, "user_id": user_id} for chat_id, seq, user_id in sorted(lookers)]
    return sql.all(
        f"""SELECT t.chat_id, t.seq, w.user_id, t.emoji, t.people, t.first_at, r.at
        FROM {sql.rowset("w", **_SPOT, user_id="BIGINT")} CROSS JOIN reaction_tallies t
        LEFT JOIN reactions r ON r.chat_id = t.chat_id AND r.seq = t.seq AND r.emoji = t.emoji AND r.user_id = w.user_id
        WHERE t.chat_id = w.chat_id AND t.seq = w.seq""",
        {"w": many(wants)},
    )


def list_people(sql: Sql, places: Collection[Spot]) -> Sequence[Record]:
    """Returns rows `(chat_id, seq, user_id)` of who reacted to each message, the last first; for small chats."""
    rows = sql.all(
        f"""SELECT r.chat_id, r.seq, r.user_id, max(r.at) AS last_at FROM {sql.rowset("w", **_SPOT)} CROSS JOIN reactions r
        WHERE r.chat_id = w.chat_id AND r.seq = w.seq GROUP BY r.chat_id, r.seq, r.user_id""",
        {"w": many([{"chat_id": chat_id, "seq": seq} for chat_id, seq in sorted(places)])},
    )
    return sorted(rows, key=lambda row: (-row.last_at, row.user_id))


def list_reactions(sql: Sql, place: Spot, emoji: str | None, beyond: tuple[str, int], most: int) -> Sequence[Record]:
    """Returns rows `(user_id, emoji, at)` of a message by emoji and user, beyond (emoji, user).

    That is the order of the key: a page of a crowd costs as little as one of three people.
    """
    only = "AND emoji = :emoji" if emoji else ""
    return sql.all(
        f"""SELECT user_id, emoji, at FROM reactions WHERE chat_id = :chat_id AND seq = :seq {only}
        AND (emoji, user_id) > (:last, :user_id) ORDER BY emoji, user_id LIMIT :most""",
        {"chat_id": place[0], "seq": place[1], "last": beyond[0], "user_id": beyond[1], "most": most}
        | ({"emoji": emoji} if emoji else {}),
    )


def insert_reactions(sql: Sql, choices: Collection[Choice], now: int) -> None:
    """Writes reactions."""
    sql.insert("reactions", [one | {"at": now} for one in _choices(choices)], **_CHOICE, at="BIGINT")


def delete_reactions(sql: Sql, choices: Collection[Choice]) -> None:
    """Deletes reactions."""
    sql.run(
        """DELETE FROM reactions
        WHERE chat_id = :chat_id AND seq = :seq AND emoji = :emoji AND user_id = :user_id""",
        _choices(choices),
    )


def write_tallies(sql: Sql, chosen: Mapping[Kind, int], now: int) -> None:
    """Writes how many people chose each emoji."""
    rows = [{"chat_id": c, "seq": s, "emoji": emoji, "people": n} for (c, s, emoji), n in sorted(chosen.items())]
    sql.run(
        f"""INSERT INTO reaction_tallies (chat_id, seq, emoji, people, first_at)
        SELECT w.chat_id, w.seq, w.emoji, w.people, :now FROM {sql.rowset("w", **_SPOT, emoji="TEXT", people="BIGINT")}
        WHERE true ON CONFLICT (chat_id, seq, emoji) DO UPDATE SET people = excluded.people""",
        {"w": many(rows), "now": now},
    )


def delete_tallies(sql: Sql, kinds: Collection[Kind]) -> None:
    """Deletes the tallies of emoji that have no reactions left."""
    sql.run(
        "DELETE FROM reaction_tallies WHERE chat_id = :chat_id AND seq = :seq AND emoji = :emoji",
        [{"chat_id": chat_id, "seq": seq, "emoji": emoji} for chat_id, seq, emoji in sorted(kinds)],
    )


def forget_reactions(sql: Sql, chat_id: int, seqs: Collection[int]) -> None:
    """Deletes all reactions to messages of a chat."""
    _forget(sql, "reactions", chat_id, seqs)


def forget_tallies(sql: Sql, chat_id: int, seqs: Collection[int]) -> None:
    """Deletes all tallies of messages of a chat."""
    _forget(sql, "reaction_tallies", chat_id, seqs)


def _forget(sql: Sql, table: str, chat_id: int, seqs: Collection[int]) -> None:
    sql.run(
        f"DELETE FROM {table} WHERE chat_id = :chat_id AND seq IN (SELECT w.seq FROM {sql.rowset('w', seq='BIGINT')})",
        {"w": many([{"seq": seq} for seq in seqs]), "chat_id": chat_id},
    )


def _choices(choices: Collection[Choice]) -> list[dict[str, int | str]]:
    return [dict(zip(_CHOICE, one, strict=True)) for one in sorted(choices)]
