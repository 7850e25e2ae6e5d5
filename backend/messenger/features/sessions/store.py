"""All SQL of sessions, tokens and devices, of the credentials of users, of guesses at these and of the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from messenger.db.sql import Record, Sql, many


def find_account(sql: Sql, user_id: int) -> Record | None:
    """Returns the row of a user, for its credentials."""
    return sql.first("SELECT * FROM users WHERE id = :id", {"id": user_id})


def find_by_email(sql: Sql, email_key: str) -> Record | None:
    """Returns a user by address."""
    return sql.first("SELECT * FROM users WHERE email_key = :key", {"key": email_key})


def update_password(sql: Sql, user_id: int, password_hash: str) -> None:
    """Stores another hash."""
    sql.run("UPDATE users SET password_hash = :hash WHERE id = :id", {"id": user_id, "hash": password_hash})


def replace_password(sql: Sql, user_id: int, former: str, password_hash: str) -> bool:
    """Stores another hash; returns `False` when the former one is not theirs any more."""
    return (
        sql.run(
            "UPDATE users SET password_hash = :hash WHERE id = :id AND password_hash = :former",
            {"id": user_id, "former": former, "hash": password_hash},
        ).rowcount
        == 1
    )


def hold_password(sql: Sql, user_id: int, password_hash: str) -> bool:
    """Returns whether the hash is theirs (still); if so, it stays so until the commit."""
    row = sql.first(
        f"SELECT 1 FROM users WHERE id = :id AND password_hash = :hash{sql.locks}",
        {"id": user_id, "hash": password_hash},
    )
    return row is not None


def insert_session(sql: Sql, session: Mapping[str, Any]) -> None:
    """Writes a session."""
    sql.run(
        "INSERT INTO sessions (id, user_id, device, address, created_at, last_used_at, expires_at, in_cookie)"
        " VALUES (:id, :user_id, :device, :address, :created_at, :created_at, :expires_at, :in_cookie)",
        session,
    )


def find_session(sql: Sql, session_id: int) -> Record | None:
    """Returns a session with the role of its user."""
    return sql.first(
        "SELECT s.*, u.role FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = :id",
        {"id": session_id},
    )


def list_sessions(sql: Sql, user_id: int, now: int) -> Sequence[Record]:
    """Returns the open sessions of a user, last used first."""
    return sql.all(
        "SELECT * FROM sessions WHERE user_id = :user_id AND ended_at IS NULL AND expires_at > :now"
        " ORDER BY last_used_at DESC, id DESC",
        {"user_id": user_id, "now": now},
    )


def touch_session(sql: Sql, session_id: int, now: int) -> None:
    """Notes that the session was used."""
    sql.run("UPDATE sessions SET last_used_at = :now WHERE id = :id", {"id": session_id, "now": now})


def end_session(sql: Sql, session_id: int, now: int, ending: str) -> Record | None:
    """Ends a session; returns its device and address, or `None` when it was over already."""
    return sql.first(
        "UPDATE sessions SET ended_at = :now, ending = :ending WHERE id = :id AND ended_at IS NULL"
        " RETURNING device, address",
        {"id": session_id, "now": now, "ending": ending},
    )


def list_ended(sql: Sql, session_ids: Collection[int], now: int) -> Sequence[Record]:
    """Returns rows `(id,)` of those of these sessions that are not open any more."""
    return sql.all(
        f"""SELECT w.id FROM {sql.rowset("w", id="BIGINT")} LEFT JOIN sessions s ON s.id = w.id
        WHERE s.id IS NULL OR s.ended_at IS NOT NULL OR s.expires_at <= :now""",
        {"w": many([{"id": id_} for id_ in session_ids]), "now": now},
    )


def last_seen(sql: Sql, user_ids: Collection[int]) -> dict[int, int | None]:
    """Returns when each user was last seen (ms)."""
    rows = sql.all(
        f"""SELECT w.id, max(s.last_used_at) FROM {sql.rowset("w", id="BIGINT")}
        LEFT JOIN sessions s ON s.user_id = w.id GROUP BY w.id""",
        {"w": many([{"id": id_} for id_ in user_ids])},
    )
    return {row[0]: row[1] for row in rows}


def insert_refresh(sql: Sql, hash_: str, session_id: int, now: int) -> None:
    """Writes a refresh token; one that exists stays as it is."""
    sql.run(
        "INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES (:hash, :session_id, :now)"
        " ON CONFLICT (hash) DO NOTHING",
        {"hash": hash_, "session_id": session_id, "now": now},
    )


def find_refresh(sql: Sql, hash_: str) -> Record | None:
    """Returns a refresh token."""
    return sql.first("SELECT * FROM refresh_tokens WHERE hash = :hash", {"hash": hash_})


def hold_refresh(sql: Sql, hash_: str) -> Record | None:
    """Returns a refresh token, locked until the commit, so that two uses of it follow one another."""
    return sql.first(f"SELECT * FROM refresh_tokens WHERE hash = :hash{sql.locks}", {"hash": hash_})


def use_refresh(sql: Sql, hash_: str, now: int) -> None:
    """Notes that the token was exchanged."""
    sql.run("UPDATE refresh_tokens SET used_at = :now WHERE hash = :hash", {"hash": hash_, "now": now})


def delete_sessions(sql: Sql, before: int) -> int:
    """Deletes sessions that ended or expired before a time, and their tokens; returns how many."""
    old = "SELECT id FROM sessions WHERE ended_at < :before UNION SELECT id FROM sessions WHERE expires_at < :before"
    gone = {"w": many([{"id": id_} for (id_,) in sql.all(old, {"before": before})])}
    ids = f"SELECT id FROM {sql.rowset('w', id='BIGINT')}"
    sql.run(f"DELETE FROM refresh_tokens WHERE session_id IN ({ids})", gone)
    return sql.run(f"DELETE FROM sessions WHERE id IN ({ids})", gone).rowcount


def claim_fact(sql: Sql, key: str, value: str) -> bool:
    """Writes a fact of the server that may be written once; returns `False` when another transaction was first."""
    return (
        sql.run(
            "INSERT INTO facts (key, value) VALUES (:key, :value) ON CONFLICT (key) DO NOTHING",
            {"key": key, "value": value},
        ).rowcount
        == 1
    )


def find_fact(sql: Sql, key: str) -> str | None:
    """Returns a fact of the server."""
    row = sql.first("SELECT value FROM facts WHERE key = :key", {"key": key})
    return row[0] if row else None


def has_devices(sql: Sql, user_id: int) -> bool:
    """Returns whether any device of the user is known."""
    return sql.first("SELECT 1 FROM devices WHERE user_id = :id LIMIT 1", {"id": user_id}) is not None


def note_device(sql: Sql, user_id: int, hash_: str, now: int) -> bool:
    """Notes that the device was used; returns `True` when it was not known."""
    device = {"user_id": user_id, "hash": hash_, "now": now}
    if sql.run("UPDATE devices SET last_at = :now WHERE user_id = :user_id AND hash = :hash", device).rowcount:
        return False
    return (
        sql.run(
            "INSERT INTO devices (user_id, hash, last_at) VALUES (:user_id, :hash, :now)"
            " ON CONFLICT (user_id, hash) DO NOTHING",
            device,
        ).rowcount
        == 1
    )


def delete_devices(sql: Sql, before: int) -> None:
    """Deletes devices that were not used since a time."""
    sql.run("DELETE FROM devices WHERE last_at < :before", {"before": before})


def insert_link(sql: Sql, link: Mapping[str, Any]) -> None:
    """Writes a link of a letter; one that exists stays as it is."""
    sql.run(
        "INSERT INTO letter_links (hash, user_id, purpose, email_key, expires_at)"
        " VALUES (:hash, :user_id, :purpose, :email_key, :expires_at) ON CONFLICT (hash) DO NOTHING",
        link,
    )


def find_link(sql: Sql, hash_: str, purpose: str, now: int) -> Record | None:
    """Returns a link for a purpose that has not expired, used or not."""
    return sql.first(
        "SELECT * FROM letter_links WHERE hash = :hash AND purpose = :purpose AND expires_at > :now",
        {"hash": hash_, "purpose": purpose, "now": now},
    )


def use_link(sql: Sql, hash_: str, purpose: str, now: int) -> Record | None:
    """Uses up a link; returns `None` when it expired, was used, or was never issued.

    Of two calls at once one gets it.
    """
    return sql.first(
        "UPDATE letter_links SET used_at = :now WHERE hash = :hash AND purpose = :purpose"
        " AND used_at IS NULL AND expires_at > :now RETURNING user_id, email_key",
        {"hash": hash_, "purpose": purpose, "now": now},
    )


def use_links(sql: Sql, user_id: int, purpose: str, now: int) -> None:
    """Uses up all links of a user for a purpose."""
    sql.run(
        "UPDATE letter_links SET used_at = :now WHERE user_id = :user_id AND purpose = :purpose AND used_at IS NULL",
        {"user_id": user_id, "purpose": purpose, "now": now},
    )


def delete_links(sql: Sql, before: int) -> None:
    """Deletes links that expired before a time."""
    sql.run("DELETE FROM letter_links WHERE expires_at < :before", {"before": before})


def verify_email(sql: Sql, user_id: int, email_key: str, now: int) -> bool:
    """Notes that the address is verified; returns `False` when that was known, or it is not their address any more."""
    return (
        sql.run(
            "UPDATE users SET email_verified_at = :now, rev = rev + 1"
            " WHERE id = :id AND email_key = :email_key AND email_verified_at IS NULL",
            {"id": user_id, "email_key": email_key, "now": now},
        ).rowcount
        == 1
    )


def is_device(sql: Sql, email_key: str, hash_: str) -> bool:
    """Returns whether the user of an address signed in on this device before."""
    row = sql.first(
        "SELECT 1 FROM users u JOIN devices d ON d.user_id = u.id WHERE u.email_key = :key AND d.hash = :hash",
        {"key": email_key, "hash": hash_},
    )
    return row is not None


def hold_guesses(sql: Sql, tally: str, now: int) -> Record:
    """Returns a tally of guesses, locked until the commit so that attempts at once follow one another."""
    sql.run(
        "INSERT INTO guesses (tally, in_a_row, window_at, in_window, free_at, told_at, at)"
        " VALUES (:tally, 0, :now, 0, 0, 0, :now) ON CONFLICT (tally) DO NOTHING",
        {"tally": tally, "now": now},
    )
    (row,) = sql.all(f"SELECT * FROM guesses WHERE tally = :tally{sql.locks}", {"tally": tally})
    return row


def count_guess(sql: Sql, tally: str, window: tuple[int, int], free_at: int, now: int) -> None:
    """Counts one more attempt; `window`: when it began, and how many are in it."""
    sql.run(
        "UPDATE guesses SET in_a_row = in_a_row + 1, window_at = :began, in_window = :count, free_at = :free_at,"
        " at = :now WHERE tally = :tally",
        {"tally": tally, "began": window[0], "count": window[1], "free_at": free_at, "now": now},
    )


def fail_guess(sql: Sql, tally: str, user_id: int | None, now: int) -> None:
    """Notes that the attempt was wrong; `user_id` is the owner of the secret, if there is one."""
    sql.run(
        "UPDATE guesses SET at = :now, user_id = :user_id WHERE tally = :tally",
        {"tally": tally, "user_id": user_id, "now": now},
    )


def note_told(sql: Sql, tally: str, least: int, now: int, pause_ms: int) -> bool:
    """Returns whether the owner gets a letter about at least so many wrong attempts now.

    If so, not again for `pause_ms`.
    """
    return (
        sql.run(
            "UPDATE guesses SET told_at = :now WHERE tally = :tally AND in_a_row >= :least AND told_at <= :before",
            {"tally": tally, "least": least, "now": now, "before": now - pause_ms},
        ).rowcount
        == 1
    )


def clear_guesses(sql: Sql, tally: str) -> None:
    """Notes that the last attempt was right: no wrong ones are in a row, and it does not count in its window."""
    sql.run(
        "UPDATE guesses SET in_a_row = 0, free_at = 0,"
        " in_window = CASE WHEN in_window > 0 THEN in_window - 1 ELSE 0 END WHERE tally = :tally",
        {"tally": tally},
    )


def delete_guesses(sql: Sql, before: int) -> None:
    """Deletes tallies not used since a time, but not the wrong attempts at an account that exists."""
    sql.run("DELETE FROM guesses WHERE at < :before AND (in_a_row = 0 OR user_id IS NULL)", {"before": before})


def insert_audit(sql: Sql, line: Mapping[str, Any]) -> None:
    """Writes a line of the audit trail."""
    sql.run(
        "INSERT INTO audit (at, kind, user_id, by_id, chat_id, device, address, detail)"
        " VALUES (:at, :kind, :user_id, :by_id, :chat_id, :device, :address, :detail)",
        line,
    )


def list_audit(sql: Sql, user_id: int | None, before: int | None, most: int) -> Sequence[Record]:
    """Returns lines of a user (or of all), newest first, before a number."""
    whose = "AND user_id = :user_id" if user_id is not None else ""
    older = "AND n < :before" if before is not None else ""
    return sql.all(
        f"SELECT * FROM audit WHERE 1 = 1 {whose} {older} ORDER BY n DESC LIMIT :most",
        {"most": most}
        | ({"user_id": user_id} if user_id is not None else {})
        | ({"before": before} if before is not None else {}),
    )


def delete_audit(sql: Sql, before: int) -> None:
    """Deletes lines from before a time."""
    sql.run("DELETE FROM audit WHERE at < :before", {"before": before})
