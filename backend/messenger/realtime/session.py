"""One socket from its first byte to its last: hello, then frames to their features."""

import asyncio
import logging
import time
from collections.abc import Awaitable
from contextvars import Context, copy_context
from typing import Any, Final

from messenger.doors import limits
from messenger.doors.problems import language_of
from messenger.kernel import clock, codec, trail
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError, RequestMalformed, TextBroken, TooMany, Unavailable
from messenger.kernel.events import Topic
from messenger.kernel.ports.socket import TOO_MANY, Socket
from messenger.realtime import catchup, frames
from messenger.realtime.connection import Connection
from messenger.realtime.frames import Auth, Authed, BrokenFrame, ClientFrame, Cursors, Hello, Typing, Watch
from messenger.realtime.handling import Handling
from messenger.realtime.plate import rates

log = logging.getLogger("messenger.realtime")

IN_FLIGHT_MAX: Final = 64
PROTOCOL: Final = 4400
UNAUTHENTICATED: Final = 4401
OVERLOADED: Final = 1013


class SocketSession:
    """The session of one socket (`kernel.ports.socket.Session`). `gateway` is the `Gateway` it belongs to."""

    __slots__ = (
        "_bytes",
        "_connection",
        "_early",
        "_frames",
        "_gateway",
        "_is_greeted",
        "_is_open",
        "_name",
        "_resuming",
        "_socket",
        "_told",
    )

    def __init__(self, gateway: Any) -> None:
        self._gateway = gateway
        self._connection: Connection | None = None
        self._early: list[ClientFrame] = []
        self._frames = self._bytes = 0
        self._is_greeted = False
        self._is_open = True
        self._name, self._told = trail.fresh(), 0
        # Tabs share a socket and each may ask for what it missed; two at once would share what waits.
        self._resuming = asyncio.Lock()
        self._socket: Socket

    def opened(self, socket: Socket) -> None:
        self._socket = socket
        self._gateway.await_hello(self)

    @property
    def address(self) -> str:
        """The peer's address."""
        return self._socket.address

    def closed(self) -> None:
        self._is_open = False
        self._gateway.forget_hello(self)
        connection, self._connection = self._connection, None
        if connection is not None:
            self._gateway.leave(connection)

    def refuse(self, code: int, reason: str) -> None:
        """Close a socket that never signed in."""
        self._socket.close(code, reason)

    def heard(self, size: int) -> None:
        """Count a frame and its bytes: to the person, or until that is known to the socket."""
        platform, connection = self._gateway.platform, self._connection
        try:
            if connection is not None:
                limits.check(platform, rates.FRAMES, connection.actor.user_id)
                limits.check(platform, rates.FRAME_BYTES, connection.actor.user_id, size)
                return
        except TooMany:
            self._socket.close(TOO_MANY, "too many frames")
            return
        self._frames += 1
        self._bytes += size
        is_much = self._frames > rates.FRAMES.rate.burst or self._bytes > rates.FRAME_BYTES.rate.burst
        if is_much and platform.config.limits_on:
            self._socket.close(TOO_MANY, "too many frames")

    def frame(self, data: bytes) -> None:
        try:
            frame = frames.read(data)
        except AppError:
            self._socket.close(PROTOCOL, "not a frame")
            return
        connection = self._connection
        if connection is not None:
            connection.heard_at = time.monotonic()
            self._dispatch(connection, frame)
        elif frame.type == "hello" and not self._is_greeted:
            self._is_greeted = True
            self._gateway.forget_hello(self)
            self._gateway.spawn(self._hello(frame))
        elif self._is_greeted and len(self._early) < IN_FLIGHT_MAX:
            self._early.append(frame)
        else:
            self._socket.close(PROTOCOL, "the first frame is hello")

    async def _hello(self, frame: ClientFrame) -> None:
        trail.request_id.set(self._next_id())
        try:
            hello = codec.decode(frame.data, Hello)
            # Anew: what ends from here on is found by the gateway's sweep.
            actor = await self._gateway.platform.authenticate(hello.token, anew=True)
            connection = await self._enter(actor, hello)
        except AppError as error:
            log.info("a hello was refused: %s", error.code)
            self._refuse_hello(error, frame)
            return
        if connection is None:
            return
        try:
            async with self._resuming:
                await self._resume(connection, hello, first=True)
        except AppError as error:
            log.warning("a socket of user %d could not be opened: %s", actor.user_id, error.code)
            self._gateway.hub.leave(connection)
            self._socket.close(OVERLOADED, error.code)
            return
        early, self._early = self._early, []
        for waiting in early:
            self._dispatch(connection, waiting)

    async def _enter(self, actor: Actor, hello: Hello) -> Connection | None:
        """The signed-in connection; `None` when the socket is gone already. Raises `TooMany`."""
        gateway, elsewhere = self._gateway, self._gateway.presence.elsewhere
        fresh = elsewhere.follow([actor.user_id])
        try:
            await elsewhere.learn(fresh)  # how many sockets they have in other processes
            await gateway.check_sockets(actor)
            limits.check(gateway.platform, rates.FRAMES, actor.user_id, self._frames)
            limits.check(gateway.platform, rates.FRAME_BYTES, actor.user_id, self._bytes)
            if not self._is_open:
                return None
            language = language_of(hello.language)
            self._connection = Connection(self._socket, gateway.flusher, actor, hello.token, language)
            gateway.enter(self._connection)
            return self._connection
        finally:
            elsewhere.unfollow([actor.user_id])

    def _refuse_hello(self, error: AppError, frame: ClientFrame) -> None:
        self._socket.send(frames.error(error, "en", frame.ref))
        codes = {401: UNAUTHENTICATED, 429: TOO_MANY, 503: OVERLOADED}
        self._socket.close(codes.get(error.status, PROTOCOL), error.code)

    async def _look(self, connection: Connection, cursors: Cursors, *, first: bool) -> catchup.Sight:
        """One snapshot; where a seal proves that history was rewound, one of the line that begins then."""
        gateway, actor = self._gateway, connection.actor
        most = catchup.affordable(gateway.platform, actor.user_id)
        while True:
            sight: catchup.Sight = await gateway.platform.db.read(catchup.look, actor, gateway.topics_of, cursors, most)
            if not sight.rewound:
                return sight
            # Who has just come looks again; all others come back.
            await gateway.begin_line(max(sight.epoch, sight.rewound), spared=connection if first else None)
            connection.held = []

    async def _resume(self, connection: Connection, cursors: Cursors, *, first: bool) -> tuple[int, list[str]]:
        """Subscribe first, read what was missed after it: so there is no moment in which an event could be lost."""
        gateway, db = self._gateway, self._gateway.platform.db
        connection.held = connection.held if connection.held is not None else []
        actor = connection.actor
        heard: set[Topic] = set()
        fresh = set(await db.read(gateway.topics_of, actor))
        while True:
            for piece in catchup.pieces(fresh):
                if self._connection is None:
                    return 0, []
                gateway.hub.subscribe(connection, piece)
                await asyncio.sleep(0)
            heard |= fresh
            await gateway.platform.bus.settle()
            sight = await self._look(connection, cursors, first=first)
            # A chat joined meanwhile is heard before it is looked at, too; what was left meanwhile stays left.
            fresh = sight.heads.keys() - heard
            if not fresh and await self._begin(connection, sight):
                break
        if self._connection is None:
            return 0, []
        sight = catchup.paid(gateway.platform, actor.user_id, sight)
        gateway.hub.unsubscribe(connection, heard - sight.heads.keys())
        if first:
            connection.send(frames.control("ready", self._ready(actor, sight)))
        gateway.resyncs.update({reason: len(topics) for reason, topics in sight.resync.items()})
        replayed = await catchup.replay(connection, sight)
        if self._connection is None:
            return 0, []
        if first:
            connection.send(frames.control("resumed", frames.Resumed(replayed)))
        # Who has just come begins at the heads of `ready`, or asks for the rest of its streams later.
        asked = sight.heads.keys() if first else catchup.asked_for(sight, cursors)
        catchup.release(connection, sight, asked, gateway.hub.delivered)
        return replayed, [text for topics in sight.resync.values() for text in topics]

    async def _begin(self, connection: Connection, sight: catchup.Sight) -> bool:
        """Let the streams go on from the heads of a snapshot, unless something between it and what waits is missing.

        A stream that was begun stays whole while others have their turn: the hub lets no hole through.
        """
        hub = self._gateway.hub
        for piece in catchup.pieces(sight.heads):
            heads = {topic: sight.heads[topic] for topic in piece}
            if self._connection is None or not catchup.is_whole(connection, heads, hub.delivered):
                return self._connection is None
            hub.begin({topic: ev for topic, ev in heads.items() if topic in connection.topics})
            await asyncio.sleep(0)
        return True

    def _ready(self, actor: Actor, sight: catchup.Sight) -> frames.Ready:
        return frames.Ready(
            actor.session_id,
            actor.user_id,
            sight.epoch,
            25_000,
            max(0, actor.expires_at - clock.now_ms()) // 1000,
            sight.named,
            sight.seals,
        )

    def _dispatch(self, connection: Connection, frame: ClientFrame) -> None:
        if frame.type == "pong":
            return
        if connection.in_flight >= IN_FLIGHT_MAX:
            self._answer(connection, frame, Unavailable(retry_after_ms=500))
            return
        connection.in_flight += 1
        context = copy_context()  # of this frame alone: its id, and its span
        context.run(self._run, connection, frame, context)

    def _run(self, connection: Connection, frame: ClientFrame, context: Context) -> None:
        """Begin a frame. What waits for the answer to a wish is called back; only what waits for more gets a task."""
        trail.request_id.set(self._next_id())
        handling = Handling(self._gateway, connection, frame)
        try:
            begun = self._handle(connection, frame)
        except Exception as error:
            handling.fail(error)
            return
        if begun is None:
            handling.end("done")
        elif isinstance(begun, asyncio.Future):
            begun.add_done_callback(handling.answer, context=context)
        else:
            self._gateway.spawn(handling.wait(begun), context)

    def _handle(self, connection: Connection, frame: ClientFrame) -> Awaitable[Any] | None:
        """What the ack waits for; `None` for frames that are not answered."""
        if isinstance(frame, BrokenFrame):
            raise TextBroken
        known = self._gateway.frames.get(frame.type)
        if known is not None:
            platform, actor = self._gateway.platform, connection.actor
            limits.check(platform, known.bucket, actor.user_id)
            begun: Awaitable[Any] = known.handle(platform, actor, codec.decode(frame.data, known.form))
            return begun
        if frame.type == "typing.set":
            self._gateway.presence.type(connection, codec.decode(frame.data, Typing).chat_id)
            return None
        if frame.type == "presence.watch":
            return self._watch(connection, codec.decode(frame.data, Watch))
        if frame.type == "resume":
            return self._resume_again(connection, codec.decode(frame.data, Cursors))
        if frame.type == "auth":
            return self._renew(connection, codec.decode(frame.data, Auth))
        raise RequestMalformed(reason=f"unknown frame {frame.type}")

    async def _resume_again(self, connection: Connection, cursors: Cursors) -> bytes:
        async with self._resuming:
            done = await self._resume(connection, cursors, first=False)
        return codec.encode(frames.ResumeDone(*done))

    async def _watch(self, connection: Connection, watch: Watch) -> bytes:
        seen = await self._gateway.last_seen(connection.actor, watch.user_ids)
        if self._connection is not None:
            await self._gateway.presence.watch(connection, frozenset(seen))
        states = [self._gateway.presence.state(user_id, last) for user_id, last in seen.items()]
        return codec.encode(frames.PresenceList(states))

    async def _renew(self, connection: Connection, auth: Auth) -> bytes:
        actor = await self._gateway.platform.authenticate(auth.token)
        if actor.session_id != connection.actor.session_id:
            raise RequestMalformed(reason="the token is of another session")
        connection.actor, connection.token = actor, auth.token
        return codec.encode(Authed(max(0, actor.expires_at - clock.now_ms()) // 1000))

    def _next_id(self) -> str:
        """The id of a frame: the socket's, and its number there."""
        self._told += 1
        return f"{self._name}-{self._told}"

    def _answer(self, connection: Connection, frame: ClientFrame, error: AppError) -> None:
        connection.send(frames.error(error, connection.language, frame.ref))
