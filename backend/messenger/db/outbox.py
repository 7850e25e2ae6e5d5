"""Later work as rows: staged in the commit of what caused it, claimed, finished or put off (R5)."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from messenger.db.sql import Record, Sql
from messenger.kernel import codec

CLAIM_MS: Final = 60_000
"""A claimed row that was neither finished nor put off by then is free again: its runner died."""
RETRY_MS: Final = (5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000)

BACKLOG_MOST: Final = 10_000
"""Rows that are counted: the numbers for Prometheus ask every few seconds."""
PROBE: Final = "probe"
"""A job that does nothing: `web-messenger doctor` sees by it whether somebody works."""


class Claimed(NamedTuple):
    """A row that this runner holds for `CLAIM_MS`."""

    n: int
    job: str
    payload: bytes
    attempts: int
    request_id: str


class Staged(NamedTuple):
    """Later work: `effect_key` names its effect once and for all; `due_at` in ms; `request_id` of what asked for it."""

    job: str
    payload: Any
    effect_key: str
    due_at: int
    request_id: str = ""


class Backlog(NamedTuple):
    """How much later work there is, and how long the oldest of what is due has waited (ms)."""

    rows: int
    overdue_ms: int


def stage(sql: Sql, work: Sequence[Staged]) -> list[int]:
    """Write rows and answer their numbers; an effect key that exists already is left as it is."""
    numbers = []
    for item in work:
        row = sql.first(
            "INSERT INTO outbox (job, payload, effect_key, due_at, request_id)"
            " VALUES (:job, :payload, :effect_key, :due_at, :request_id)"
            " ON CONFLICT (effect_key) DO NOTHING RETURNING n",
            item._asdict() | {"payload": codec.encode_text(item.payload)},
        )
        if row is not None:
            numbers.append(row[0])
    return numbers


def claim(sql: Sql, now: int, most: int) -> list[Claimed]:
    """Take up to `most` rows that are due; nobody else gets them for `CLAIM_MS`."""
    skip = " FOR UPDATE SKIP LOCKED" if sql.dialect == "postgresql" else ""
    rows = sql.all(
        f"""UPDATE outbox SET due_at = :until, attempts = attempts + 1 WHERE n IN
        (SELECT n FROM outbox WHERE due_at <= :now ORDER BY due_at LIMIT :most{skip})
        RETURNING n, job, payload, attempts, request_id""",
        {"until": now + CLAIM_MS, "now": now, "most": most},
    )
    return [_claimed(row) for row in rows]


def claim_row(sql: Sql, n: int, now: int) -> Claimed | None:
    """Take one row that is due (by a clock up to a second behind); `None` when somebody has it or it is done."""
    row = sql.first(
        "UPDATE outbox SET due_at = :until, attempts = attempts + 1 WHERE n = :n AND due_at <= :now"
        " RETURNING n, job, payload, attempts, request_id",
        {"n": n, "until": now + CLAIM_MS, "now": now + 1000},
    )
    return _claimed(row) if row else None


def _claimed(row: Record) -> Claimed:
    return Claimed(row.n, row.job, row.payload.encode(), row.attempts, row.request_id)


def finish(sql: Sql, n: int) -> None:
    """The work is done."""
    sql.run("DELETE FROM outbox WHERE n = :n", {"n": n})


def put_off(sql: Sql, n: int, attempts: int, now: int) -> bool:
    """Try again later; after the last of `RETRY_MS` the row stays a day apart and the caller is told `False`."""
    wait = RETRY_MS[min(attempts, len(RETRY_MS)) - 1]
    sql.run("UPDATE outbox SET due_at = :due WHERE n = :n", {"due": now + wait, "n": n})
    return attempts < len(RETRY_MS)


def backlog(sql: Sql, now: int) -> Backlog:
    """What is left to do; beyond `BACKLOG_MOST` rows the number is that."""
    row = sql.first(
        "SELECT count(*), min(due_at) FROM (SELECT due_at FROM outbox ORDER BY due_at LIMIT :most) AS first",
        {"most": BACKLOG_MOST},
    )
    rows, due_at = row if row is not None else (0, None)
    return Backlog(rows, max(0, now - due_at) if due_at is not None else 0)
