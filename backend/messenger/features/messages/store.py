"""All SQL of messages."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from messenger.db.sql import Record, Sql, many

COLUMNS: Final = """m.chat_id, m.seq, m.kind, m.sender_id, m.text, m.entities, m.service, m.sent_at, m.rev,
    m.edited_at, m.deleted_at, m.deleted_by, m.reply_to, m.cmid, m.digest, m.has"""

MENTIONS_MAX: Final = 100
"""The most mentions that are counted; this number means so many or more."""

UNCOUNTED: Final = "(m.kind <> 'text' OR m.deleted_at IS NOT NULL)"
"""The condition of messages that never count as unread, in the words of its index."""

LINK: Final = 512
"""`Has.LINK`, which its index has as a number."""

_NEW: Final = {
    "chat_id": "BIGINT",
    "seq": "BIGINT",
    "sender_id": "BIGINT",
    "kind": "TEXT",
    "text": "TEXT",
    "entities": "TEXT",
    "service": "TEXT",
    "sent_at": "BIGINT",
    "reply_to": "BIGINT",
    "cmid": "TEXT",
    "digest": "TEXT",
    "has": "BIGINT",
}
_MENTION: Final = {"user_id": "BIGINT", "chat_id": "BIGINT", "seq": "BIGINT"}


def find_sent(sql: Sql, keys: Collection[tuple[int, int, str]]) -> Sequence[Record]:
    """Returns messages that exist already of the (chat, sender, cmid) keys; of edited ones also their first text."""
    rows = [{"chat_id": chat_id, "sender_id": sender, "cmid": cmid} for chat_id, sender, cmid in keys]
    # `+ 0` leaves one index to search by: with statistics of an empty table, PostgreSQL would as soon walk through the
    # chat.
    return sql.all(
        f"""SELECT {COLUMNS}, v.text AS first_text, v.entities AS first_entities
        FROM {sql.rowset("w", chat_id="BIGINT", sender_id="BIGINT", cmid="TEXT")}
        CROSS JOIN messages m
        LEFT JOIN message_versions v ON v.chat_id = m.chat_id AND v.seq = m.seq AND v.rev = 1
        WHERE m.sender_id = w.sender_id AND m.cmid = w.cmid AND m.chat_id + 0 = w.chat_id""",
        {"w": many(rows)},
    )


def insert_many(sql: Sql, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes new messages."""
    sql.insert("messages", rows, **_NEW)


def find_message(sql: Sql, chat_id: int, seq: int) -> Record | None:
    """Returns one message."""
    return sql.first(
        f"SELECT {COLUMNS} FROM messages m WHERE chat_id = :chat_id AND seq = :seq",
        {"chat_id": chat_id, "seq": seq},
    )


def find_many(sql: Sql, places: Collection[tuple[int, int]]) -> Sequence[Record]:
    """Returns the messages at (chat, seq) places."""
    return sql.all(
        f"""SELECT {COLUMNS} FROM {sql.rowset("w", chat_id="BIGINT", seq="BIGINT")}
        CROSS JOIN messages m WHERE m.chat_id = w.chat_id AND m.seq = w.seq""",
        {"w": many([{"chat_id": chat_id, "seq": seq} for chat_id, seq in places])},
    )


def list_before(sql: Sql, chat_id: int, before: int, most: int) -> list[Record]:
    """Returns at most `most` messages below a seq, by rising seq."""
    rows = sql.all(
        f"""SELECT {COLUMNS} FROM messages m WHERE chat_id = :chat_id AND seq < :before
        ORDER BY seq DESC LIMIT :most""",
        {"chat_id": chat_id, "before": before, "most": most},
    )
    return list(reversed(rows))


def list_from(sql: Sql, chat_id: int, first: int, most: int) -> list[Record]:
    """Returns at most `most` messages from a seq on, by rising seq."""
    return list(
        sql.all(
            f"""SELECT {COLUMNS} FROM messages m WHERE chat_id = :chat_id AND seq >= :first
            ORDER BY seq LIMIT :most""",
            {"chat_id": chat_id, "first": first, "most": most},
        )
    )


def list_linked(sql: Sql, chat_id: int, before: int | None, most: int) -> Sequence[Record]:
    """Returns at most `most` messages with links, the newest before a seq."""
    return sql.all(
        f"""SELECT {COLUMNS} FROM messages m WHERE chat_id = :chat_id AND (has & {LINK}) <> 0
        {"AND seq < :before" if before is not None else ""} ORDER BY seq DESC LIMIT :most""",
        {"chat_id": chat_id, "most": most} | ({"before": before} if before is not None else {}),
    )


def get_sent_at(sql: Sql, chat_id: int, seq: int) -> int:
    """Returns when a message that exists was sent (ms)."""
    (row,) = sql.all(
        "SELECT sent_at FROM messages WHERE chat_id = :chat_id AND seq = :seq", {"chat_id": chat_id, "seq": seq}
    )
    return int(row[0])


def insert_version(sql: Sql, chat_id: int, seq: int) -> None:
    """Keeps the present text of a message, before it is changed."""
    sql.run(
        """INSERT INTO message_versions (chat_id, seq, rev, text, entities, at)
        SELECT chat_id, seq, rev, text, entities, COALESCE(edited_at, sent_at) FROM messages
        WHERE chat_id = :chat_id AND seq = :seq""",
        {"chat_id": chat_id, "seq": seq},
    )


def update_text(sql: Sql, place: tuple[int, int], words: tuple[str, str, int], rev: int, now: int) -> bool:
    """Gives a message another text (text, entities, `LINK` or 0) if it still is at `rev`."""
    return (
        sql.run(
            f"""UPDATE messages SET text = :text, entities = :entities, has = (has & ~{LINK}) | :link, rev = rev + 1,
            edited_at = :now WHERE chat_id = :chat_id AND seq = :seq AND rev = :rev AND deleted_at IS NULL""",
            {
                "chat_id": place[0],
                "seq": place[1],
                "text": words[0],
                "entities": words[1],
                "link": words[2],
                "rev": rev,
                "now": now,
            },
        ).rowcount
        == 1
    )


def mark_deleted(sql: Sql, chat_id: int, seqs: Collection[int], by: int, now: int) -> None:
    """Deletes the text of messages and leaves tombstones."""
    sql.run(
        f"""UPDATE messages SET text = '', entities = '[]', has = 0, rev = rev + 1, deleted_at = :now, deleted_by = :by
        WHERE chat_id = :chat_id AND deleted_at IS NULL AND seq IN (SELECT w.seq FROM {sql.rowset("w", seq="BIGINT")})""",
        {"w": many([{"seq": seq} for seq in seqs]), "chat_id": chat_id, "by": by, "now": now},
    )


def raise_has(sql: Sql, places: Collection[tuple[int, int]], bit: int) -> None:
    """Sets a bit of the messages at (chat, seq) places."""
    sql.run(
        f"""UPDATE messages SET has = has | :bit WHERE (has & :bit) = 0
        AND (chat_id, seq) IN (SELECT w.chat_id, w.seq FROM {sql.rowset("w", chat_id="BIGINT", seq="BIGINT")})""",
        {"w": many([{"chat_id": chat_id, "seq": seq} for chat_id, seq in places]), "bit": bit},
    )


def delete_versions(sql: Sql, place: tuple[int, int], revs: range) -> list[int]:
    """Deletes the texts of a message at these revs; returns their times (ms)."""
    rows = sql.all(
        """DELETE FROM message_versions WHERE chat_id = :chat_id AND seq = :seq AND rev >= :first AND rev < :end
        RETURNING at""",
        {"chat_id": place[0], "seq": place[1], "first": revs.start, "end": revs.stop},
    )
    return [row[0] for row in rows]


def forget_versions(sql: Sql, chat_id: int, seqs: Collection[int]) -> list[int]:
    """Deletes all earlier texts of messages; returns their times (ms)."""
    rows = sql.all(
        f"""DELETE FROM message_versions WHERE chat_id = :chat_id
        AND seq IN (SELECT w.seq FROM {sql.rowset("w", seq="BIGINT")}) RETURNING at""",
        {"w": many([{"seq": seq} for seq in seqs]), "chat_id": chat_id},
    )
    return [row[0] for row in rows]


def list_versions(sql: Sql, place: tuple[int, int], after: int, most: int) -> Sequence[Record]:
    """Returns rows `(rev, text, entities, at)` of at most `most` versions beyond a rev, the present one last."""
    return sql.all(
        """SELECT rev, text, entities, at FROM message_versions
        WHERE chat_id = :chat_id AND seq = :seq AND rev > :after
        UNION ALL SELECT rev, text, entities, COALESCE(edited_at, sent_at) FROM messages
        WHERE chat_id = :chat_id AND seq = :seq AND rev > :after ORDER BY rev LIMIT :most""",
        {"chat_id": place[0], "seq": place[1], "after": after, "most": most},
    )


def count_unread(sql: Sql, wants: Collection[tuple[int, int, int, int]]) -> Sequence[Record]:
    """Returns rows `(chat_id, user_id, ev, unread, mentions)` for (chat, user, after, mark): the texts of others after
    the mark, not deleted, and the messages after `after` that mention the user (at most `MENTIONS_MAX`).

    `ev`: the change of the chat at which this is so. Numbers have no gaps and authors have read their own messages, so
    all messages after a mark are of others: those that do not count are subtracted, by a small index, and the rest is
    not read.
    """
    return _count(sql, wants, "")


def count_marked(sql: Sql, wants: Collection[tuple[int, int, int, int]]) -> Sequence[Record]:
    """Returns rows as of `count_unread`, with the texts of others between `after` and the mark.

    These are read, up to a thousand.
    """
    read = f"""+ (SELECT count(*) FROM (SELECT 1 FROM messages m WHERE m.chat_id = w.chat_id AND m.seq > w.after
        AND m.seq <= w.seq AND m.sender_id <> w.user_id AND NOT {UNCOUNTED} LIMIT 1000) AS few)"""
    return _count(sql, wants, read)


def _count(sql: Sql, wants: Collection[tuple[int, int, int, int]], read: str) -> Sequence[Record]:
    shape = sql.rowset("w", kind="TEXT", chat_id="BIGINT", user_id="BIGINT", after="BIGINT", seq="BIGINT")
    rows = [{"kind": "chat", "chat_id": c, "user_id": u, "after": after, "seq": seq} for c, u, after, seq in wants]
    return sql.all(
        f"""SELECT w.chat_id, w.user_id, s.ev, s.seq - w.seq - (SELECT count(*) FROM messages m
            WHERE m.chat_id = w.chat_id AND m.seq > w.seq AND {UNCOUNTED}) {read} AS unread,
            (SELECT count(*) FROM (SELECT 1 FROM mentions n WHERE n.user_id = w.user_id AND n.chat_id = w.chat_id
                AND n.seq > w.after LIMIT {MENTIONS_MAX}) AS few) AS mentions
        FROM {shape} CROSS JOIN streams s WHERE s.kind = w.kind AND s.id = w.chat_id""",
        {"w": many(rows)},
    )


def insert_mentions(sql: Sql, mentions: Collection[tuple[int, int, int]]) -> None:
    """Writes mentions, as (user, chat, seq)."""
    sql.insert("mentions", _mentions(mentions), **_MENTION)


def delete_mentions(sql: Sql, mentions: Collection[tuple[int, int, int]]) -> None:
    """Deletes mentions, as (user, chat, seq)."""
    sql.run("DELETE FROM mentions WHERE user_id = :user_id AND chat_id = :chat_id AND seq = :seq", _mentions(mentions))


def list_mentions(sql: Sql, chat_id: int, user_id: int, after: int, most: int) -> list[int]:
    """Returns at most `most` seqs beyond a seq of messages that mention a user, rising."""
    rows = sql.all(
        """SELECT seq FROM mentions WHERE user_id = :user_id AND chat_id = :chat_id AND seq > :after
        ORDER BY seq LIMIT :most""",
        {"user_id": user_id, "chat_id": chat_id, "after": after, "most": most},
    )
    return [row[0] for row in rows]


def _mentions(mentions: Collection[tuple[int, int, int]]) -> list[dict[str, int]]:
    return [dict(zip(_MENTION, one, strict=True)) for one in sorted(mentions)]
