"""One socket from its first byte to its last: hello, then frames to their handlers."""

import asyncio
import logging
import time
from contextvars import Context, copy_context
from typing import Final

from messenger.doors import limits
from messenger.doors.problems import language_of
from messenger.kernel import codec, trail
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError, RequestMalformed, TextBroken, TooMany, Unavailable
from messenger.kernel.ports.socket import Closed, Socket
from messenger.realtime import catchup, frames
from messenger.realtime.connection import Connection
from messenger.realtime.frames import BrokenFrame, ClientFrame, Hello
from messenger.realtime.handling import Handling
from messenger.realtime.plate import rates
from messenger.realtime.shared import Shared

log = logging.getLogger("messenger.realtime")

IN_FLIGHT_MAX: Final = 64


class SocketSession:
    """The session of one socket (`kernel.ports.socket.Session`)."""

    __slots__ = (
        "_bytes",
        "_connection",
        "_early",
        "_frames",
        "_is_greeted",
        "_is_open",
        "_name",
        "_shared",
        "_socket",
        "_told",
    )

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._connection: Connection | None = None
        self._early: list[ClientFrame] = []
        self._frames = self._bytes = 0
        self._is_greeted = False
        self._is_open = True
        self._name, self._told = trail.fresh(), 0
        self._socket: Socket

    def opened(self, socket: Socket) -> None:
        self._socket = socket
        self._shared.sockets.await_hello(self)

    @property
    def address(self) -> str:
        """Returns the peer's address."""
        return self._socket.address

    def closed(self) -> None:
        self._is_open = False
        self._shared.sockets.forget_hello(self)
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.is_open = False
            self._shared.sockets.leave(connection)

    def refuse(self, code: Closed, reason: str) -> None:
        """Closes a socket that never signed in."""
        self._socket.close(code, reason)

    def heard(self, size: int) -> None:
        """Counts a frame and its bytes: for the person, or for the socket until the person is known."""
        platform, connection = self._shared.platform, self._connection
        try:
            if connection is not None:
                limits.check(platform, rates.FRAMES, connection.actor.user_id)
                limits.check(platform, rates.FRAME_BYTES, connection.actor.user_id, size)
                return
        except TooMany:
            self._socket.close(Closed.TOO_MANY, "too many frames")
            return
        self._frames += 1
        self._bytes += size
        is_much = self._frames > rates.FRAMES.rate.burst or self._bytes > rates.FRAME_BYTES.rate.burst
        if is_much and platform.config.limits_on:
            self._socket.close(Closed.TOO_MANY, "too many frames")

    def frame(self, data: bytes) -> None:
        try:
            frame = frames.read(data)
        except AppError:
            self._socket.close(Closed.PROTOCOL, "not a frame")
            return
        connection = self._connection
        if connection is not None:
            connection.heard_at = time.monotonic()
            self._dispatch(connection, frame)
        elif frame.type == "hello" and not self._is_greeted:
            self._is_greeted = True
            self._shared.sockets.forget_hello(self)
            self._shared.tasks.spawn(self._hello(frame))
        elif self._is_greeted and len(self._early) < IN_FLIGHT_MAX:
            self._early.append(frame)
        else:
            self._socket.close(Closed.PROTOCOL, "the first frame is hello")

    async def _hello(self, frame: ClientFrame) -> None:
        trail.request_id.set(self._next_id())
        try:
            hello = codec.decode(frame.data, Hello)
            # Asked anew: sessions that end from here on are found by the gateway's sweep.
            actor = await self._shared.platform.authenticate(hello.token, anew=True)
            connection = await self._enter(actor, hello)
        except AppError as error:
            log.info("a hello was refused: %s", error.code)
            self._refuse_hello(error, frame)
            return
        if connection is None:
            return
        try:
            await catchup.resume(self._shared, connection, hello, first=True)
        except AppError as error:
            log.warning("a socket of user %d could not be opened: %s", actor.user_id, error.code)
            self._shared.hub.leave(connection)
            self._socket.close(Closed.OVERLOADED, error.code)
            return
        early, self._early = self._early, []
        for waiting in early:
            self._dispatch(connection, waiting)

    async def _enter(self, actor: Actor, hello: Hello) -> Connection | None:
        """Returns the signed-in connection; `None` when the socket is gone already. Raises `TooMany`."""
        shared, elsewhere = self._shared, self._shared.presence.elsewhere
        fresh = elsewhere.follow([actor.user_id])
        try:
            await elsewhere.learn(fresh)  # the number of their sockets in other processes
            await shared.sockets.check(actor)
            limits.check(shared.platform, rates.FRAMES, actor.user_id, self._frames)
            limits.check(shared.platform, rates.FRAME_BYTES, actor.user_id, self._bytes)
            if not self._is_open:
                return None
            language = language_of(hello.language)
            self._connection = Connection(self._socket, shared.flusher, actor, hello.token, language)
            shared.sockets.enter(self._connection)
            return self._connection
        finally:
            elsewhere.unfollow([actor.user_id])

    def _refuse_hello(self, error: AppError, frame: ClientFrame) -> None:
        self._socket.send(frames.error(error, "en", frame.ref))
        codes = {401: Closed.UNAUTHENTICATED, 429: Closed.TOO_MANY, 503: Closed.OVERLOADED}
        self._socket.close(codes.get(error.status, Closed.PROTOCOL), error.code)

    def _dispatch(self, connection: Connection, frame: ClientFrame) -> None:
        if frame.type == "pong":
            return
        if connection.in_flight >= IN_FLIGHT_MAX:
            busy = Unavailable(retry_after_ms=500)
            connection.send(frames.error(busy, connection.language, frame.ref))
            return
        connection.in_flight += 1
        context = copy_context()  # of this frame alone: its id, and its span
        context.run(self._run, connection, frame, context)

    def _run(self, connection: Connection, frame: ClientFrame, context: Context) -> None:
        """Begins a frame. A wish is answered by a callback of its future; only a coroutine gets a task."""
        trail.request_id.set(self._next_id())
        shared = self._shared
        handler = shared.handlers.get(frame.type)
        handling = Handling(shared.counters, connection, frame, handler.ack if handler is not None else bytes)
        if handler is None or isinstance(frame, BrokenFrame):
            is_broken = isinstance(frame, BrokenFrame)
            handling.fail(TextBroken() if is_broken else RequestMalformed(reason=f"unknown frame {frame.type}"))
            return
        try:
            begun = handler.begin(shared, connection, frame.data)
        except Exception as error:
            handling.fail(error)
            return
        if begun is None:
            handling.end("done")
        elif isinstance(begun, asyncio.Future):
            begun.add_done_callback(handling.answer, context=context)
        else:
            shared.tasks.spawn(handling.wait(begun), context)

    def _next_id(self) -> str:
        """Returns the id of a frame: the socket's id, and the number of the frame."""
        self._told += 1
        return f"{self._name}-{self._told}"
