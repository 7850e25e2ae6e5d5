"""A socket as the realtime floor sees it, whichever driver carries it."""

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
"""Bytes that wait for a peer: with more it is let go."""


class Closed(IntEnum):
    """Why a socket is closed (`API_CONTRACT.md` section 3; a test compares them, and the client's). Other codes are the
    protocol's own (RFC 6455)."""

    TOO_BIG = 1009
    RESTART = 1012
    OVERLOADED = 1013
    PROTOCOL = 4400
    UNAUTHENTICATED = 4401
    REVOKED = 4403
    TOO_SLOW = 4408
    TOO_MANY = 4429


class Socket(Protocol):
    """One open WebSocket. All calls on the event loop; only `taken` waits.

    Who takes little of what was written is not read from meanwhile, and is let go when that lasts: `adapters/socket/__init__.py`.
    """

    address: str
    """The client's address (`Entrance.address`), for limits."""
    device: str
    """The `User-Agent` of the handshake, cut to 200 characters."""

    def send(self, data: bytes) -> int:
        """Write finished frames (`text_frame`), as many as there are, in one write. Returns `buffered()`."""

    async def taken(self) -> None:
        """Wait until what was written is no longer too much for the peer, or it is gone; at least for the end of the tick."""

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye and close; a peer that reads still gets what waits for it."""

    def abort(self) -> None:
        """Drop the connection at once."""

    def buffered(self) -> int:
        """Bytes that the peer has not taken yet."""


class Session(Protocol):
    """What the realtime floor offers to a socket driver: one object per connection."""

    def opened(self, socket: Socket) -> None:
        """The handshake is done."""

    def heard(self, size: int) -> None:
        """A frame with `size` bytes of data arrived, whatever it is, also a ping or part of a message.

        Called before anything is done with it; afterwards the socket may be closed.
        """

    def frame(self, data: bytes) -> None:
        """A text frame (UTF-8 payload) arrived. The driver has refused binary, oversized and invalid ones."""

    def closed(self) -> None:
        """The connection is gone, whoever ended it. Called exactly once."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a driver is made with: who gets new connections, and what every driver asks of a handshake.

    `header(name)` answers all values of a header of the handshake in their order.
    """

    make_session: Callable[[], Session]
    proxies: Proxies
    origins: Origins

    def refusal(self, path: str, header: Callable[[str], Sequence[str]]) -> HTTPStatus | None:
        """The status that refuses a handshake; nothing for one that may be accepted."""
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
        """The client's word for itself, cut to `DEVICE_MAX`."""
        return " ".join(header("User-Agent"))[:DEVICE_MAX]

    def address(self, peer: str, header: Callable[[str], Sequence[str]]) -> str:
        """The address of the client that `peer` speaks for."""
        return self.proxies.client(peer, header("X-Forwarded-For"))


def text_frame(payload: bytes) -> bytes:
    """A whole WebSocket text frame from server to client: the same bytes for every recipient."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload
