"""The interface between the realtime floor and the socket drivers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from http import HTTPStatus
from typing import Final, Protocol

from messenger.kernel.address import Proxies
from messenger.kernel.origin import Origins

PATH: Final = "/api/ws"
VERSION: Final = "13"
SUBPROTOCOL: Final = "web-messenger.v1"
FRAME_MAX: Final = 65_536
"""Bytes of a frame or message from a client."""
FRAGMENTS_MAX: Final = 16
DEVICE_MAX: Final = 200
UNSENT_MAX: Final = 1024 * 1024
"""Unsent bytes of a peer: with more it is disconnected."""


class Closed(IntEnum):
    """The reason why a socket is closed (`API_CONTRACT.md` section 3; tests compare both with the client's list).

    Other codes belong to the protocol (RFC 6455).
    """

    TOO_BIG = 1009
    RESTART = 1012
    OVERLOADED = 1013
    PROTOCOL = 4400
    UNAUTHENTICATED = 4401
    REVOKED = 4403
    TOO_SLOW = 4408
    TOO_MANY = 4429


class Socket(Protocol):
    """One open WebSocket. All calls are made on the event loop; only `taken` waits.

    A peer that reads too little of what was written is not read from meanwhile, and is disconnected when that lasts:
    `adapters/socket/__init__.py`.
    """

    address: str
    """The client's address (`Entrance.address`), for limits."""
    device: str
    """The `User-Agent` of the handshake, cut to 200 characters."""

    def send(self, data: bytes) -> int:
        """Writes any number of finished frames (`text_frame`) in one write. Returns `buffered()`."""

    async def taken(self) -> None:
        """Waits until the peer has read enough of what was written, or is gone; at least until the end of the tick."""

    def close(self, code: int, reason: str = "") -> None:
        """Sends a close frame and closes; a peer that reads still gets what waits for it."""

    def abort(self) -> None:
        """Drops the connection at once."""

    def buffered(self) -> int:
        """Returns how many bytes the peer has not read yet."""


class Session(Protocol):
    """The interface that the realtime floor offers to a socket driver: one object per connection."""

    def opened(self, socket: Socket) -> None:
        """Begins the session, after the handshake."""

    def heard(self, size: int) -> None:
        """Counts a frame with `size` bytes of data, whatever it is, also a ping or part of a message.

        The driver calls this before it handles the frame; afterwards the socket may be closed.
        """

    def frame(self, data: bytes) -> None:
        """Handles a text frame (UTF-8 payload). The driver has refused binary, oversized and invalid ones."""

    def closed(self) -> None:
        """Ends the session: the connection is gone, whichever side ended it. Called exactly once."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The sessions of new connections and the checks of a handshake that every driver makes.

    `header(name)` returns all values of a header of the handshake in their order.
    """

    make_session: Callable[[], Session]
    proxies: Proxies
    origins: Origins

    def refusal(self, path: str, header: Callable[[str], Sequence[str]]) -> HTTPStatus | None:
        """Returns the status that refuses a handshake; `None` for an acceptable one."""
        if len(header("Host")) != 1 or len(header("Sec-WebSocket-Key")) != 1:
            return HTTPStatus.BAD_REQUEST
        if path.partition("?")[0] != PATH:
            return HTTPStatus.NOT_FOUND
        if list(header("Sec-WebSocket-Version")) != [VERSION]:
            return HTTPStatus.UPGRADE_REQUIRED
        if not self.origins.is_host(header("Host")):
            return HTTPStatus.MISDIRECTED_REQUEST
        if not self.origins.may_call(header("Origin")):
            return HTTPStatus.FORBIDDEN
        return None

    def device(self, header: Callable[[str], Sequence[str]]) -> str:
        """Returns the User-Agent of the client, cut to `DEVICE_MAX`."""
        return " ".join(header("User-Agent"))[:DEVICE_MAX]

    def address(self, peer: str, header: Callable[[str], Sequence[str]]) -> str:
        """Returns the address of the client behind `peer`."""
        return self.proxies.client(peer, header("X-Forwarded-For"))


def text_frame(payload: bytes) -> bytes:
    """Returns a whole WebSocket text frame from server to client: the same bytes for every recipient."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload
