"""Tests that a peer that does not read costs no more than the ceiling.

Frames of every kind are written to it, before hello and after.
"""

import asyncio
import contextlib
import queue
import socket as sockets
import threading
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import uvicorn

from messenger.adapters import socket as shared
from messenger.adapters.socket import picows, sansio
from messenger.kernel.address import Proxies
from messenger.kernel.origin import Origins
from messenger.kernel.ports.socket import UNSENT_MAX, Entrance, Socket, text_frame

PIECE, PIECES = 50_000, 400
PING = b"\x89\xfd\0\0\0\0" + bytes(125)
HANDSHAKE = (
    b"GET /api/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Silent:
    """Keeps its socket, and notes when a frame came and when the socket ended."""

    def __init__(self, opened: "queue.Queue[Silent]") -> None:
        self._opened = opened
        self.socket: Socket
        self.spoken, self.gone = threading.Event(), threading.Event()

    def opened(self, socket: Socket) -> None:
        self.socket = socket
        self._opened.put(self)

    def heard(self, size: int) -> None:
        pass

    def frame(self, data: bytes) -> None:
        self.spoken.set()
        self.socket.send(text_frame(data))

    def closed(self) -> None:
        self.gone.set()


Bare = tuple[int, queue.Queue[Silent]]


@pytest.fixture(params=[(picows, Silent), (sansio, Silent)], ids=["picows", "sansio"])
def bare(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bare]:
    """Serves a driver with recording sessions, in a thread of this process; yields the port and the sessions."""
    monkeypatch.setattr(shared, "SLOW_S", 1)
    driver: ModuleType = request.param[0]
    session: type[Silent] = request.param[1]
    sessions: queue.Queue[Silent] = queue.Queue()

    async def nothing(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("only sockets come here")

    with sockets.create_server(("127.0.0.1", 0)) as listening:
        entrance = Entrance(lambda: session(sessions), Proxies([]), Origins("http://127.0.0.1", is_local=True))
        config = uvicorn.Config(nothing, ws=driver.make(entrance), lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1], sessions
        finally:
            server.should_exit = True
            thread.join(10)


def _connected(bare: Bare) -> tuple[sockets.socket, Silent]:
    """Returns a peer with small buffers, and its session of the server."""
    port, sessions = bare
    peer = sockets.socket()
    peer.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    peer.connect(("127.0.0.1", port))
    peer.sendall(HANDSHAKE)
    assert peer.recv(4096).startswith(b"HTTP/1.1 101")
    return peer, sessions.get(timeout=10)


def _flood(peer: sockets.socket, frame: bytes, session: Silent) -> tuple[int, bytes]:
    """Sends without reading until the server takes no more; returns the most that it kept, and the rest of a frame."""
    most, rest = 0, b""
    peer.setblocking(False)
    last = time.monotonic()
    while time.monotonic() < last + 0.5:
        most = max(most, session.socket.buffered())
        assert most < 8 * UNSENT_MAX
        many = rest + frame * (65_536 // len(frame))
        try:
            rest = many[peer.send(many) :]
        except BlockingIOError:
            time.sleep(0.01)
        except ConnectionError:
            break
        else:
            rest, last = rest[: len(rest) % len(frame)], time.monotonic()
    return most, rest


def _read(peer: sockets.socket) -> None:
    with contextlib.suppress(ConnectionError):
        while peer.recv(65_536):
            pass


@pytest.mark.parametrize("frame", [PING, b"\x81\xfd\0\0\0\0" + b"a" * 125], ids=["pings", "frames"])
def test_who_asks_and_does_not_read_is_not_read_from(bare: Bare, frame: bytes) -> None:
    peer, session = _connected(bare)
    assert _flood(peer, frame, session)[0] < shared.STOP_BYTES * 2
    assert session.gone.wait(10), "the peer is disconnected"
    peer.close()


def test_a_close_that_is_not_answered_is_the_end_all_the_same(bare: Bare) -> None:
    peer, session = _connected(bare)
    peer.sendall(b"\x82\x80\0\0\0\0")
    _flood(peer, PING, session)
    assert session.gone.wait(10)
    peer.close()


class Talkative(Silent):
    """Answers each frame with a large one, at the pace at which it is taken."""

    def frame(self, data: bytes) -> None:
        self.telling = asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        for _ in range(PIECES):
            self.socket.send(text_frame(bytes(PIECE)))
            await self.socket.taken()
        self.spoken.set()


@pytest.mark.parametrize("bare", [(picows, Talkative), (sansio, Talkative)], indirect=True)
def test_pieces_wait_until_they_are_taken(bare: Bare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "SLOW_S", 60)
    peer, session = _connected(bare)
    peer.sendall(b"\x81\x80\0\0\0\0")
    assert not session.spoken.wait(1)
    assert session.socket.buffered() < shared.STOP_BYTES * 2
    peer.settimeout(10)
    got = 0
    while got < PIECE * PIECES:
        got += len(peer.recv(65_536))
    assert session.spoken.wait(10)
    peer.close()


def test_who_reads_again_is_heard_again(bare: Bare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "SLOW_S", 60)
    peer, session = _connected(bare)
    unread, rest = _flood(peer, PING, session)
    assert unread > shared.STOP_BYTES
    peer.settimeout(10)
    reading = threading.Thread(target=_read, args=(peer,))
    reading.start()
    peer.sendall(rest + b"\x81\x81\0\0\0\0a")
    assert session.spoken.wait(10)
    assert not session.gone.is_set()
    peer.shutdown(sockets.SHUT_RDWR)
    reading.join(10)
    peer.close()
