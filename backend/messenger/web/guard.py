"""Guards every connection: sets deadlines for incoming and outgoing bytes, and limits of open connections.

uvicorn waits for a request as long as its sender likes, so a few hundred silent connections would stop a server.
"""

import asyncio
import logging
import resource
import time
from collections import Counter
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from messenger.kernel.address import Proxies, network

log = logging.getLogger("messenger.http")

HEAD_S: Final = 10.0
"""Seconds for the first byte of a connection, and from a request's first byte to the end of its headers."""
BODY_S: Final = 10.0
BODY_RATE: Final = 1024
"""Bytes a second of a body on average, once `BODY_S` have passed."""
WRITE_S: Final = 30.0
"""Seconds for a peer to take the written bytes, once they are more than uvicorn lets wait (64 KiB)."""
LINE_MAX: Final = 8 * 1024
HEADERS_MAX: Final = 32 * 1024
HEADER_LINES_MAX: Final = 100
HANDSHAKE_MAX: Final = 7 * 1024
"""Bytes of a socket's address and headers: both drivers take as much."""
DESCRIPTORS_KEPT: Final = 64
"""Descriptors that stay free for files and the database; a tenth of all, where that is more."""
SAID_S: Final = 60.0


class Guard:
    """The open connections: per network, and in all. `most` per network (0: any number), but of `proxies` any number.

    `head_s`, `body_s`, `write_s`: the deadlines, see `HEAD_S`, `BODY_S` and `WRITE_S`.
    """

    def __init__(
        self,
        most: int,
        proxies: Proxies,
        *,
        head_s: float = HEAD_S,
        body_s: float = BODY_S,
        write_s: float = WRITE_S,
    ) -> None:
        self._most, self._proxies = most, proxies
        self.head_s, self.body_s, self.write_s = head_s, body_s, write_s
        self._open: Counter[str] = Counter()
        self._total = _descriptors()
        self._said_at = 0.0

    def admit(self, address: str, connections: int) -> bool:
        """Counts a new connection of a network; returns `False` when there are too many, of it or in all."""
        if connections > self._total:
            self._say("no descriptors are left for more connections; raise the limit of open files (ulimit -n)")
            return False
        whose = network(address)
        if self._most and self._open[whose] >= self._most and not self._proxies.trusts(address):
            self._say(f"{whose} has {self._most} open connections (MAX_CONNECTIONS_PER_ADDRESS); refusing more")
            return False
        self._open[whose] += 1
        return True

    def leave(self, address: str) -> None:
        """Uncounts a connection that is gone, or became a socket, which has limits of its own."""
        whose = network(address)
        self._open[whose] -= 1
        if self._open[whose] <= 0:
            del self._open[whose]

    def protocol(self) -> type[asyncio.Protocol]:
        """Returns the class for `uvicorn.Config(http=…)`."""
        guard = self

        class Bound(GuardedProtocol):
            def __init__(self, config: uvicorn.Config, server_state: Any, app_state: Any, **more: Any) -> None:
                super().__init__(config, server_state, app_state, **more)
                self.guard = guard

        return Bound

    def _say(self, what: str) -> None:
        if time.monotonic() - self._said_at > SAID_S:
            self._said_at = time.monotonic()
            log.warning("%s", what)


def _descriptors() -> int:
    """Raises the limit of open files as far as allowed; returns how many connections that leaves room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft == resource.RLIM_INFINITY:
        soft = 65_536
    return soft - max(DESCRIPTORS_KEPT, soft // 10)


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with deadlines: one timer a connection, for the event that is awaited now."""

    guard: Guard

    def __init__(self, config: uvicorn.Config, server_state: Any, app_state: Any, **more: Any) -> None:
        super().__init__(config, server_state, app_state, **more)
        self._address = ""
        self._timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._head_bytes = self._body_bytes = self._header_bytes = 0
        self._in_head = True
        self._body_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        address = self.client[0] if self.client else ""
        if not self.guard.admit(address, len(self.connections)):
            self._refuse(b"503 Service Unavailable")
            return
        self._address = address
        self._await(self.guard.head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._release()
        self._was_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._timer is None and (self.cycle is None or self.cycle.response_complete):
            # uvicorn's timer of idle connections ends with any byte, also with one that begins no request.
            self._in_head = True
            self._await(self.guard.head_s)
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > LINE_MAX + HEADERS_MAX and not self.transport.is_closing():
            self._refuse(b"431 Request Header Fields Too Large")

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_timer = self.loop.call_later(self.guard.write_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._was_read()

    def handle_websocket_upgrade(self) -> None:
        """Checks a handshake before a driver gets it.

        uvicorn passes on no version, and a body would be taken for frames.
        """
        if self.transport.is_closing():
            return
        headers = dict(self.headers)
        has_body = b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"
        # picows repeats the version it refuses, and can say nothing else.
        is_ascii = all(value.isascii() for name, value in self.headers if name.startswith(b"sec-websocket"))
        if len(self.url) + self._header_bytes > HANDSHAKE_MAX:
            self._refuse(b"431 Request Header Fields Too Large")
        elif has_body or not is_ascii or self.parser.get_method() != b"GET" or self.parser.get_http_version() != "1.1":
            self._refuse(b"400 Bad Request")
        else:
            self._release()
            super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header_bytes = 0
        self._in_head = True
        self._await(self.guard.head_s)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > LINE_MAX:
            self._refuse(b"414 URI Too Long")

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if self._header_bytes > HEADERS_MAX or len(self.headers) > HEADER_LINES_MAX:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes, self._body_bytes = False, 0, 0
        self._body_since = self.loop.time()
        if self.transport.is_closing():
            return  # refused above: no request may begin
        super().on_headers_complete()
        self._await(self.guard.body_s)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._rest()
        if not self.transport.is_closing():
            super().on_message_complete()

    def _await(self, seconds: float) -> None:
        self._rest()
        self._timer = self.loop.call_later(seconds, self._late)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        awaited = BODY_RATE * (self.loop.time() - self._body_since)
        is_fast = self.flow.read_paused or self._body_bytes >= awaited
        if self._in_head or not is_fast:
            self._refuse(b"408 Request Timeout")
        else:
            self._await(self.guard.body_s / 2)

    def _was_read(self) -> None:
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None

    def _refuse(self, status: bytes) -> None:
        """Sends a last answer where none has begun, and ends the connection."""
        self._rest()
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def _release(self) -> None:
        self._rest()
        if self._address:
            self.guard.leave(self._address)
            self._address = ""
