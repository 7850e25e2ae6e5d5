"""Builds the objects that all sockets share, listens to the bus, and checks sockets and streams with two timers."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from messenger.db import journal
from messenger.doors.feature import Feature
from messenger.doors.platform import Platform
from messenger.realtime.connection import Flusher
from messenger.realtime.handling import Counters
from messenger.realtime.hub import Hub
from messenger.realtime.line import Line
from messenger.realtime.people import People
from messenger.realtime.presence import Presence
from messenger.realtime.session import SocketSession
from messenger.realtime.shared import Shared, Tasks
from messenger.realtime.sockets import Sockets
from messenger.realtime.verbs import handlers

log = logging.getLogger("messenger.realtime")

SWEEP_S: Final = 3.0
"""An event that the bus lost comes at most so much later (and the time of the sweep itself)."""


class Gateway:
    """All sockets of one process. `shared`: the objects that they and long polls use."""

    def __init__(self, platform: Platform, features: Sequence[Feature]) -> None:
        """Starts on the event loop."""
        tasks, people, known = Tasks(), People(platform.db, features), handlers(features)
        hub = Hub(platform.bus, lambda after, most: platform.db.read(journal.read_after, after, most))
        presence = Presence(platform.bus, people, tasks.spawn)
        sockets, line = Sockets(platform, hub, presence), Line(platform.db, hub)
        self.shared = Shared(platform, hub, presence, Flusher(), tasks, people, sockets, line, Counters(known), known)
        hub.on_word = presence.elsewhere.heard
        hub.on_session_ended = sockets.end_session
        hub.on_left = self._left
        hub.on_rewind = lambda: tasks.spawn(line.answer_rewind())
        self._timers: list[asyncio.Task[None]] = []
        self._doubt = asyncio.Event()

    def start(self) -> None:
        """Starts the bus listener and the timers. On the event loop."""
        bus, elsewhere = self.shared.platform.bus, self.shared.presence.elsewhere
        bus.listen(self.shared.hub.deliver)
        bus.on_doubt(self._doubt.set)
        bus.on_doubt(elsewhere.doubt)
        elsewhere.start()
        self._timers = [asyncio.create_task(self._tick()), asyncio.create_task(self._sweep())]

    async def close(self) -> None:
        """Stops the timers and the frames in flight."""
        running = [*self._timers, *self.shared.tasks.running]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def session(self) -> SocketSession:
        """Returns the session of a new socket."""
        return SocketSession(self.shared)

    def _left(self, user_id: int) -> None:
        """Checks the watchers after a person left a chat.

        Two people without a common chat see no presence of each other.
        """
        presence = self.shared.presence
        for connection in {*self.shared.sockets.of(user_id), *presence.watchers(user_id)}:
            if connection.watched:
                self.shared.tasks.spawn(presence.look_again(connection))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.shared.presence.elsewhere.tick()
            self.shared.sockets.tick()

    async def _sweep(self) -> None:
        """Lets the hub find lost events (R4) and closes ended sessions, every `SWEEP_S` and when the bus is back."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_S):
                    await self._doubt.wait()
            self._doubt.clear()
            try:
                await self.shared.line.heed()
                await self.shared.hub.sweep()
                await self._recheck()
            except Exception:
                log.exception("a sweep failed; it will be repeated")

    async def _recheck(self) -> None:
        """Ends the sockets of sessions that are over, even when the event of their end was lost (I18)."""
        for user_id, session_id in await self.shared.people.ended(self.shared.sockets.sessions()):
            self.shared.sockets.end_session(user_id, session_id)
