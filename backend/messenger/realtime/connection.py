"""One signed-in socket: pending bytes, one write a loop tick, and disconnecting slow peers. No task of its own."""

import asyncio
import time
from collections.abc import Iterable
from typing import Final

from messenger.kernel.actor import Actor
from messenger.kernel.events import Topic
from messenger.kernel.ports.socket import UNSENT_MAX, Closed, Socket

HELD_MAX: Final = 10_000
"""The most live events that wait while a connection catches up."""


class Flusher:
    """Writes the pending bytes of all connections at the end of the loop tick.

    `dirty`: the connections that have some.
    """

    def __init__(self) -> None:
        """Starts on the event loop."""
        self._loop = asyncio.get_running_loop()  # kept: each call asks the system for the process id
        self.dirty: list[Connection] = []

    def mark(self, connection: "Connection") -> None:
        """Notes that the connection has bytes to write."""
        if not self.dirty:
            self._loop.call_soon(self._flush)
        self.dirty.append(connection)

    def _flush(self) -> None:
        dirty, self.dirty = self.dirty, []
        write(dirty)


def write(connections: "Iterable[Connection]") -> None:
    """Writes the pending bytes; a peer that takes nothing is disconnected and resumes later (R16).

    This is half of the cost of a delivery besides the system's call: so it makes one call to each socket and no others.
    """
    for connection in connections:
        pending = connection.pending
        data = pending[0] if len(pending) == 1 else b"".join(pending)
        pending.clear()
        if connection.socket.send(data) > UNSENT_MAX:
            connection.drop()


class Connection:
    """A connection to which the hub delivers. `held` is a list while missed events are read: live events wait in it.

    `floors`: of streams where the journal was read further than the bus had come, the last change it held. `is_open`
    until the socket is gone; `resuming` is held while missed events are read.
    """

    __slots__ = (
        "_flusher",
        "actor",
        "floors",
        "heard_at",
        "held",
        "in_flight",
        "is_open",
        "language",
        "pending",
        "resuming",
        "socket",
        "token",
        "topics",
        "typed",
        "watched",
    )

    def __init__(self, socket: Socket, flusher: Flusher, actor: Actor, token: str, language: str) -> None:
        self.socket, self._flusher = socket, flusher
        self.actor, self.token, self.language = actor, token, language
        self.topics: set[Topic] = set()
        self.watched: frozenset[int] = frozenset()
        self.held: list[tuple[Topic, int, bytes]] | None = None
        self.floors: dict[Topic, int] = {}
        self.heard_at = time.monotonic()
        self.in_flight = 0
        self.is_open = True
        # Tabs share a socket and each may resume; two resumes at once would share the held events.
        self.resuming = asyncio.Lock()
        self.typed: dict[int, float] | None = None
        self.pending: list[bytes] = []

    def deliver(self, topic: Topic, ev: int, data: bytes) -> None:
        """Delivers an event of a stream; it waits while the connection catches up."""
        if self.held is None and not self.floors:
            # The same as `send`, without the calls: most of the cost of a message is here, for each of its hearers.
            if not self.pending:
                if dirty := self._flusher.dirty:
                    dirty.append(self)
                else:
                    self._flusher.mark(self)
            self.pending.append(data)
        elif self.held is not None:
            self.held.append((topic, ev, data))
            if len(self.held) > HELD_MAX:
                self.drop()
        elif not self._has(topic, ev):
            self.send(data)

    def _has(self, topic: Topic, ev: int) -> bool:
        floor = self.floors.get(topic)
        if floor is None or not ev:
            return False
        if ev >= floor:
            del self.floors[topic]
        return ev <= floor

    def send(self, data: bytes) -> None:
        """Sends a finished frame at the end of the tick."""
        if not self.pending:
            self._flusher.mark(self)
        self.pending.append(data)

    def drop(self) -> None:
        """Disconnects a peer that does not read, or missed too much."""
        self.socket.close(Closed.TOO_SLOW, "too slow")
