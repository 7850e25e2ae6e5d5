"""Answers of creations, kept for a day by the caller's key: a repeat gets the kept answer and creates nothing."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from messenger.db.sql import Sql
from messenger.db.tx import Tx
from messenger.kernel import codec
from messenger.kernel.errors import IdempotencyMismatch

KEPT_MS: Final = 86_400_000


class Key(NamedTuple):
    """The caller, the operation and the caller's name for it, and a digest of the content."""

    scope: str
    digest: str


class Answer(NamedTuple):
    """The body as JSON, and whether it had been answered before."""

    body: bytes
    replayed: bool


def once(tx: Tx, key: Key, function: Callable[..., Any], *args: Any) -> Answer:
    """Returns the view that `function(tx, …)` answers, or the one kept under the key.

    Two at once: the second meets the first one's row at its commit and runs again. Raises `IdempotencyMismatch`.
    """
    row = tx.first("SELECT digest, body FROM repeats WHERE scope = :scope", {"scope": key.scope})
    if row is not None:
        if row.digest != key.digest:
            raise IdempotencyMismatch
        return Answer(row.body.encode(), replayed=True)
    body = codec.encode_text(function(tx, *args))
    tx.run(
        "INSERT INTO repeats (scope, digest, body, at) VALUES (:scope, :digest, :body, :at)",
        {**key._asdict(), "body": body, "at": tx.now},
    )
    return Answer(body.encode(), replayed=False)


def forget(sql: Sql, before: int) -> int:
    """Deletes answers older than `before` (ms); returns how many."""
    return sql.run("DELETE FROM repeats WHERE at < :before", {"before": before}).rowcount
