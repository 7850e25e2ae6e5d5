"""Collects calls while a commit runs and passes them to a plural function.

A batch that fails is repeated one by one.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from typing import Any, Final, Generic, TypeVar

from messenger.db.lanes import Lane, Work
from messenger.db.patience import Patience, is_answered
from messenger.db.tx import Tx
from messenger.kernel.errors import AppError
from messenger.kernel.spread import Spread

log = logging.getLogger("messenger.db")

W = TypeVar("W")
R = TypeVar("R")
Asked = tuple[W, asyncio.Future[R], Context]
"""A wish, the future of its answer, and the context of its caller."""

MOST: Final = 256
"""The most wishes in one commit; larger commits were not faster when measured."""
SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128)
"""Upper ends of the ranges in which batches are counted."""


class Batch(Generic[W, R]):
    """A plural verb: `function(tx, wishes)` returns a list with a result or an `AppError` for each wish, in order.

    There is no timer: while one commit runs the next batch collects; a lone wish does not wait.
    """

    def __init__(
        self,
        lanes: Sequence[Lane],
        function: Callable[[Tx, list[W]], list[R | AppError]],
        sizes: Spread,
        patience: Patience,
    ) -> None:
        """Starts on the event loop. `sizes` counts how many wishes shared a commit."""
        self._gatherers = [_Gatherer(lane, function, sizes, patience) for lane in lanes]

    def add(self, wish: W, lane: int) -> "asyncio.Future[R]":
        """Returns a future of the wish's own answer, or its own error. On the event loop."""
        return self._gatherers[lane % len(self._gatherers)].add(wish)


class _Gatherer(Generic[W, R]):
    """The wishes of one lane: those that run and those that wait for the next commit."""

    def __init__(
        self, lane: Lane, function: Callable[[Tx, list[W]], list[R | AppError]], sizes: Spread, patience: Patience
    ):
        self._lane, self._function, self._sizes, self._patience = lane, function, sizes, patience
        self._loop = asyncio.get_running_loop()  # kept: each call asks the system for the process id
        self._waiting: list[Asked[W, R]] = []
        self._busy = False

    def add(self, wish: W) -> "asyncio.Future[R]":
        future: asyncio.Future[R] = self._loop.create_future()
        self._waiting.append((wish, future, copy_context()))
        self._patience.add(future)
        if not self._busy:
            self._busy = True
            # Runs after this tick: frames that arrived together share the commit.
            self._loop.call_soon(self._run)
        return future

    def _run(self) -> None:
        waiting = [one for one in self._waiting if not is_answered(one[1])]
        taken, self._waiting = waiting[:MOST], waiting[MOST:]
        if not taken:
            self._busy = False
            return
        self._sizes.add(len(taken))
        # A batch of several wishes belongs to no single request.
        self._put(taken, taken[0][2] if len(taken) == 1 else Context(), self._run)

    def _put(self, asked: list[Asked[W, R]], context: Context, then: Callable[[], None]) -> None:
        """Passes wishes to the lane; `then` is called before they are answered."""
        wanted = asked

        def run(tx: Tx) -> list[R | AppError]:
            nonlocal wanted
            # A wish that was refused while it waited for the lane must not be written after that.
            wanted = [one for one in asked if not is_answered(one[1])]
            return self._function(tx, [wish for wish, _, _ in wanted]) if wanted else []

        def settle(answers: list[R | AppError] | None, error: BaseException | None) -> None:
            then()
            if error is None and answers is not None:
                _answer(wanted, answers)
            elif len(wanted) == 1 or isinstance(error, AppError):
                _answer(wanted, [error] * len(wanted))
            else:
                log.warning("a batch of %d wishes failed; repeating them one by one: %r", len(wanted), error)
                for one in wanted:
                    self._put([one], one[2], lambda: None)

        self._lane.put(Work(run, settle, context))


def _answer(asked: Sequence[Asked[W, R]], answers: Sequence[Any]) -> None:
    for (_, future, _), answer in zip(asked, answers, strict=True):
        if future.done():
            continue  # the caller went away, or was refused and may repeat
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
