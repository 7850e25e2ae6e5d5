"""Presence and typing: carried by the bus only, never stored (R15)."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

from messenger.kernel import clock, codec, events
from messenger.kernel.errors import AppError
from messenger.kernel.events import Envelope
from messenger.kernel.ports.bus import Bus
from messenger.realtime import frames
from messenger.realtime.connection import Connection
from messenger.realtime.elsewhere import Elsewhere, Here
from messenger.realtime.frames import PresenceState, Typing, TypingState
from messenger.realtime.people import People

TYPING_S: Final = 2.0
"""One `typing` frame per chat and connection in this time; more are dropped."""
AWAY_S: Final = 10.0
"""A person whose last socket closed is announced as offline after this time: a reload must not flicker."""


class Presence:
    """The presence of the people of one process, and its watchers. `spawn` runs a coroutine."""

    def __init__(self, bus: Bus, people: People, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self._bus, self._people = bus, people
        self._sockets: defaultdict[int, int] = defaultdict(int)
        self._seen: dict[int, int] = {}
        self._watchers: defaultdict[int, set[Connection]] = defaultdict(set)
        self._shown: dict[int, bool] = {}
        self._leaving: dict[int, asyncio.TimerHandle] = {}
        self.elsewhere = Elsewhere(bus, lambda said: bus.publish(said), self._here, self._show, spawn)

    def sockets_of(self, user_id: int) -> int:
        """Returns the open sockets of a followed user in all processes."""
        return self._sockets.get(user_id, 0) + self.elsewhere.count(user_id)

    def arrived(self, user_id: int) -> None:
        """Notes that a socket of a user opened."""
        self.elsewhere.follow([user_id])
        self._sockets[user_id] += 1
        leaving = self._leaving.pop(user_id, None)
        if leaving is not None:
            leaving.cancel()
        self._tell(user_id)

    def gone(self, connection: Connection) -> None:
        """Notes that a connection closed."""
        self._unwatch(connection, connection.watched)
        connection.watched = frozenset()
        user_id = connection.actor.user_id
        self._sockets[user_id] -= 1
        if self._sockets[user_id] <= 0:
            del self._sockets[user_id]
            self._seen[user_id] = clock.now_ms()
            self._leaving[user_id] = asyncio.get_running_loop().call_later(AWAY_S, self._left, user_id)
        self._tell(user_id)
        self.elsewhere.unfollow([user_id])

    async def watch(self, connection: Connection, user_ids: Collection[int]) -> list[PresenceState]:
        """Lets the connection watch those of these people whom its user may watch, and no others.

        Returns their states.
        """
        seen = await self._people.last_seen(connection.actor, user_ids)
        if connection.is_open:
            await self._watch(connection, frozenset(seen))
        return [self._state(user_id, last) for user_id, last in seen.items()]

    async def look_again(self, connection: Connection) -> None:
        """Removes from the connection's watched people those whom its user may not watch any longer."""
        watched = connection.watched
        try:
            gone = watched - (await self._people.last_seen(connection.actor, watched)).keys()
        except AppError:
            gone = watched
        await self._watch(connection, connection.watched - gone)

    async def _watch(self, connection: Connection, user_ids: frozenset[int]) -> None:
        self._unwatch(connection, connection.watched - user_ids)
        fresh = user_ids - connection.watched
        connection.watched = user_ids
        for user_id in fresh:
            self._watchers[user_id].add(connection)
        await self.elsewhere.learn(self.elsewhere.follow(fresh))
        for user_id in fresh & self._watchers.keys():
            self._shown.setdefault(user_id, self._is_online(user_id))

    def watchers(self, user_id: int) -> set[Connection]:
        """Returns the connections that watch a person."""
        return self._watchers.get(user_id, set())

    def _state(self, user_id: int, last_seen: int | None) -> PresenceState:
        """Returns the presence of a user; `last_seen` (ms) comes from the database."""
        online = self._is_online(user_id)
        seen = max(self._seen.get(user_id, 0), self.elsewhere.seen(user_id), last_seen or 0) or None
        return PresenceState(user_id, online, None if online else clock.text_or_none(seen))

    def type(self, connection: Connection, said: Typing) -> None:
        """Tells those who hear a chat what the connection's user is doing there; large chats are skipped."""
        chat_id = said.chat_id
        topic = events.chat(chat_id)
        now = time.monotonic()
        typed = connection.typed = connection.typed or {}
        if topic not in connection.topics or now - typed.get(chat_id, 0.0) < TYPING_S:
            return
        if len(typed) > 50:
            typed.clear()
        typed[chat_id] = now
        me = connection.actor.user_id
        frame = frames.payload("typing", codec.encode(TypingState(chat_id, me, said.kind))).decode()
        self._bus.publish([Envelope("chat", chat_id, 0, "typing", frame, me, most=events.CROWD)])

    def _unwatch(self, connection: Connection, user_ids: frozenset[int]) -> None:
        for user_id in user_ids:
            self._watchers[user_id].discard(connection)
            if not self._watchers[user_id]:
                del self._watchers[user_id]
                self._shown.pop(user_id, None)
        self.elsewhere.unfollow(user_ids)

    def _is_online(self, user_id: int) -> bool:
        return user_id in self._sockets or user_id in self._leaving or self.elsewhere.is_online(user_id)

    def _here(self, user_id: int) -> Here:
        online = user_id in self._sockets or user_id in self._leaving
        return Here(self._sockets.get(user_id, 0), online, 0 if online else self._seen.get(user_id, 0))

    def _left(self, user_id: int) -> None:
        self._leaving.pop(user_id, None)
        self._tell(user_id)

    def _tell(self, user_id: int) -> None:
        self.elsewhere.tell(user_id)
        self._show(user_id)

    def _show(self, user_id: int) -> None:
        """Sends a user's state to the watchers when it differs from the last one shown."""
        online = self._is_online(user_id)
        if self._shown.get(user_id, online) == online:
            return
        self._shown[user_id] = online
        data = frames.control("presence", self._state(user_id, None))
        for connection in self._watchers.get(user_id, ()):
            connection.send(data)
