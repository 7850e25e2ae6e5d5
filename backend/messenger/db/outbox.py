"""Background jobs as rows: staged in the commit of their cause, claimed, finished or put off (R5)."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from messenger.db.sql import Record, Sql, many
from messenger.kernel import codec

CLAIM_MS: Final = 60_000
"""A claimed row that was neither finished nor put off by then is free again: its runner died."""
RETRY_MS: Final = (5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000)

BACKLOG_MOST: Final = 10_000
"""The most rows that are counted: the numbers for Prometheus ask every few seconds."""
PROBE: Final = "probe"
"""A job that does nothing: `web-messenger doctor` uses it to see whether a worker runs."""
_COLUMNS: Final = {
    "job": "TEXT",
    "payload": "TEXT",
    "effect_key": "TEXT",
    "due_at": "BIGINT",
    "request_id": "TEXT",
    "asked": "BIGINT",
    "heavy": "BIGINT",
}


class Claimed(NamedTuple):
    """A row that this runner holds for `CLAIM_MS`."""

    n: int
    job: str
    payload: bytes
    attempts: int
    request_id: str
    heavy: int


class Staged(NamedTuple):
    """A background job to stage. `effect_key` identifies its effect for good; `due_at` in ms; `request_id` of the
    request that staged it.

    `again`: the job reads the present state when it runs, so a repeat of its key while it runs asks for one more run.
    `heavy`: the job takes long, so it has places of its own.
    """

    job: str
    payload: Any
    effect_key: str
    due_at: int
    request_id: str = ""
    again: bool = False
    heavy: bool = False


class Backlog(NamedTuple):
    """The number of background jobs, and how long the oldest due one has waited (ms)."""

    rows: int
    overdue_ms: int


def stage(sql: Sql, work: Sequence[Staged]) -> list[int]:
    """Writes rows in one statement and returns the numbers of those that are new or asked for again.

    A row whose effect key exists is left as it is, or notes when it is wanted `again`: that locks the row until this
    commit, so that `finish` waits and sees it. Rows are locked in the order of their keys.
    """
    rows: dict[str, dict[str, Any]] = {}
    for item in sorted(work, key=lambda one: one.due_at):
        row = item._asdict() | {"payload": codec.encode_text(item.payload), "asked": item.due_at * item.again}
        row["heavy"] = int(item.heavy)
        rows.setdefault(item.effect_key, row)
    w = sql.rowset("w", **_COLUMNS)
    found = sql.all(
        f"""INSERT INTO outbox ({", ".join(_COLUMNS)})
        SELECT {", ".join(_COLUMNS)} FROM {w} WHERE true ORDER BY effect_key
        ON CONFLICT (effect_key) DO UPDATE SET asked = CASE
            WHEN outbox.asked > 0 AND outbox.asked < excluded.asked THEN outbox.asked ELSE excluded.asked END
        WHERE excluded.asked > 0 RETURNING n""",
        {"w": many(list(rows.values()))},
    )
    return [row.n for row in found]


def cancel(sql: Sql, keys: Collection[str]) -> None:
    """Deletes the jobs with these effect keys. A run that has begun goes on to its end, and is not repeated."""
    sql.run("DELETE FROM outbox WHERE effect_key = :key", [{"key": key} for key in sorted(keys)])


def claim(sql: Sql, now: int, most: int, *, heavy: bool = False) -> list[Claimed]:
    """Claims up to `most` rows that are due, heavy ones or the others; no other runner gets them for `CLAIM_MS`."""
    skip = " FOR UPDATE SKIP LOCKED" if sql.dialect == "postgresql" else ""
    rows = sql.all(
        f"""UPDATE outbox SET due_at = :until, attempts = attempts + 1, asked = 0 WHERE n IN
        (SELECT n FROM outbox WHERE heavy = {int(heavy)} AND due_at <= :now ORDER BY due_at LIMIT :most{skip})
        RETURNING n, job, payload, attempts, request_id, heavy""",
        {"until": now + CLAIM_MS, "now": now, "most": most},
    )
    return [_claimed(row) for row in rows]


def claim_row(sql: Sql, n: int, now: int) -> Claimed | None:
    """Claims one row that is due (by a clock up to a second behind).

    `None` when another runner has it, it is done, or heavy.
    """
    row = sql.first(
        "UPDATE outbox SET due_at = :until, attempts = attempts + 1, asked = 0"
        " WHERE n = :n AND due_at <= :now AND heavy = 0 RETURNING n, job, payload, attempts, request_id, heavy",
        {"n": n, "until": now + CLAIM_MS, "now": now + 1000},
    )
    return _claimed(row) if row else None


def _claimed(row: Record) -> Claimed:
    return Claimed(row.n, row.job, row.payload.encode(), row.attempts, row.request_id, row.heavy)


def extend(sql: Sql, n: int, attempts: int, now: int) -> bool:
    """Renews the claim of a run that was claimed as the `attempts`th; returns whether it still had it."""
    claimed = {"n": n, "attempts": attempts, "until": now + CLAIM_MS}
    return bool(sql.run("UPDATE outbox SET due_at = :until WHERE n = :n AND attempts = :attempts", claimed).rowcount)


def finish(sql: Sql, n: int, attempts: int) -> bool:
    """Ends a run that was claimed as the `attempts`th; returns whether the row is due once more.

    It is due again where the job was staged again since the claim, from the time that was given then. A row that
    another runner has claimed meanwhile is left to that one.
    """
    claimed = {"n": n, "attempts": attempts}
    if sql.run("DELETE FROM outbox WHERE n = :n AND attempts = :attempts AND asked = 0", claimed).rowcount:
        return False
    asked = "UPDATE outbox SET due_at = asked, attempts = 0 WHERE n = :n AND attempts = :attempts AND asked > 0"
    return bool(sql.run(asked, claimed).rowcount)


def put_off(sql: Sql, n: int, attempts: int, now: int) -> bool:
    """Postpones a failed run, unless another runner has the row by now.

    After the last of `RETRY_MS` the row is tried once a day, and this returns `False`.
    """
    wait = RETRY_MS[min(attempts, len(RETRY_MS)) - 1]
    sql.run(
        "UPDATE outbox SET due_at = :due WHERE n = :n AND attempts = :attempts",
        {"due": now + wait, "n": n, "attempts": attempts},
    )
    return attempts < len(RETRY_MS)


def backlog(sql: Sql, now: int) -> Backlog:
    """Returns how many jobs wait, at most `BACKLOG_MOST`, and for how long."""
    row = sql.first(
        "SELECT count(*), min(due_at) FROM (SELECT due_at FROM outbox ORDER BY due_at LIMIT :most) AS first",
        {"most": BACKLOG_MOST},
    )
    rows, due_at = row if row is not None else (0, None)
    return Backlog(rows, max(0, now - due_at) if due_at is not None else 0)
