"""One signed-in socket: pending bytes, one write a loop tick, and the end of the slow. No task of its own."""

import asyncio
import time
from collections.abc import Iterable
from typing import Final

from messenger.kernel.actor import Actor
from messenger.kernel.events import Topic
from messenger.kernel.ports.socket import UNSENT_MAX, Closed, Socket

HELD_MAX: Final = 10_000
"""Live events that wait while a connection catches up."""


class Flusher:
    """Writes the pending bytes of all connections at the end of the loop tick.

    `dirty`: those that have some.
    """

    def __init__(self) -> None:
        """On the event loop."""
        self._loop = asyncio.get_running_loop()  # asked for each time, it would ask the system for this process's id
        self.dirty: list[Connection] = []

    def mark(self, connection: "Connection") -> None:
        """The connection has something to write."""
        if not self.dirty:
            self._loop.call_soon(self._flush)
        self.dirty.append(connection)

    def _flush(self) -> None:
        dirty, self.dirty = self.dirty, []
        write(dirty)


def write(connections: "Iterable[Connection]") -> None:
    """Write what is pending; a peer that takes nothing is let go and resumes later (R16).

    Half of what a delivery costs besides the system's call: so no calls of our own but one to each socket.
    """
    for connection in connections:
        pending = connection.pending
        data = pending[0] if len(pending) == 1 else b"".join(pending)
        pending.clear()
        if connection.socket.send(data) > UNSENT_MAX:
            connection.drop()


class Connection:
    """What the hub delivers to. `held` is a list while missed events are being read: live ones wait in it.

    `floors`: of streams where the journal was read further than the bus had come, the last change it held. `is_open` until
    the socket is gone; `resuming` is held while missed events are read.
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
        # Tabs share a socket and each may ask for what it missed; two at once would share what waits.
        self.resuming = asyncio.Lock()
        self.typed: dict[int, float] | None = None
        self.pending: list[bytes] = []

    def deliver(self, topic: Topic, ev: int, data: bytes) -> None:
        """An event of a stream; it waits while the connection catches up."""
        if self.held is None and not self.floors:
            # As `send` does it, without the calls: most of what a message costs is done here, for each of its hearers.
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
        """A finished frame, written at the end of the tick."""
        if not self.pending:
            self._flusher.mark(self)
        self.pending.append(data)

    def drop(self) -> None:
        """End a connection whose peer does not read, or missed too much."""
        self.socket.close(Closed.TOO_SLOW, "too slow")
