"""All SQL of read marks."""

from collections.abc import Collection, Mapping, Sequence

from messenger.db.sql import Record, Sql, many


def raise_marks(sql: Sql, marks: Mapping[tuple[int, int], int], now: int) -> set[tuple[int, int]]:
    """Raise the marks of (chat, user) pairs; answers those that really rose. Rows are taken in key order."""
    rows = [{"chat_id": c, "user_id": u, "seq": s} for (c, u), s in sorted(marks.items())]
    raised = sql.all(
        f"""INSERT INTO receipts (chat_id, user_id, seq, at)
        SELECT w.chat_id, w.user_id, w.seq, :now
        FROM {sql.rowset("w", chat_id="BIGINT", user_id="BIGINT", seq="BIGINT")}
        WHERE true ORDER BY w.chat_id, w.user_id
        ON CONFLICT (chat_id, user_id) DO UPDATE SET seq = excluded.seq, at = excluded.at
        WHERE receipts.seq < excluded.seq
        RETURNING chat_id, user_id""",
        {"w": many(rows), "now": now},
    )
    return {(row[0], row[1]) for row in raised}


def find_marks(sql: Sql, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The marks of (chat, user) pairs; pairs without one are missing."""
    rows = sql.all(
        f"""SELECT r.chat_id, r.user_id, r.seq FROM {sql.rowset("w", chat_id="BIGINT", user_id="BIGINT")}
        CROSS JOIN receipts r WHERE r.chat_id = w.chat_id AND r.user_id = w.user_id""",
        {"w": many([{"chat_id": chat_id, "user_id": user_id} for chat_id, user_id in pairs])},
    )
    return {(row[0], row[1]): row[2] for row in rows}


def find_others(sql: Sql, user_id: int, chat_ids: Collection[int]) -> dict[int, int]:
    """The highest mark of anybody else, per chat."""
    rows = sql.all(
        f"""SELECT r.chat_id, max(r.seq) FROM {sql.rowset("w", id="BIGINT")}
        CROSS JOIN receipts r WHERE r.chat_id = w.id AND r.user_id <> :user_id GROUP BY r.chat_id""",
        {"w": many([{"id": chat_id} for chat_id in chat_ids]), "user_id": user_id},
    )
    return {row[0]: row[1] for row in rows}


def list_readers(sql: Sql, chat_id: int, seq: int) -> Sequence[Record]:
    """Rows `(user_id,)` of those whose mark is at a message or beyond."""
    return sql.all(
        "SELECT user_id FROM receipts WHERE chat_id = :chat_id AND seq >= :seq ORDER BY at, user_id",
        {"chat_id": chat_id, "seq": seq},
    )
