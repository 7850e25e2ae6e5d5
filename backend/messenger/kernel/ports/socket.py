"""A socket as the realtime floor sees it, whichever driver carries it."""

from typing import Any, Protocol


class Socket(Protocol):
    """One open WebSocket. All calls on the event loop; none waits."""

    address: str
    """The peer's address, for limits and the list of sessions."""
    device: str
    """The `User-Agent` of the handshake, cut to 200 characters."""

    def send(self, frames: list[bytes]) -> None:
        """Write text frames (UTF-8 payloads) in order, in one write."""

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye and close; pending bytes are still written."""

    def abort(self) -> None:
        """Drop the connection at once."""

    def buffered(self) -> int:
        """Bytes that the peer has not taken yet."""


class Session(Protocol):
    """What the realtime floor offers to a socket driver: one object per connection."""

    def opened(self, socket: Socket) -> None:
        """The handshake is done."""

    def frame(self, data: bytes) -> None:
        """A text frame (UTF-8 payload) arrived. The driver has refused binary, oversized and invalid ones."""

    def closed(self) -> None:
        """The connection is gone, whoever ended it. Called exactly once."""


class SessionFactory(Protocol):
    """Makes the session of a new connection."""

    def __call__(self) -> Any:
        """A new `Session`."""
