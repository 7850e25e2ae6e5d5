"""The sockets of one process: those without a hello yet, and the signed-in ones, by user and by turn."""

import time
from collections import defaultdict
from typing import Final, Protocol

from messenger.doors import limits
from messenger.doors.platform import Platform
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from messenger.kernel.address import network
from messenger.kernel.errors import TooMany
from messenger.kernel.ports.socket import Closed
from messenger.realtime import frames
from messenger.realtime.connection import Connection, write
from messenger.realtime.hub import Hub
from messenger.realtime.plate import rates
from messenger.realtime.plate.settings import SocketSettings
from messenger.realtime.presence import Presence

PING_S: Final = 25
DEAD_S: Final = 60
HELLO_S: Final = 5.0
SILENT_MAX: Final = 20
"""The most sockets of one address that have not said hello yet."""
EXPIRING_MS: Final = 60_000


class Silent(Protocol):
    """A socket that has not said hello yet."""

    @property
    def address(self) -> str:
        """Returns the peer's address."""

    def refuse(self, code: Closed, reason: str) -> None:
        """Closes the socket."""


class Sockets:
    """Counts the sockets of the process. Each second `tick` pings a slice of them and closes those that ended."""

    def __init__(self, platform: Platform, hub: Hub, presence: Presence) -> None:
        self._platform, self._hub, self._presence = platform, hub, presence
        self._waiting: dict[Silent, float] = {}
        self._slices: list[set[Connection]] = [set() for _ in range(PING_S)]
        self._of_user: defaultdict[int, set[Connection]] = defaultdict(set)
        self._entering = self._turn = 0

    @property
    def count(self) -> int:
        """Returns how many sockets are signed in."""
        return sum(map(len, self._of_user.values()))

    def of(self, user_id: int) -> set[Connection]:
        """Returns the signed-in sockets of a user."""
        return self._of_user.get(user_id, set())

    def sessions(self) -> dict[int, int]:
        """Returns the user of each session that has a socket here."""
        return {one.actor.session_id: user_id for user_id, mine in self._of_user.items() for one in mine}

    def await_hello(self, session: Silent) -> None:
        """Notes a socket that opened; its hello must come in time."""
        self._waiting[session] = time.monotonic() + HELLO_S
        if self._platform.config.limits_on and self._silent(session.address) > SILENT_MAX:
            session.refuse(Closed.TOO_MANY, "too many sockets without hello")

    def _silent(self, address: str) -> int:
        return sum(network(session.address) == network(address) for session in self._waiting)

    def forget_hello(self, session: Silent) -> None:
        """Notes that the hello came, or the socket is gone."""
        self._waiting.pop(session, None)

    async def check(self, actor: Actor) -> None:
        """Raises `TooMany` when a user's sockets come too fast, or are as many as they may be."""
        await limits.ask(self._platform, rates.SOCKETS, actor.user_id)
        if self._presence.sockets_of(actor.user_id) >= self._platform.of(SocketSettings).max_sockets_per_user:
            raise TooMany(retry_after_ms=5000)

    def enter(self, connection: Connection) -> None:
        """Notes a socket that signed in."""
        self._of_user[connection.actor.user_id].add(connection)
        self._slices[self._entering].add(connection)
        self._entering = (self._entering + 1) % PING_S
        self._presence.arrived(connection.actor.user_id)

    def leave(self, connection: Connection) -> None:
        """Notes that a signed-in socket is gone."""
        self._hub.leave(connection)
        self._presence.gone(connection)
        for part in self._slices:
            part.discard(connection)
        mine = self._of_user[connection.actor.user_id]
        mine.discard(connection)
        if not mine:
            del self._of_user[connection.actor.user_id]

    def end_session(self, user_id: int, session_id: int) -> None:
        """Closes the sockets of a session that is over."""
        for connection in tuple(self.of(user_id)):
            if connection.actor.session_id == session_id:
                self._hub.leave(connection)
                write((connection,))
                connection.socket.close(Closed.REVOKED, "session ended")

    def tick(self) -> None:
        """Closes sockets whose hello is late, and checks the next slice. Called each second."""
        now = time.monotonic()
        for session, deadline in tuple(self._waiting.items()):
            if now > deadline:
                self._waiting.pop(session, None)
                session.refuse(Closed.UNAUTHENTICATED, "no hello")
        self._turn = (self._turn + 1) % PING_S
        for connection in tuple(self._slices[self._turn]):
            _look_after(connection, now)


def _look_after(connection: Connection, now: float) -> None:
    left_ms = connection.actor.expires_at - clock.now_ms()
    if now - connection.heard_at > DEAD_S:
        connection.socket.abort()
    elif left_ms <= 0:
        connection.socket.close(Closed.UNAUTHENTICATED, "token ended")
    else:
        connection.send(frames.PING)
        if left_ms < EXPIRING_MS + PING_S * 1000:
            connection.send(frames.control("auth_expiring", frames.Expiring(left_ms)))
