"""Gathers calls while a commit runs and hands them to a plural function; a poisoned batch is repeated singly."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from typing import Any, Final, Generic, TypeVar

from messenger.db.lanes import Lane, Work
from messenger.db.tx import Tx
from messenger.kernel.errors import AppError
from messenger.kernel.spread import Spread

log = logging.getLogger("messenger.db")

W = TypeVar("W")
R = TypeVar("R")


MOST: Final = 256
"""Wishes in one commit at most (performance.md: no gain beyond)."""
SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128)
"""Upper ends of the ranges in which batches are counted."""


class Batch(Generic[W, R]):
    """A plural verb: `function(tx, wishes)` answers a list with a result or an `AppError` for each wish, in order.

    No timer: while one commit runs the next batch gathers; a lone wish waits for nothing.
    """

    def __init__(
        self, lanes: Sequence[Lane], function: Callable[[Tx, list[W]], list[R | AppError]], sizes: Spread
    ) -> None:
        """On the event loop. `sizes`: how many wishes shared a commit."""
        self._gatherers = [_Gatherer(lane, function, sizes) for lane in lanes]

    def add(self, wish: W, lane: int) -> "asyncio.Future[R]":
        """A future of the wish's own answer, or its own error. On the event loop."""
        return self._gatherers[lane % len(self._gatherers)].add(wish)


class _Gatherer(Generic[W, R]):
    """The wishes of one lane: those that run and those that gather meanwhile."""

    def __init__(self, lane: Lane, function: Callable[[Tx, list[W]], list[R | AppError]], sizes: Spread):
        self._lane, self._function, self._sizes = lane, function, sizes
        self._loop = asyncio.get_running_loop()  # asked for each time, it would ask the system for this process's id
        self._waiting: list[tuple[W, asyncio.Future[R], Context]] = []
        self._busy = False

    def add(self, wish: W) -> "asyncio.Future[R]":
        future: asyncio.Future[R] = self._loop.create_future()
        self._waiting.append((wish, future, copy_context()))
        if not self._busy:
            self._busy = True
            # After this tick: frames that arrived together share the commit.
            self._loop.call_soon(self._run)
        return future

    def _run(self) -> None:
        taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        if not taken:
            self._busy = False
            return
        self._sizes.add(len(taken))
        wishes = [wish for wish, _, _ in taken]
        futures = [future for _, future, _ in taken]

        def settle(answers: list[R | AppError] | None, error: BaseException | None) -> None:
            self._run()
            if error is None and answers is not None:
                _answer(futures, answers)
            elif len(wishes) == 1 or isinstance(error, AppError):
                _answer(futures, [error] * len(futures))
            else:
                log.warning("a batch of %d was poisoned; repeating singly: %r", len(wishes), error)
                for wish, future, context in taken:
                    self._single(wish, future, context)

        # What many share is nobody's own.
        context = taken[0][2] if len(taken) == 1 else Context()
        self._lane.put(Work(lambda tx: self._function(tx, wishes), settle, context))

    def _single(self, wish: W, future: "asyncio.Future[R]", context: Context) -> None:
        def settle(answers: list[R | AppError] | None, error: BaseException | None) -> None:
            _answer([future], answers if error is None and answers is not None else [error])

        self._lane.put(Work(lambda tx: self._function(tx, [wish]), settle, context))


def _answer(futures: Sequence["asyncio.Future[Any]"], answers: Sequence[Any]) -> None:
    for future, answer in zip(futures, answers, strict=True):
        if future.done():
            continue  # the caller went away
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
