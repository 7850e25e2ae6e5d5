"""A connection between two processes of one supervisor: wishes of plural verbs go one way, answers the other."""

import asyncio
import itertools
import pickle
from collections.abc import Callable
from contextvars import Context
from functools import partial
from typing import Any, Final, NamedTuple, cast

from messenger.db import patience
from messenger.db.patience import RETRY_AFTER_MS, Patience
from messenger.kernel import trail
from messenger.kernel.errors import AppError, Unavailable

CLOSE_S: Final = 2.0
"""Seconds for which a stopping process finishes the wishes of the other that it has accepted."""
HEAD_BYTES: Final = 4

Write = Callable[[Callable[..., Any], Any, int], "asyncio.Future[Any]"]
"""`write(function, wish, lane)`: returns a future of the answer to a wish, written by this process."""


class Asked(NamedTuple):
    """A wish of a plural verb for the other process. `number` identifies it on this connection."""

    number: int
    function: Callable[..., Any]
    wish: Any
    lane: int
    request_id: str


class Said(NamedTuple):
    """One message of a process, sent at `at` (s, the clock that all processes of a machine share).

    `answered`: (number, value or error). `takes`: whether it accepts wishes. `asks`: whether it may send more wishes.
    """

    at: float
    asked: list[Asked]
    answered: list[tuple[int, Any]]
    takes: bool
    asks: bool


class Line(asyncio.Protocol):
    """One end of the connection. Only processes that one supervisor forked hold an end, so messages may be unpickled.

    A wish waits `PATIENCE_S` from its call, on both ends; when the connection ends, unanswered wishes are refused.
    """

    def __init__(self, write: Write, lost: Callable[["Line"], None]) -> None:
        """Starts on the event loop. `lost(line)` is called when the connection ends."""
        self._write, self._lost = write, lost
        self._loop = asyncio.get_running_loop()
        self._numbers = itertools.count()
        self._awaited: dict[int, asyncio.Future[Any]] = {}
        self._taken: set[asyncio.Future[Any]] = set()
        self._wishes: list[Asked] = []
        self._answers: list[tuple[int, Any]] = []
        self._held = bytearray()
        self._mine, self._theirs = Patience(), Patience()
        self._finished = asyncio.Event()
        self._takes, self._asks = True, True
        self._is_taken, self._is_asked = False, True  # the state that the other end last reported
        self._is_full = self._is_due = False
        self._transport: asyncio.Transport

    @property
    def is_open(self) -> bool:
        """Returns whether the other process accepts wishes: it has started, does not stop, and reads its messages."""
        return self._is_taken and self._asks and not self._is_full

    def ask(self, function: Callable[..., Any], wish: Any, lane: int) -> "asyncio.Future[Any]":
        """Returns a future of the wish's answer. Wishes of one tick go in one write, in order."""
        future: asyncio.Future[Any] = self._loop.create_future()
        self._mine.add(future)
        number = next(self._numbers)
        self._awaited[number] = future
        self._wishes.append(Asked(number, function, wish, lane, trail.request_id.get()))
        self._say_soon()
        return future

    async def close(self) -> None:
        """Sends and accepts no more wishes, answers those that came, ends the connection."""
        self._takes = self._asks = False
        self._say()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._finished.wait()
        except TimeoutError:
            pass
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._say()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_taken = False
        awaited, self._awaited = self._awaited, {}
        for future in awaited.values():
            if not future.done():
                future.set_exception(Unavailable(retry_after_ms=RETRY_AFTER_MS))
        self._finished.set()
        self._lost(self)

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False

    def data_received(self, data: bytes) -> None:
        self._held += data
        while len(self._held) >= HEAD_BYTES:
            end = HEAD_BYTES + int.from_bytes(self._held[:HEAD_BYTES])
            if len(self._held) < end:
                return
            said: Said = pickle.loads(self._held[HEAD_BYTES:end])  # noqa: S301 (the other end is a process of the same server)
            del self._held[:end]
            self._hear(said)

    def _hear(self, said: Said) -> None:
        for number, answer in said.answered:
            self._settle(self._awaited.pop(number, None), answer)
        for asked in said.asked:
            self._take(asked, said.at)
        self._is_taken, self._is_asked = said.takes, said.asks
        if self._asks and not said.takes:
            self._asks = False
            self._say()
        self._end_when_done()

    def _settle(self, future: "asyncio.Future[Any] | None", answer: Any) -> None:
        if future is None or future.done():
            return  # its caller went away, or was refused and may repeat
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)

    def _take(self, asked: Asked, at: float) -> None:
        if self._loop.time() - at >= patience.PATIENCE_S:  # refused at the other end already; this process was held up
            return
        context = Context()
        if asked.request_id:
            context.run(trail.request_id.set, asked.request_id)
        future = context.run(self._write, asked.function, asked.wish, asked.lane)
        self._theirs.add(future, at)
        self._taken.add(future)
        future.add_done_callback(partial(self._answer, asked.number))

    def _answer(self, number: int, future: "asyncio.Future[Any]") -> None:
        self._taken.discard(future)
        error = future.exception()
        self._answers.append((number, future.result() if error is None else _carried(error)))
        self._say_soon()
        self._end_when_done()

    def _end_when_done(self) -> None:
        if not (self._takes or self._is_asked or self._taken):
            self._finished.set()

    def _say_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._say)

    def _say(self) -> None:
        self._is_due = False
        said = Said(self._loop.time(), self._wishes, self._answers, self._takes, self._asks)
        self._wishes, self._answers = [], []
        data = pickle.dumps(said, pickle.HIGHEST_PROTOCOL)
        self._transport.write(len(data).to_bytes(HEAD_BYTES) + data)


def _carried(error: BaseException) -> BaseException:
    """Returns an error as the other process can raise it."""
    return error if isinstance(error, AppError) else RuntimeError(f"another process failed: {error!r}")
