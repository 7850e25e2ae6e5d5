"""Connections that are silent, slow, too many or too large do not stop the others."""

import socket
import time
from typing import Any

import httpx
import pytest

from tests.server import Served
from tests.wire import dial

SLOW_S = 12.0
"""A little more than the guard's ten seconds."""


def _connected(server: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def _answer(connection: socket.socket) -> bytes:
    """What came until the server closed."""
    got = b""
    try:
        while part := connection.recv(65_536):
            got += part
    except ConnectionResetError:
        pass
    return got


def test_the_silent_and_the_slow_are_let_go(serve: Any) -> None:
    """All at once, because each takes its ten seconds."""
    server = serve()
    silent, slow_head, slow_body, idle = (_connected(server) for _ in range(4))
    slow_head.sendall(b"GET /api/healthz HTTP/1.1\r\nHost: a\r\n")
    slow_body.sendall(
        b"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
    )
    idle.sendall(b"GET /api/healthz HTTP/1.1\r\nHost: a\r\n\r\n")
    began = time.monotonic()
    while time.monotonic() - began < SLOW_S:
        slow_head.sendall(b"X") if time.monotonic() - began < 9 else None
        slow_body.sendall(b" ") if time.monotonic() - began < 9 else None
        idle.sendall(b"\r\n") if time.monotonic() - began < 9 else None
        assert httpx.get(f"{server.url}/api/healthz").status_code == 200
        time.sleep(1)
    for connection in (silent, slow_head):
        assert b" 408 " in _answer(connection)
    assert b'{"status":"ok"}' in _answer(idle)
    assert time.monotonic() - began < SLOW_S + 3, "bytes that begin no request buy no time"
    slow_body.settimeout(8)
    _answer(slow_body)


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
def test_heads_that_are_too_large_or_none(serve: Any, head: bytes, status: bytes) -> None:
    connection = _connected(serve())
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


def test_sockets_that_say_nothing_are_limited(serve: Any) -> None:
    server = serve()
    silent = [dial(server.socket_url) for _ in range(20)]
    one_more = dial(server.socket_url)
    with pytest.raises(Exception, match="4429"):
        one_more.recv(timeout=5)
    for one in silent:
        one.close()


def test_a_body_without_a_token_is_small(serve: Any) -> None:
    server = serve()
    body = b'{"email":"' + b"a" * 70_000 + b'"}'
    answer = httpx.post(f"{server.url}/api/auth/login", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
