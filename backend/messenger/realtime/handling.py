"""Handles one frame, from its beginning to its answer, and counts all frames."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sized
from typing import Generic, TypeVar

from messenger.doors.problems import ServerError
from messenger.kernel import trail
from messenger.kernel.errors import AppError
from messenger.kernel.ports.socket import text_frame
from messenger.kernel.spread import Spread
from messenger.realtime import frames
from messenger.realtime.connection import Connection
from messenger.realtime.frames import ClientFrame

log = logging.getLogger("messenger.realtime")

A = TypeVar("A")


class Counters:
    """Counters of frames.

    `resyncs` counts streams to be loaded anew by reason, `took` measures the frames by type (s).
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Takes the types of frames that are known."""
        self.resyncs: Counter[str] = Counter()
        self.took = {name: Spread() for name in (*names, "unknown")}

    def name_of(self, frame: ClientFrame) -> str:
        """Returns a frame's type, or `unknown`: an invented type gets no line of its own in the metrics."""
        return frame.type if frame.type in self.took else "unknown"

    def note_resyncs(self, topics: Mapping[str, Sized]) -> None:
        """Counts streams to be loaded anew; `topics`: their names by reason."""
        self.resyncs.update({reason: len(some) for reason, some in topics.items()})

    def note(self, name: str, user_id: int, outcome: str, seconds: float) -> None:
        """Measures a frame of that name that was handled, and logs refusals (at level debug all frames)."""
        self.took[name].add(seconds)
        if outcome == "done" and not log.isEnabledFor(logging.DEBUG):
            return
        facts = {"frame": name, "user_id": user_id, "outcome": outcome, "took_ms": round(seconds * 1000, 1)}
        level = logging.DEBUG if outcome == "done" else logging.INFO
        log.log(level, "frame %s of user %d: %s, %.1f ms", *facts.values(), extra={"facts": facts})


class Handling(Generic[A]):
    """A frame that was begun: answers it once, and reports the outcome to its trace, the metrics and the log.

    Everything runs in the context in which it was made. `ack` makes the ack's data of the result.
    """

    __slots__ = ("_ack", "_began", "_connection", "_counters", "_frame", "_name", "_opened", "_span")

    def __init__(
        self, counters: Counters, connection: Connection, frame: ClientFrame, ack: Callable[[A], bytes]
    ) -> None:
        self._counters, self._connection, self._frame, self._ack = counters, connection, frame, ack
        self._began = time.monotonic()
        self._name = counters.name_of(frame)
        self._opened = trail.span(self._name)
        self._span = self._opened.__enter__()

    def answer(self, begun: "asyncio.Future[A]") -> None:
        """Acknowledges a finished result."""
        try:
            self._acknowledge(begun.result())
        except Exception as error:
            self.fail(error)
        else:
            self.end("done")

    async def wait(self, begun: Awaitable[A]) -> None:
        """Waits for the result in a task, and answers."""
        try:
            self._acknowledge(await begun)
        except Exception as error:
            self.fail(error)
        except BaseException:
            self._close()
            raise
        else:
            self.end("done")

    def _acknowledge(self, found: A) -> None:
        self._connection.send(text_frame(frames.payload("ack", self._ack(found), self._frame.ref)))

    def fail(self, error: Exception) -> None:
        """Answers with an error; an unforeseen one goes to the log."""
        if not isinstance(error, AppError):
            log.error("a frame failed", exc_info=error)
            error = ServerError()
        self._connection.send(frames.error(error, self._connection.language, self._frame.ref))
        self.end(error.code)

    def end(self, outcome: str) -> None:
        """Ends the frame: `outcome` is `done`, or the code of the error that it was answered with."""
        self._span.say(outcome=outcome)
        self._close()
        self._counters.note(self._name, self._connection.actor.user_id, outcome, time.monotonic() - self._began)

    def _close(self) -> None:
        self._connection.in_flight -= 1
        self._opened.__exit__(None, None, None)
