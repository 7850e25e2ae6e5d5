"""All SQL of avatars that are being made ready, of uploads, files and the bytes that people store."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from messenger.db.sql import Record, Sql, many

_UPLOAD: Final = {
    "id": "BIGINT",
    "user_id": "BIGINT",
    "client_key": "TEXT",
    "wanted": "TEXT",
    "name": "TEXT",
    "claimed_type": "TEXT",
    "size": "BIGINT",
    "taken": "BIGINT",
    "turn": "BIGINT",
    "state": "TEXT",
    "file_id": "BIGINT",
    "expires_at": "BIGINT",
}
_FILE: Final = {
    "id": "BIGINT",
    "user_id": "BIGINT",
    "kind": "TEXT",
    "name": "TEXT",
    "type": "TEXT",
    "size": "BIGINT",
    "sha256": "TEXT",
    "width": "BIGINT",
    "height": "BIGINT",
    "thumbhash": "TEXT",
    "duration_ms": "BIGINT",
    "peaks": "TEXT",
    "pages": "BIGINT",
    "variants": "TEXT",
    "stored": "BIGINT",
    "unused_since": "BIGINT",
    "created_at": "BIGINT",
}
SHARDS: Final = 16
"""Rows of `storage_total`."""


def want(sql: Sql, kind: str, id_: int, avatar: str, user_id: int) -> None:
    """Writes the upload that counts from now on."""
    sql.run(
        "INSERT INTO avatar_uploads (kind, id, avatar, user_id) VALUES (:kind, :id, :avatar, :user_id)"
        " ON CONFLICT (kind, id) DO UPDATE SET avatar = :avatar, user_id = :user_id",
        {"kind": kind, "id": id_, "avatar": avatar, "user_id": user_id},
    )


def find(sql: Sql, kind: str, id_: int) -> Record | None:
    """Returns the upload that counts, locked until the commit."""
    return sql.first(
        f"SELECT * FROM avatar_uploads WHERE kind = :kind AND id = :id{sql.locks}", {"kind": kind, "id": id_}
    )


def forget(sql: Sql, kind: str, id_: int) -> None:
    """Deletes the upload that counts."""
    sql.run("DELETE FROM avatar_uploads WHERE kind = :kind AND id = :id", {"kind": kind, "id": id_})


def insert_upload(sql: Sql, upload: Mapping[str, Any]) -> None:
    """Writes a new upload."""
    sql.insert("uploads", [upload], **_UPLOAD)


def find_upload(sql: Sql, upload_id: int) -> Record | None:
    """Returns an upload."""
    return sql.first("SELECT * FROM uploads WHERE id = :id", {"id": upload_id})


def hold_upload(sql: Sql, upload_id: int) -> Record | None:
    """Returns an upload, locked until the commit."""
    return sql.first(f"SELECT * FROM uploads WHERE id = :id{sql.locks}", {"id": upload_id})


def find_by_key(sql: Sql, user_id: int, client_key: str) -> Record | None:
    """Returns the upload to which a person's device gave a key."""
    return sql.first(
        "SELECT * FROM uploads WHERE user_id = :user_id AND client_key = :client_key",
        {"user_id": user_id, "client_key": client_key},
    )


def count_open(sql: Sql, user_id: int, most: int) -> int:
    """Returns how many uploads of a person are not at their end, at most `most`."""
    (row,) = sql.all(
        """SELECT count(*) FROM (SELECT 1 FROM uploads WHERE user_id = :user_id AND state || '' IN ('open', 'full')
        LIMIT :most) AS few""",
        {"user_id": user_id, "most": most},
    )
    return int(row[0])


def count_uploads(sql: Sql, state: str, most: int) -> int:
    """Returns how many uploads are in a state, at most `most`."""
    (row,) = sql.all(
        "SELECT count(*) FROM (SELECT 1 FROM uploads WHERE state = :state LIMIT :most) AS few",
        {"state": state, "most": most},
    )
    return int(row[0])


def take_turn(sql: Sql, upload_id: int, taken: int) -> int:
    """Gives the caller the turn of an open upload that is at this byte; returns its number, 0 where it is not."""
    row = sql.first(
        "UPDATE uploads SET turn = turn + 1 WHERE id = :id AND taken = :taken AND state || '' = 'open' RETURNING turn",
        {"id": upload_id, "taken": taken},
    )
    return int(row[0]) if row else 0


def count_piece(sql: Sql, piece: Mapping[str, int], expires_at: int) -> bool:
    """Counts a piece, `{upload_id, turn, n, start, size}`, if the turn is still its own; returns whether it is."""
    moved = sql.run(
        """UPDATE uploads SET taken = taken + :size, expires_at = :expires_at
        WHERE id = :upload_id AND turn = :turn AND taken = :start AND state || '' = 'open'""",
        {name: piece[name] for name in ("upload_id", "turn", "start", "size")} | {"expires_at": expires_at},
    ).rowcount
    if moved:
        sql.run(
            """INSERT INTO upload_pieces (upload_id, start, size, turn, n)
            VALUES (:upload_id, :start, :size, :turn, :n)""",
            piece,
        )
    return bool(moved)


def fill_upload(sql: Sql, upload_id: int, file_id: int) -> Record | None:
    """Notes that all bytes of an upload are there, and the file that it becomes; returns its row `(wanted, size)`.

    `None` where some bytes are missing.
    """
    return sql.first(
        """UPDATE uploads SET state = 'full', file_id = :file_id
        WHERE id = :id AND state || '' = 'open' AND taken = size RETURNING wanted, size""",
        {"id": upload_id, "file_id": file_id},
    )


def end_upload(sql: Sql, upload_id: int, state: str, error: str | None) -> None:
    """Ends an upload, whose row is locked, and forgets its name: the name belongs to the file now, or to nothing."""
    sql.run(
        "UPDATE uploads SET state = :state, error = :error, name = '', claimed_type = '' WHERE id = :id",
        {"id": upload_id, "state": state, "error": error},
    )


def delete_upload(sql: Sql, upload_id: int) -> None:
    """Deletes an upload that has ended."""
    sql.run("DELETE FROM uploads WHERE id = :id", {"id": upload_id})


def forget_uploads(sql: Sql, state: str, before: int) -> None:
    """Deletes uploads in a state that expired before a time (ms)."""
    sql.run("DELETE FROM uploads WHERE state = :state AND expires_at < :before", {"state": state, "before": before})


def list_pieces(sql: Sql, upload_id: int) -> Sequence[Record]:
    """Returns rows `(start, size, turn, n)` of the counted pieces of an upload, in their order."""
    return sql.all(
        "SELECT start, size, turn, n FROM upload_pieces WHERE upload_id = :id ORDER BY start", {"id": upload_id}
    )


def forget_pieces(sql: Sql, upload_id: int) -> None:
    """Deletes the rows of the pieces of an upload."""
    sql.run("DELETE FROM upload_pieces WHERE upload_id = :id", {"id": upload_id})


def hold_storage(sql: Sql, user_id: int) -> Record:
    """Returns `(used, reserved, quota)` of a person, locked until the commit."""
    sql.run("INSERT INTO storage_used (user_id) VALUES (:id) ON CONFLICT (user_id) DO NOTHING", {"id": user_id})
    (row,) = sql.all(f"SELECT used, reserved, quota FROM storage_used WHERE user_id = :id{sql.locks}", {"id": user_id})
    return row


def find_storage(sql: Sql, user_id: int) -> Record | None:
    """Returns `(used, reserved, quota)` of a person; `None` before their first upload."""
    return sql.first("SELECT used, reserved, quota FROM storage_used WHERE user_id = :id", {"id": user_id})


def set_quota(sql: Sql, user_id: int, quota: int | None) -> None:
    """Sets or removes the quota of a person, whose row is locked."""
    sql.run("UPDATE storage_used SET quota = :quota WHERE user_id = :id", {"id": user_id, "quota": quota})


def list_storage(sql: Sql, below: tuple[int, int] | None, most: int) -> Sequence[Record]:
    """Returns rows `(user_id, used, reserved, quota)` of people, most bytes first, below a (used, user id)."""
    return sql.all(
        f"""SELECT user_id, used, reserved, quota FROM storage_used
        {"WHERE (used, user_id) < (:used, :id)" if below else ""} ORDER BY used DESC, user_id DESC LIMIT :most""",
        {"most": most} | ({"used": below[0], "id": below[1]} if below else {}),
    )


def add_storage(sql: Sql, user_id: int, used: int, reserved: int) -> None:
    """Adds to the bytes of a person, whose row is locked, and to those of all people."""
    sql.run(
        "UPDATE storage_used SET used = used + :used, reserved = reserved + :reserved WHERE user_id = :id",
        {"id": user_id, "used": used, "reserved": reserved},
    )
    sql.run(
        """INSERT INTO storage_total AS t (shard, used, reserved) VALUES (:shard, :used, :reserved)
        ON CONFLICT (shard) DO UPDATE SET used = t.used + :used, reserved = t.reserved + :reserved""",
        {"shard": user_id % SHARDS, "used": used, "reserved": reserved},
    )


def count_kind(sql: Sql, user_id: int, kind: str, files: int, used: int) -> None:
    """Adds to the files of a kind, of a person, whose storage is locked, and of all people."""
    w = sql.rowset("w", owner="BIGINT")
    sql.run(
        f"""INSERT INTO storage_kinds AS k (owner, kind, files, used)
        SELECT w.owner, :kind, :files, :used FROM {w} WHERE true ORDER BY w.owner
        ON CONFLICT (owner, kind) DO UPDATE SET files = k.files + :files, used = k.used + :used""",
        {
            "w": many([{"owner": user_id}, {"owner": -1 - user_id % SHARDS}]),
            "kind": kind,
            "files": files,
            "used": used,
        },
    )


def count_day(sql: Sql, user_id: int, day: int, added: int, removed: int) -> None:
    """Adds to the bytes of a day since 1970."""
    sql.run(
        """INSERT INTO storage_days AS d (day, shard, added, removed) VALUES (:day, :shard, :added, :removed)
        ON CONFLICT (day, shard) DO UPDATE SET added = d.added + :added, removed = d.removed + :removed""",
        {"day": day, "shard": user_id % SHARDS, "added": added, "removed": removed},
    )


def forget_days(sql: Sql, day: int) -> None:
    """Deletes the sums of days before a day since 1970."""
    sql.run("DELETE FROM storage_days WHERE day < :day", {"day": day})


def sum_kinds(sql: Sql, user_id: int | None = None) -> Sequence[Record]:
    """Returns rows `(kind, files, used)`, most bytes first, of a person or of all people."""
    return sql.all(
        """SELECT kind, sum(files) AS files, sum(used) AS used FROM storage_kinds
        WHERE owner BETWEEN :first AND :last GROUP BY kind HAVING sum(files) > 0 ORDER BY sum(used) DESC, kind""",
        {"first": -SHARDS, "last": -1} if user_id is None else {"first": user_id, "last": user_id},
    )


def sum_days(sql: Sql, since: int) -> Sequence[Record]:
    """Returns rows `(day, added, removed)` of the days since a day since 1970, in their order."""
    return sql.all(
        """SELECT day, sum(added) AS added, sum(removed) AS removed FROM storage_days
        WHERE day >= :since GROUP BY day ORDER BY day""",
        {"since": since},
    )


def count_uses(sql: Sql, uses: Sequence[Mapping[str, Any]]) -> None:
    """Adds files that messages hold now to the sums of their chats, whose streams are locked."""
    sql.run(
        f"""INSERT INTO storage_chats AS c (chat_id, files, used)
        SELECT w.chat_id, count(*), sum(f.stored) FROM {sql.rowset("w", chat_id="BIGINT", file_id="BIGINT")}
        CROSS JOIN files f WHERE f.id = w.file_id GROUP BY w.chat_id ORDER BY w.chat_id
        ON CONFLICT (chat_id) DO UPDATE SET files = c.files + excluded.files, used = c.used + excluded.used""",
        {"w": many([{"chat_id": one["chat_id"], "file_id": one["file_id"]} for one in uses])},
    )


def discount_uses(sql: Sql, chat_id: int, files: int, used: int) -> None:
    """Subtracts files that messages no longer hold from the sum of their chat."""
    sql.run(
        "UPDATE storage_chats SET files = files - :files, used = used - :used WHERE chat_id = :chat_id",
        {"chat_id": chat_id, "files": files, "used": used},
    )


def list_chat_storage(sql: Sql, below: tuple[int, int] | None, most: int) -> Sequence[Record]:
    """Returns rows `(chat_id, files, used)` of chats with files, most bytes first, below a (used, chat id)."""
    return sql.all(
        f"""SELECT chat_id, files, used FROM storage_chats WHERE used > 0
        {"AND (used, chat_id) < (:used, :id)" if below else ""} ORDER BY used DESC, chat_id DESC LIMIT :most""",
        {"most": most} | ({"used": below[0], "id": below[1]} if below else {}),
    )


def sum_storage(sql: Sql, *, locked: bool = False) -> tuple[int, int]:
    """Returns `(used, reserved)` of all people together; `locked`: nothing is added to them until the commit."""
    rows = sql.all(
        f"""SELECT used, reserved FROM storage_total WHERE shard BETWEEN 0 AND :last
        ORDER BY shard{sql.locks if locked else ""}""",
        {"last": SHARDS - 1},
    )
    return sum(row.used for row in rows), sum(row.reserved for row in rows)


def insert_file(sql: Sql, file: Mapping[str, Any]) -> None:
    """Writes a file that is ready."""
    sql.insert("files", [file], **_FILE)


def find_file(sql: Sql, file_id: int) -> Record | None:
    """Returns a file."""
    return sql.first("SELECT * FROM files WHERE id = :id", {"id": file_id})


def hold_files(sql: Sql, ids: Collection[int]) -> Sequence[Record]:
    """Returns files by rising id, locked until the commit in that order, as all transactions lock them."""
    locks = f"{sql.locks} OF f" if sql.locks else ""
    return sql.all(
        f"""SELECT f.* FROM {sql.rowset("w", id="BIGINT")} CROSS JOIN files f WHERE f.id = w.id
        ORDER BY f.id{locks}""",
        {"w": many([{"id": id_} for id_ in sorted(ids)])},
    )


def list_making(sql: Sql, user_id: int) -> set[int]:
    """Returns the files of a person whose upload is complete, and which are still being made."""
    rows = sql.all(
        "SELECT file_id FROM uploads WHERE user_id = :user_id AND state || '' = 'full'", {"user_id": user_id}
    )
    return {row.file_id for row in rows}


def insert_uses(sql: Sql, uses: Sequence[Mapping[str, Any]]) -> None:
    """Writes that messages hold files."""
    sql.insert(
        "file_uses", uses, chat_id="BIGINT", seq="BIGINT", place="BIGINT", file_id="BIGINT", kind="TEXT", alt="TEXT"
    )


def update_alts(sql: Sql, chat_id: int, seq: int, alts: Sequence[str]) -> None:
    """Writes what the files of a message show, in their order."""
    sql.run(
        "UPDATE file_uses SET alt = :alt WHERE chat_id = :chat_id AND seq = :seq AND place = :place",
        [{"chat_id": chat_id, "seq": seq, "place": place, "alt": alt} for place, alt in enumerate(alts)],
    )


def raise_uses(sql: Sql, counts: Mapping[int, int]) -> None:
    """Adds to the number of messages that hold files, whose rows are locked."""
    sql.run(
        "UPDATE files SET uses = uses + :count, unused_since = NULL WHERE id = :id",
        [{"id": file_id, "count": count} for file_id, count in sorted(counts.items())],
    )


def lower_uses(sql: Sql, counts: Mapping[int, int], now: int) -> None:
    """Subtracts from the number of messages that hold files, whose rows are locked; notes since when none does."""
    sql.run(
        """UPDATE files SET uses = uses - :count, unused_since = CASE WHEN uses = :count THEN :now END
        WHERE id = :id""",
        [{"id": file_id, "count": count, "now": now} for file_id, count in sorted(counts.items())],
    )


def delete_uses(sql: Sql, chat_id: int, seqs: Collection[int]) -> list[int]:
    """Deletes the files of messages; returns the file of each use."""
    rows = sql.all(
        f"""DELETE FROM file_uses WHERE chat_id = :chat_id
        AND seq IN (SELECT w.seq FROM {sql.rowset("w", seq="BIGINT")}) RETURNING file_id""",
        {"w": many([{"seq": seq} for seq in seqs]), "chat_id": chat_id},
    )
    return [row.file_id for row in rows]


def list_uses(sql: Sql, places: Collection[tuple[int, int]]) -> Sequence[Record]:
    """Returns rows `(chat_id, seq, alt)` with the columns of the files, of messages at (chat, seq) places, in order."""
    return sql.all(
        f"""SELECT u.chat_id, u.seq, u.alt, f.* FROM {sql.rowset("w", chat_id="BIGINT", seq="BIGINT")}
        CROSS JOIN file_uses u CROSS JOIN files f
        WHERE u.chat_id = w.chat_id AND u.seq = w.seq AND f.id = u.file_id ORDER BY u.chat_id, u.seq, u.place""",
        {"w": many([{"chat_id": chat_id, "seq": seq} for chat_id, seq in sorted(places)])},
    )


def list_in_chat(
    sql: Sql, chat_id: int, kind: str, beyond: tuple[int, int] | None, most: int, *, rising: bool
) -> Sequence[Record]:
    """Returns at most `most` rows `(seq, place, alt)` with the columns of the files, of one kind in a chat: the next
    ones beyond a (seq, place), newest first or `rising`.
    """
    side, order = (">", "ASC") if rising else ("<", "DESC")
    return sql.all(
        f"""SELECT u.seq, u.place, u.alt, f.* FROM file_uses u CROSS JOIN files f
        WHERE u.chat_id = :chat_id AND u.kind = :kind {f"AND (u.seq, u.place) {side} (:seq, :place)" if beyond else ""}
        AND f.id = u.file_id ORDER BY u.seq {order}, u.place {order} LIMIT :most""",
        {"chat_id": chat_id, "kind": kind, "most": most} | ({"seq": beyond[0], "place": beyond[1]} if beyond else {}),
    )


def list_chats(sql: Sql, ids: Collection[int]) -> Sequence[Record]:
    """Returns rows `(file_id, chat_id)` of the chats with messages that hold files."""
    return sql.all(
        f"""SELECT DISTINCT u.file_id, u.chat_id FROM {sql.rowset("w", id="BIGINT")} CROSS JOIN file_uses u
        WHERE u.file_id = w.id""",
        {"w": many([{"id": id_} for id_ in sorted(ids)])},
    )


def delete_unused(sql: Sql, file_id: int, since: int) -> bool:
    """Deletes the row of a file that no message has held since a time (ms); returns whether it did."""
    return bool(
        sql.run(
            "DELETE FROM files WHERE id = :id AND uses = 0 AND unused_since = :since", {"id": file_id, "since": since}
        ).rowcount
    )


def known_files(sql: Sql, ids: Collection[int]) -> set[int]:
    """Returns those of these ids that are files."""
    return _known(sql, "files", ids)


def known_uploads(sql: Sql, ids: Collection[int]) -> set[int]:
    """Returns those of these ids that are uploads, on their way or ended lately."""
    return _known(sql, "uploads", ids)


def _known(sql: Sql, table: str, ids: Collection[int]) -> set[int]:
    rows = sql.all(
        f"SELECT t.id FROM {sql.rowset('w', id='BIGINT')} CROSS JOIN {table} t WHERE t.id = w.id",
        {"w": many([{"id": id_} for id_ in sorted(ids)])},
    )
    return {row[0] for row in rows}


def begin_day(sql: Sql, day: int) -> bool:
    """Notes the day of the last sweep; returns whether a later day has begun since the noted one."""
    row = sql.first("SELECT value FROM facts WHERE key = 'swept_on'")
    if row is not None and int(row.value) >= day:
        return False
    sql.run(
        "INSERT INTO facts (key, value) VALUES ('swept_on', :day) ON CONFLICT (key) DO UPDATE SET value = :day",
        {"day": str(day)},
    )
    return row is not None


def list_strays(sql: Sql, keys: Collection[str]) -> dict[str, int]:
    """Returns when those of these keys that are known strays were first seen (ms)."""
    rows = sql.all(
        f"SELECT t.key, t.seen_at FROM {sql.rowset('w', key='TEXT')} CROSS JOIN strays t WHERE t.key = w.key",
        {"w": many([{"key": key} for key in sorted(keys)])},
    )
    return {row.key: row.seen_at for row in rows}


def insert_strays(sql: Sql, keys: Collection[str], now: int) -> None:
    """Writes keys that were seen without an owner for the first time."""
    sql.insert("strays", [{"key": key, "seen_at": now} for key in sorted(keys)], key="TEXT", seen_at="BIGINT")


def delete_strays(sql: Sql, keys: Collection[str]) -> None:
    """Forgets keys that are deleted now."""
    sql.run("DELETE FROM strays WHERE key = :key", [{"key": key} for key in sorted(keys)])
