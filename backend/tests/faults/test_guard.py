"""Tests that silent, slow, numerous or large connections do not stop the others."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from messenger.kernel.address import Proxies
from messenger.web.guard import BODY_S, HEAD_S, WRITE_S, Guard
from messenger.web.http import PART_MAX, Wrap
from messenger.web.requests import Requests
from tests.server import Served, started
from tests.wire import dial
from tests.world import World


def _connected(server: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def _answer(connection: socket.socket) -> bytes:
    """Returns the bytes until the server closes."""
    got = b""
    try:
        while part := connection.recv(65_536):
            got += part
    except ConnectionResetError:
        pass
    return got


async def _hello(_scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def _guarded(app: Any, **deadlines: float) -> Iterator[int]:
    """Serves a bare application behind a guard with short deadlines, in a thread of this process; yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        guard = Guard(0, Proxies([]), **deadlines)
        config = uvicorn.Config(app, http=guard.protocol(), lifespan="off", log_config=None, timeout_keep_alive=60)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


def test_the_silent_and_the_slow_are_let_go() -> None:
    """Bytes that begin no request, or that come one by one, do not extend the deadline."""
    assert (HEAD_S, BODY_S) == (10, 10), "a silent connection has ten seconds"
    with _guarded(_hello, head_s=1, body_s=1) as port:
        silent, slow_head, slow_body, idle = (socket.create_connection(("127.0.0.1", port), 10) for _ in range(4))
        slow_head.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        slow_body.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n")
        idle.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        said = _drip(port, {silent: b"", slow_head: b"X", slow_body: b" ", idle: b"\r\n"})
        assert [b" 408 " in said[one] for one in (silent, slow_head)] == [True, True]
        assert [b"hello" in said[one] for one in (slow_body, idle)] == [False, True]


def test_what_is_not_read_is_not_produced_and_not_kept() -> None:
    """A slow reader gets the whole answer."""
    assert WRITE_S == 30
    produced: list[int] = []
    ended = threading.Event()
    size, parts = 65_536, 400

    async def much(scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for part in range(parts):
            produced.append(part)
            await send({"type": "http.response.body", "body": bytes(size), "more_body": part < parts - 1})
        ended.set()

    with _guarded(much, write_s=1) as port:
        unread = _asked(port)
        assert ended.wait(20), "the connection ends, and with it all that waits for it"
        unread.close()
        produced.clear()
        unread = _asked(port)
        time.sleep(0.5)
        assert len(produced) < parts // 2
        unread.close()
        slow, got = _asked(port), 0
        while got < 40 * size:
            time.sleep(0.05)
            got += len(slow.recv(size))
        slow.close()


def _asked(port: int) -> socket.socket:
    """Opens a connection with small buffers that sends a request and reads nothing."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.settimeout(20)
    peer.connect(("127.0.0.1", port))
    peer.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    return peer


def test_large_answers_go_in_parts() -> None:
    sent: list[Any] = []
    body = bytes(range(256)) * 1000

    async def large(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Wrap(large, Requests(), is_https=False)(scope, receive, send))
    parts = [one["body"] for one in sent[1:]]
    assert b"".join(parts) == body
    assert max(map(len, parts)) <= PART_MAX
    assert [one.get("more_body", False) for one in sent[1:]] == [True, True, True, False, False]


def _drip(port: int, drops: dict[socket.socket, bytes]) -> dict[socket.socket, bytes]:
    """Returns the last answer of each connection, while it sends byte by byte and others are served."""
    said = dict.fromkeys(drops, b"")
    still = set(drops)
    for _ in range(100):
        assert httpx.get(f"http://127.0.0.1:{port}/", verify=False).text == "hello"
        for one in tuple(still):
            one.settimeout(0.02)
            try:
                one.sendall(drops[one])
                part = one.recv(1024)
            except TimeoutError:
                continue
            except OSError:
                part = b""
            said[one] += part
            if not part:
                still.discard(one)
    assert not still, "single bytes do not extend the deadline"
    return said


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with started(tmp_path_factory.mktemp("data")) as served:
        yield served


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", b" 414 "),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 40_000 + b"\r\n\r\n", b" 431 "),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 120 + b"\r\n", b" 431 "),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 60_000, b" 431 "),
        (b"\x16\x03\x01\x02\x00\x01\x00" + b"\xff" * 200, b" 400 "),
    ],
)
def test_heads_that_are_too_large_or_none(plain: Served, head: bytes, status: bytes) -> None:
    connection = _connected(plain)
    connection.sendall(head)
    assert status in _answer(connection).partition(b"\r\n")[0]


def test_one_address_has_so_many_connections_and_no_more(serve: Any) -> None:
    server = serve(MAX_CONNECTIONS_PER_ADDRESS="5")
    open_ones = [_connected(server) for _ in range(5)]
    time.sleep(0.2)
    assert b" 503 " in _answer(_connected(server))
    open_ones.pop().close()
    time.sleep(0.2)
    assert httpx.get(f"{server.url}/api/healthz").status_code == 200
    for connection in open_ones:
        connection.close()


def test_sockets_that_say_nothing_are_limited(plain: Served) -> None:
    silent = [dial(plain.socket_url) for _ in range(20)]
    one_more = dial(plain.socket_url)
    with pytest.raises(Exception, match="4429"):
        one_more.recv(timeout=5)
    for one in silent:
        one.close()


def test_a_body_without_a_token_is_small(plain: Served) -> None:
    body = b'{"email":"' + b"a" * 70_000 + b'"}'
    answer = httpx.post(f"{plain.url}/api/auth/login", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_a_large_body_needs_a_token_that_is_good(plain: Served) -> None:
    """Endpoints that read the body before they check the sender are included."""
    ann = World(plain).person("ann")
    body = b'{"kind":"saved","more":"' + b"a" * 70_000 + b'"}'
    for path in ("/api/chats", "/api/auth/login", "/api/events"):
        made_up = {"authorization": "Bearer made.up.token", "content-type": "application/json"}
        answer = httpx.post(f"{plain.url}{path}", content=body, headers=made_up)
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.token_invalid")
    assert ann.http.post("/api/chats", content=body, headers={"content-type": "application/json"}).status_code == 201


def test_an_upload_that_breaks_off_leaves_nothing(plain: Served) -> None:
    """Its sender went away, or was disconnected for being slow."""
    lines = (
        "PUT /api/users/me/avatar HTTP/1.1", "Host: localhost", "Content-Type: image/png", "Content-Length: 5000",
        f"Authorization: Bearer {World(plain).person('ann').tokens['access_token']}", "", "",
    )  # fmt: skip
    deadline = time.monotonic() + 20

    def has_files(wanted: bool) -> None:
        while any(path.is_file() for path in (plain.folder / "files").rglob("*")) is not wanted:
            assert time.monotonic() < deadline, plain.log.read_text()
            time.sleep(0.02)

    early = _connected(plain)
    early.sendall("\r\n".join(lines).encode() + b"\x89PNG")
    early.close()
    upload = _connected(plain)
    upload.sendall("\r\n".join(lines).encode() + b"\x89PNG\r\n\x1a\n" + bytes(8))
    has_files(True)
    upload.close()
    has_files(False)
    assert "Traceback" not in plain.settled()
