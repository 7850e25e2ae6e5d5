"""All SQL of receipts: who listened to voice messages."""

from collections.abc import Collection, Mapping, Sequence

from messenger.db.sql import Record, Sql, many


def insert_listened(sql: Sql, heard: Mapping[str, int]) -> bool:
    """Writes that a person listened, `{chat_id, seq, user_id, author_id, at}`; returns whether that is new."""
    return bool(
        sql.run(
            """INSERT INTO listened (chat_id, seq, user_id, author_id, at)
            VALUES (:chat_id, :seq, :user_id, :author_id, :at) ON CONFLICT (chat_id, seq, user_id) DO NOTHING""",
            heard,
        ).rowcount
    )


def list_listened(sql: Sql, chat_id: int, seqs: Collection[int], user_id: int, author_id: int) -> Sequence[Record]:
    """Returns rows `(seq, user_id)`, the first who listened first: a user's own, and all of an author's messages."""
    return sql.all(
        f"""SELECT t.seq, t.user_id FROM {sql.rowset("w", seq="BIGINT")} CROSS JOIN listened t
        WHERE t.chat_id = :chat_id AND t.seq = w.seq AND (t.user_id = :user_id OR t.author_id = :author_id)
        ORDER BY t.seq, t.at, t.user_id""",
        {"w": many([{"seq": seq} for seq in seqs]), "chat_id": chat_id, "user_id": user_id, "author_id": author_id},
    )


def forget_listened(sql: Sql, chat_id: int, seqs: Collection[int]) -> None:
    """Deletes who listened to messages of a chat."""
    sql.run(
        f"""DELETE FROM listened WHERE chat_id = :chat_id
        AND seq IN (SELECT w.seq FROM {sql.rowset("w", seq="BIGINT")})""",
        {"w": many([{"seq": seq} for seq in seqs]), "chat_id": chat_id},
    )
