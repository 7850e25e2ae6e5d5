"""The handling of one frame, from its beginning to its answer."""

import asyncio
import logging
import time
from collections.abc import Awaitable
from typing import Any

from messenger.doors.problems import ServerError
from messenger.kernel import trail
from messenger.kernel.errors import AppError
from messenger.kernel.ports.socket import text_frame
from messenger.realtime import frames
from messenger.realtime.connection import Connection
from messenger.realtime.frames import ClientFrame

log = logging.getLogger("messenger.realtime")


class Handling:
    """A frame that was begun: answers it once, and says how that went to its trace, the metrics and the log.

    Everything runs in the context in which it was made. `gateway` is the `Gateway` that the frame came to.
    """

    __slots__ = ("_began", "_connection", "_frame", "_gateway", "_name", "_opened", "_span")

    def __init__(self, gateway: Any, connection: Connection, frame: ClientFrame) -> None:
        self._gateway, self._connection, self._frame = gateway, connection, frame
        self._began = time.monotonic()
        self._name: str = gateway.name_of(frame)
        self._opened = trail.span(self._name)
        self._span = self._opened.__enter__()

    def answer(self, begun: "asyncio.Future[Any]") -> None:
        """The answer to the frame's wish is there."""
        try:
            self._acknowledge(begun.result())
        except Exception as error:
            self.fail(error)
        else:
            self.end("done")

    async def wait(self, begun: Awaitable[Any]) -> None:
        """Wait for what was begun, in a task, and answer."""
        try:
            self._acknowledge(await begun)
        except Exception as error:
            self.fail(error)
        except BaseException:
            self._close()
            raise
        else:
            self.end("done")

    def _acknowledge(self, found: Any) -> None:
        known = self._gateway.frames.get(self._frame.type)
        data = known.ack(found) if known is not None else found
        self._connection.send(text_frame(frames.payload("ack", data, self._frame.ref)))

    def fail(self, error: Exception) -> None:
        """Answer with an error; one that nobody foresaw goes to the log."""
        if not isinstance(error, AppError):
            log.error("a frame failed", exc_info=error)
            error = ServerError()
        self._connection.send(frames.error(error, self._connection.language, self._frame.ref))
        self.end(error.code)

    def end(self, outcome: str) -> None:
        """The frame is handled: `done`, or the code of the error that it was answered with."""
        self._span.say(outcome=outcome)
        self._close()
        self._gateway.note(self._name, self._connection.actor.user_id, outcome, time.monotonic() - self._began)

    def _close(self) -> None:
        self._connection.in_flight -= 1
        self._opened.__exit__(None, None, None)
