"""The socket's door: hello, frames to their features, pings, renewal, the end."""

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from contextvars import Context
from typing import Any, Final

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.doors import limits
from messenger.doors.feature import Feature
from messenger.doors.platform import Platform
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from messenger.kernel.address import network
from messenger.kernel.errors import AppError, TooMany
from messenger.kernel.events import Topic
from messenger.kernel.feature import Frame
from messenger.kernel.ports.socket import TOO_MANY
from messenger.kernel.spread import Spread
from messenger.realtime import frames
from messenger.realtime.connection import Connection, Flusher, write
from messenger.realtime.frames import ClientFrame
from messenger.realtime.hub import REVOKED, Hub
from messenger.realtime.plate import rates
from messenger.realtime.plate.settings import SocketSettings
from messenger.realtime.presence import Presence
from messenger.realtime.session import SocketSession

log = logging.getLogger("messenger.realtime")

PING_S: Final = 25
DEAD_S: Final = 60
HELLO_S: Final = 5.0
SWEEP_S: Final = 3.0
"""An event that the bus lost comes at most so much later (and what the sweep itself takes)."""
SILENT_MAX: Final = 20
"""Sockets of one address that have not said hello yet."""
EXPIRING_MS: Final = 60_000
UNAUTHENTICATED: Final = 4401


class Gateway:
    """All sockets of one process. One timer serves them all: each second a slice is pinged and looked after.

    `resyncs` counts streams to be loaded anew by reason, `took` measures the frames by type (s).
    """

    def __init__(self, platform: Platform, features: Sequence[Feature]) -> None:
        self.platform = platform
        self._loop = asyncio.get_running_loop()  # asked for each time, it would ask the system for this process's id
        self.frames: dict[str, Frame] = {name: f for one in features for name, f in one.frames.items()}
        self._topics = [one.topics for one in features if one.topics]
        self._ended = [one.ended for one in features if one.ended]
        self._acquaintances = [one.acquaintances for one in features if one.acquaintances]
        self.flusher = Flusher()
        self.hub = Hub(platform.bus, lambda after, most: platform.db.read(journal.read_after, after, most))
        self.presence = Presence(platform.bus, self.spawn)
        self.hub.on_presence = self.presence.elsewhere.heard
        self.hub.on_session_ended = self._end_session
        self.hub.on_left = self._left
        self.hub.on_rewind = lambda: self.spawn(self._answer_rewind())
        self._epoch = platform.db.seals.epoch
        self._waiting: dict[SocketSession, float] = {}
        self._slices: list[set[Connection]] = [set() for _ in range(PING_S)]
        self._of_user: defaultdict[int, set[Connection]] = defaultdict(set)
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: list[asyncio.Task[None]] = []
        self._doubt = asyncio.Event()
        self._next_slice = 0
        self.resyncs: Counter[str] = Counter()
        self.took = {name: Spread() for name in (*self.frames, *frames.VERBS, "unknown")}

    def start(self) -> None:
        """Begin to hear the bus and to look after the sockets. On the event loop."""
        self.platform.bus.listen(self.hub.deliver)
        self.platform.bus.on_doubt(self._doubt.set)
        self.platform.bus.on_doubt(self.presence.elsewhere.doubt)
        self.presence.elsewhere.start()
        self._timers = [asyncio.create_task(self._tick()), asyncio.create_task(self._sweep())]

    async def close(self) -> None:
        """Stop the timers and the frames in flight."""
        running = [*self._timers, *self._tasks]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    @property
    def sockets(self) -> int:
        """How many sockets are signed in."""
        return sum(map(len, self._of_user.values()))

    def session(self) -> SocketSession:
        """The session of a new socket."""
        return SocketSession(self)

    def spawn(self, work: Any, context: Context | None = None) -> None:
        """Run a coroutine, in a context where one is given; the gateway keeps it until it is done."""
        task = self._loop.create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def name_of(self, frame: ClientFrame) -> str:
        """A frame's type, or `unknown`: what strangers make up is nobody's name."""
        return frame.type if frame.type in self.took else "unknown"

    def note(self, name: str, user_id: int, outcome: str, seconds: float) -> None:
        """A frame of that name was handled: measure it, and let the log know of refusals (at level debug of all)."""
        self.took[name].add(seconds)
        if outcome == "done" and not log.isEnabledFor(logging.DEBUG):
            return
        facts = {"frame": name, "user_id": user_id, "outcome": outcome, "took_ms": round(seconds * 1000, 1)}
        level = logging.DEBUG if outcome == "done" else logging.INFO
        log.log(level, "frame %s of user %d: %s, %.1f ms", *facts.values(), extra={"facts": facts})

    def await_hello(self, session: SocketSession) -> None:
        """A socket opened; its hello must come in time."""
        self._waiting[session] = time.monotonic() + HELLO_S
        if self.platform.config.limits_on and self._silent(session.address) > SILENT_MAX:
            session.refuse(TOO_MANY, "too many sockets without hello")

    def _silent(self, address: str) -> int:
        return sum(network(session.address) == network(address) for session in self._waiting)

    def forget_hello(self, session: SocketSession) -> None:
        """The hello came, or the socket is gone."""
        self._waiting.pop(session, None)

    async def check_sockets(self, actor: Actor) -> None:
        """Raises `TooMany` when a user's sockets come too fast, or are as many as they may be."""
        await limits.ask(self.platform, rates.SOCKETS, actor.user_id)
        if self.presence.sockets_of(actor.user_id) >= self.platform.of(SocketSettings).max_sockets_per_user:
            raise TooMany(retry_after_ms=5000)

    def enter(self, connection: Connection) -> None:
        """A socket signed in."""
        self._of_user[connection.actor.user_id].add(connection)
        self._slices[self._next_slice].add(connection)
        self._next_slice = (self._next_slice + 1) % PING_S
        self.presence.arrived(connection.actor.user_id)

    def leave(self, connection: Connection) -> None:
        """A signed-in socket is gone."""
        self.hub.leave(connection)
        self.presence.gone(connection)
        for part in self._slices:
            part.discard(connection)
        mine = self._of_user[connection.actor.user_id]
        mine.discard(connection)
        if not mine:
            del self._of_user[connection.actor.user_id]

    def topics_of(self, tx: Tx, actor: Actor) -> list[Topic]:
        """Every stream a user hears."""
        return [topic for topics in self._topics for topic in topics(tx, actor)]

    async def last_seen(self, actor: Actor, user_ids: Iterable[int]) -> dict[int, int | None]:
        """When those whom a user may watch were last here (ms)."""
        seen: dict[int, int | None] = {}
        for acquaintances in self._acquaintances:
            seen.update(await self.platform.db.read(acquaintances, actor, list(user_ids)))
        return seen

    async def begin_line(self, above: int, spared: Connection | None = None) -> None:
        """The database was rewound: begin a history line with an epoch above `above`, once for all processes.

        All hearers come back, without `spared`, and are told to load everything anew.
        """
        self._follow(await self.platform.db.write(journal.raise_epoch, above, self._epoch), spared)

    async def _answer_rewind(self) -> None:
        """The hub has delivered what the database does not hold. While that is away, each sweep finds it again."""
        try:
            await self.begin_line(self._epoch)
        except AppError as error:
            log.warning("history was rewound, and no history line can be begun yet: %s", error.code)

    def _follow(self, epoch: int, spared: Connection | None = None) -> None:
        if epoch > self._epoch:
            log.warning("history was rewound: epoch %d begins, and every device loads its chats anew", epoch)
            self._epoch = self.platform.db.seals.epoch = epoch
            self.hub.drop_all(spared)

    async def _heed_line(self) -> None:
        """See whether another process, or the operator, began a history line, or the database lost ours."""
        epoch = await self.platform.db.read(journal.epoch)
        if epoch < self._epoch:
            await self.begin_line(epoch)
        else:
            self._follow(epoch)

    def _left(self, user_id: int) -> None:
        """Somebody left a chat: who shares none with them any more sees no presence, in both directions."""
        for connection in {*self._of_user.get(user_id, ()), *self.presence.watchers(user_id)}:
            if connection.watched:
                self.spawn(self._check_watched(connection, connection.watched))

    async def _check_watched(self, connection: Connection, watched: frozenset[int]) -> None:
        try:
            gone = watched - (await self.last_seen(connection.actor, watched)).keys()
        except AppError:
            gone = watched
        await self.presence.watch(connection, connection.watched - gone)

    def _end_session(self, user_id: int, session_id: int) -> None:
        for connection in tuple(self._of_user.get(user_id, ())):
            if connection.actor.session_id == session_id:
                self.hub.leave(connection)
                write((connection,))
                connection.socket.close(REVOKED, "session ended")

    async def _tick(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            self.presence.elsewhere.tick()
            for session, deadline in tuple(self._waiting.items()):
                if now > deadline:
                    self._waiting.pop(session, None)
                    session.refuse(UNAUTHENTICATED, "no hello")
            turn = (turn + 1) % PING_S
            for connection in tuple(self._slices[turn]):
                self._look_after(connection, now)

    async def _sweep(self) -> None:
        """Now and then, and when the bus is back: let the hub find what was lost (R4), and see who was signed out."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_S):
                    await self._doubt.wait()
            self._doubt.clear()
            try:
                await self._heed_line()
                await self.hub.sweep()
                await self._recheck()
            except Exception:
                log.exception("a sweep failed; it will be repeated")

    async def _recheck(self) -> None:
        """End the sockets of sessions that are over, whatever became of the event that told of it (I18).

        One statement, however many they are.
        """
        users = {one.actor.session_id: user_id for user_id, mine in self._of_user.items() for one in mine}
        for ended in self._ended if users else ():
            for session_id in await self.platform.db.read(ended, users.keys()):
                self._end_session(users[session_id], session_id)

    def _look_after(self, connection: Connection, now: float) -> None:
        left_ms = connection.actor.expires_at - clock.now_ms()
        if now - connection.heard_at > DEAD_S:
            connection.socket.abort()
        elif left_ms <= 0:
            connection.socket.close(UNAUTHENTICATED, "token ended")
        else:
            connection.send(frames.PING)
            if left_ms < EXPIRING_MS + PING_S * 1000:
                connection.send(frames.control("auth_expiring", frames.Expiring(left_ms)))
