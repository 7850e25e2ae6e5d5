"""Who is here and who is typing: carried by the bus only, never stored."""

import asyncio
import time
from collections import defaultdict
from typing import Any, Final

from messenger.kernel import clock, codec, events
from messenger.kernel.events import Envelope
from messenger.kernel.ports.bus import Bus
from messenger.kernel.ports.socket import text_frame
from messenger.realtime import frames
from messenger.realtime.connection import Connection
from messenger.realtime.frames import PresenceState, TypingState

TYPING_S: Final = 2.0
"""One `typing` frame per chat and connection in this time; more are dropped."""
AWAY_S: Final = 10.0
"""Somebody whose last socket closed is announced as gone after this time: a reload must not flicker."""


class Presence:
    """The presence of the people of one process, and who watches it."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._sockets: defaultdict[int, int] = defaultdict(int)
        self._seen: dict[int, int] = {}
        self._watchers: defaultdict[int, set[Connection]] = defaultdict(set)
        self._leaving: dict[int, asyncio.TimerHandle] = {}

    def arrived(self, user_id: int) -> None:
        """A socket of a user opened."""
        self._sockets[user_id] += 1
        leaving = self._leaving.pop(user_id, None)
        if leaving is not None:
            leaving.cancel()
        elif self._sockets[user_id] == 1:
            self._announce(user_id, online=True)

    def gone(self, connection: Connection) -> None:
        """A connection closed."""
        self.watch(connection, frozenset())
        user_id = connection.actor.user_id
        self._sockets[user_id] -= 1
        if self._sockets[user_id] <= 0:
            del self._sockets[user_id]
            self._seen[user_id] = clock.now_ms()
            loop = asyncio.get_running_loop()
            self._leaving[user_id] = loop.call_later(AWAY_S, self._left, user_id)

    def watch(self, connection: Connection, user_ids: frozenset[int]) -> None:
        """From now on the connection hears of these people, and of no others."""
        for user_id in connection.watched - user_ids:
            self._watchers[user_id].discard(connection)
            if not self._watchers[user_id]:
                del self._watchers[user_id]
        for user_id in user_ids - connection.watched:
            self._watchers[user_id].add(connection)
        connection.watched = user_ids

    def watchers(self, user_id: int) -> set[Connection]:
        """The connections that hear of a person."""
        return self._watchers.get(user_id, set())

    def state(self, user_id: int, last_seen: int | None) -> PresenceState:
        """Whether a user is here; `last_seen` (ms) as far as the database knows."""
        online = user_id in self._sockets or user_id in self._leaving
        seen = max(self._seen.get(user_id, 0), last_seen or 0) or None
        return PresenceState(user_id, online, None if online else clock.text_or_none(seen))

    def heard(self, envelope: Envelope) -> None:
        """Presence from the bus: to those who watch."""
        data = text_frame(envelope.frame.encode())
        for connection in self._watchers.get(envelope.id, ()):
            connection.send(data)

    def type(self, connection: Connection, chat_id: int) -> None:
        """Somebody is writing in a chat they hear; the others are told."""
        topic = events.chat(chat_id)
        now = time.monotonic()
        typed = connection.typed = connection.typed or {}
        if topic not in connection.topics or now - typed.get(chat_id, 0.0) < TYPING_S:
            return
        if len(typed) > 50:
            typed.clear()
        typed[chat_id] = now
        me = connection.actor.user_id
        self._publish("chat", chat_id, "typing", TypingState(chat_id, me), owner=me)

    def _left(self, user_id: int) -> None:
        self._leaving.pop(user_id, None)
        self._announce(user_id, online=False)

    def _announce(self, user_id: int, *, online: bool) -> None:
        seen = None if online else clock.text(self._seen[user_id])
        self._publish("user", user_id, "presence", PresenceState(user_id, online, seen))

    def _publish(self, kind: str, id_: int, type_: str, data: Any, owner: int = 0) -> None:
        frame = frames.payload(type_, codec.encode(data)).decode()
        self._bus.publish([Envelope(kind, id_, 0, type_, frame, owner)])
