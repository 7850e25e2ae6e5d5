"""Lane threads: run a plain function in a transaction, commit, answer, then publish and wake."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from messenger.db import dialect
from messenger.db.patience import RETRY_AFTER_MS
from messenger.db.tx import Hooks, Tx
from messenger.kernel import trail
from messenger.kernel.errors import Damaged, RequestMalformed, Unavailable
from messenger.kernel.events import Envelope
from messenger.kernel.spread import Spread

log = logging.getLogger("messenger.db")

ATTEMPTS: Final = 4
"""How often a function is run in all that met a deadlock, or an id that was drawn before."""


class Outcome(NamedTuple):
    """The result of a transaction: the function's value, and the envelopes and job rows to announce."""

    value: Any
    envelopes: list[Envelope]
    woken: list[int]


class Work(NamedTuple):
    """A function for a lane, its caller, and the request it runs for (`kernel/trail.py`).

    `settle(value, error)` is called on the event loop.
    """

    run: Callable[[Tx], Any]
    settle: Callable[[Any, BaseException | None], None]
    context: Context


class Times:
    """How long work waited for its lane and how long it ran there (s). Changed on the event loop only."""

    def __init__(self) -> None:
        self.waited, self.ran = Spread(), Spread()


class Lane(threading.Thread):
    """One writer: a thread with work in order of arrival.

    `ended(outcome, error)` is called on it, after the answer was sent.
    """

    def __init__(
        self,
        engine: Engine,
        hooks: Hooks,
        loop: asyncio.AbstractEventLoop,
        committed: Callable[[Sequence[Envelope], Sequence[int]], None],
        ended: Callable[[Outcome, BaseException | None], None],
        times: Times,
    ) -> None:
        super().__init__(name="lane", daemon=True)
        self._engine, self._hooks, self._loop = engine, hooks, loop
        self._committed, self._ended = committed, ended
        self._times = times
        self._work: queue.SimpleQueue[tuple[Work, float] | None] = queue.SimpleQueue()

    def put(self, work: Work) -> None:
        """Queues work. May be called on any thread."""
        self._work.put((work, time.monotonic()))

    def stop(self) -> None:
        """Finishes the queued work, then ends; `join` waits for it."""
        self._work.put(None)

    def run(self) -> None:
        while (taken := self._work.get()) is not None:
            work, put_at = taken
            began = time.monotonic()
            outcome, error = Outcome(None, [], []), None
            try:
                outcome = work.context.run(self._transact, work.run)
            except BaseException as raised:  # the lane must outlive every function
                error = work.context.run(told, raised)
            try:
                times = began - put_at, time.monotonic() - began
                self._loop.call_soon_threadsafe(self._after, work, outcome, error, times, context=work.context)
            except RuntimeError:
                return  # the loop is closed: no caller waits any more
            self._ended(outcome, error)

    def _after(self, work: Work, outcome: Outcome, error: BaseException | None, times: tuple[float, float]) -> None:
        self._times.waited.add(times[0])
        self._times.ran.add(times[1])
        work.settle(outcome.value, error)
        if outcome.envelopes or outcome.woken:
            self._committed(outcome.envelopes, outcome.woken)

    def _transact(self, function: Callable[[Tx], Any]) -> Outcome:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with trail.span("transaction"):
                    return self._once(function)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not dialect.is_repeatable(error):
                    raise
                log.info("repeating a transaction: %s", error.orig)
        raise AssertionError("unreachable")

    def _once(self, function: Callable[[Tx], Any]) -> Outcome:
        with self._engine.connect() as conn:
            conn.begin()
            tx = Tx(conn, self._hooks)
            value = function(tx)
            envelopes = tx.finish()
            conn.commit()
        return Outcome(value, envelopes, tx.woken)


def told(error: BaseException) -> BaseException:
    """Returns the error that callers get: `Damaged`, `Unavailable` where the database is away or full,
    `RequestMalformed` for a value that no column holds. The log keeps the reason.
    """
    if dialect.is_damaged(error):
        log.error("the database is damaged: %s", dialect.damage_of(error))
        return Damaged()
    if dialect.is_away(error):
        log.error("the database refused: %s", getattr(error, "orig", error))
        return Unavailable(retry_after_ms=RETRY_AFTER_MS)
    if dialect.is_unkeepable(error):
        log.warning("a value that no column can hold: %s", type(getattr(error, "orig", error)).__name__)
        return RequestMalformed(reason="a value that cannot be stored")
    return error
