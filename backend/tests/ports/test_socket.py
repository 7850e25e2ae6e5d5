"""Tests one contract for both socket drivers: an independent client talks to the real server."""

import contextlib
import json
import socket as sockets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.server import Served, started
from tests.wire import dial
from tests.world import World


@pytest.fixture(scope="module", params=["picows", "sansio"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with started(tmp_path_factory.mktemp("data"), SOCKET_DRIVER=request.param, RATE_LIMITS="off") as running:
        yield running


def _code(socket: Any) -> int:
    with pytest.raises(ConnectionClosed) as caught:
        while True:
            socket.recv(timeout=10)
    assert caught.value.rcvd is not None
    return int(caught.value.rcvd.code)


def test_http_lives_on_the_same_port(served: Served) -> None:
    with dial(served.socket_url) as socket:
        assert socket.subprotocol == "web-messenger.v1"
        assert httpx.get(f"{served.url}/api/healthz").json() == {"status": "ok"}


def test_frames_large_and_in_fragments(served: Served) -> None:
    ann = World(served).person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    with ann.device() as device:
        assert len(device.say(chat, "ж" * 15_000)["text"]) == 15_000
        frame = json.dumps({"type": "receipt.read", "ref": "parts", "data": {"chat_id": chat, "seq": 1}})
        device._socket.send([frame[:10], frame[10:20], frame[20:]])
        assert device.expect("ack", ref="parts")["data"]["read_seq"] == 1
        assert device._socket.ping().wait(5)


def test_what_is_refused(served: Served) -> None:
    with dial(served.socket_url) as socket:
        socket.send(b"binary")
        assert _code(socket) == 4400
    with dial(served.socket_url) as socket:
        socket.send("x" * 70_000)
        assert _code(socket) == 1009
    with dial(served.socket_url) as socket:
        with contextlib.suppress(ConnectionClosed):  # it may be over before the last part is sent
            socket.send(["x"] * 40)
        assert _code(socket) == 1009
    with pytest.raises(InvalidStatus) as elsewhere:
        dial(served.socket_url.replace("/api/ws", "/api/other"))
    assert elsewhere.value.response.status_code == 404
    with pytest.raises(InvalidStatus) as foreign:
        dial(served.socket_url, origin="https://evil.example")
    assert foreign.value.response.status_code == 403


def test_handshakes_for_other_names_and_of_several_origins_are_refused(served: Served) -> None:
    ours = f"http://127.0.0.1:{served.port}"
    for odd, status in (
        ({"Host": "rebound.example"}, 421),
        ({"Origin": "https://127.0.0.1:8204.evil.example"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Origin": [ours, ours]}, 403),
    ):
        assert _handshake(served, **odd).startswith(f"HTTP/1.1 {status} ".encode()), odd
    assert _handshake(served, Origin=ours).startswith(b"HTTP/1.1 101 ")
    assert "Traceback" not in served.settled()


def _handshake(served: Served, **headers: str | list[str]) -> bytes:
    """Returns the answer to a handshake with these headers."""
    usual: dict[str, str | list[str]] = {
        "Host": "localhost",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
    }
    usual |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "web-messenger.v1"}
    sent = usual | headers
    lines = [f"{name}: {one}" for name, of in sent.items() for one in ([of] if isinstance(of, str) else of)]
    with sockets.create_connection(("127.0.0.1", served.port), 10) as socket:
        socket.sendall("\r\n".join(["GET /api/ws HTTP/1.1", *lines, "", ""]).encode())
        return socket.recv(4096)


@pytest.mark.parametrize("driver", ["picows", "sansio"])
def test_silent_sockets_are_counted_by_client_not_by_proxy(driver: str, tmp_path: Path) -> None:
    with started(tmp_path, SOCKET_DRIVER=driver, TRUSTED_PROXIES="127.0.0.1") as running:

        def silent(address: str) -> Any:
            return dial(running.socket_url, additional_headers={"X-Forwarded-For": f"198.51.100.1, {address}"})

        crowd = [silent(f"203.0.113.{n}") for n in range(30)]
        others = [silent("203.0.113.77") for _ in range(20)]
        assert _code(silent("203.0.113.77")) == 4429
        for one in (*crowd, *others):
            assert one.ping().wait(10)
            one.close()


def test_bytes_that_are_no_frames(served: Served) -> None:
    with dial(served.socket_url) as socket:
        socket.socket.sendall(b"\xff\xff\xff\xff\xff")
        assert _code(socket) in (1002, 1009)
    with dial(served.socket_url) as socket:
        socket.socket.sendall(b"\x81\x81\0\0\0\0\xff")
        assert _code(socket) == 1007


def test_close_codes_are_echoed(served: Served) -> None:
    socket = dial(served.socket_url)
    socket.close(4321, "bye")
    assert socket.protocol.close_rcvd is not None
    assert socket.protocol.close_rcvd.code == 4321


def test_an_abrupt_end_leaves_nothing(served: Served) -> None:
    world = World(served)
    ann = world.person("ann")
    for _ in range(15):
        device = ann.device()
        device._socket.socket.shutdown(sockets.SHUT_RDWR)
    with ann.device() as device:
        assert device.ready


def test_who_does_not_read_is_let_go(served: Served) -> None:
    world = World(served)
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    slow = sockets.create_connection(("127.0.0.1", served.port))
    slow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    slow.sendall(
        b"GET /api/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    hello = json.dumps({"type": "hello", "data": {"token": ann.tokens["access_token"]}}).encode()
    slow.sendall(b"\x81\xfe" + len(hello).to_bytes(2, "big") + b"\0\0\0\0" + hello)
    with ann.device() as device:
        for _ in range(600):
            device.say(chat, "ж" * 5000)
        assert device.ask("presence.watch", {"user_ids": []})["type"] == "ack", "other sockets are not held up"
    slow.close()


OURS = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def _shaken(served: Served, begin: str = "GET /api/ws HTTP/1.1", **changes: Any) -> tuple[sockets.socket, int]:
    """Returns a connection and the status of its handshake: `OURS` with other, repeated or removed headers."""
    lines = [begin]
    for name, value in (OURS | changes).items():
        values = value if isinstance(value, list) else [] if value is None else [value]
        lines += [f"{name}: {one}" for one in values]
    peer = sockets.create_connection(("127.0.0.1", served.port), timeout=10)
    peer.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
    said = b""
    while b"\r\n\r\n" not in said and (part := peer.recv(1)):
        said += part
    return peer, int(said.split(b" ", 2)[1]) if said else 0


HANDSHAKES: list[tuple[int, dict[str, Any]]] = [
    (101, {}),
    (101, {"Connection": "keep-alive, Upgrade"}),
    (101, {"Upgrade": "WebSocket"}),
    (101, {"Sec-WebSocket-Protocol": "web-messenger.v1"}),
    (101, {"Sec-WebSocket-Protocol": "other.v2, web-messenger.v1"}),
    (101, {"Sec-WebSocket-Protocol": "other.v2"}),
    (101, {"Sec-WebSocket-Extensions": "permessage-deflate"}),
    (101, {"begin": "GET /api/ws?token=no HTTP/1.1"}),
    (101, {"Cookie": "a" * 5_000}),
    (101, {"Content-Length": "0"}),
    (400, {"Content-Length": "5"}),
    (400, {"Transfer-Encoding": "chunked"}),
    (400, {"Host": None}),
    (400, {"Host": ["127.0.0.1", "127.0.0.1"]}),
    (400, {"Sec-WebSocket-Key": None}),
    (400, {"Sec-WebSocket-Key": ""}),
    (400, {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ"}),
    (400, {"Sec-WebSocket-Key": "dGhlIHNhbXBsZQ=="}),
    (400, {"Sec-WebSocket-Key": ["dGhlIHNhbXBsZSBub25jZQ=="] * 2}),
    (400, {"begin": "POST /api/ws HTTP/1.1"}),
    (400, {"begin": "GET /api/ws HTTP/1.0"}),
    (403, {"Origin": "https://evil.example"}),
    (403, {"Origin": ["http://127.0.0.1", "http://127.0.0.1"]}),
    (404, {"begin": "GET /api/other HTTP/1.1"}),
    (421, {"Host": "evil.example"}),
    (426, {"Sec-WebSocket-Version": None}),
    (426, {"Sec-WebSocket-Version": "8"}),
    (426, {"Sec-WebSocket-Version": "14"}),
    (426, {"Sec-WebSocket-Version": ["13", "13"]}),
    (431, {"Cookie": "a" * 8_000}),
    (431, {"begin": f"GET /api/ws?{'a' * 8_000} HTTP/1.1"}),
]


@pytest.mark.parametrize(("status", "changes"), HANDSHAKES, ids=lambda one: str(one)[:60])
def test_handshakes_that_are_taken_and_refused(served: Served, status: int, changes: dict[str, Any]) -> None:
    peer, said = _shaken(served, **changes)
    peer.close()
    assert said == status


def _masked(first: int, data: bytes = b"", *, fin: bool = True) -> bytes:
    """Returns a frame of a client under the mask 0; `first` holds opcode and reserved bits."""
    size = bytes((0x80 | len(data),)) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return bytes((first | (0x80 if fin else 0),)) + size + b"\0\0\0\0" + data


def _close(code: int, reason: bytes = b"") -> bytes:
    return _masked(8, code.to_bytes(2, "big") + reason)


FRAMES: dict[str, tuple[int, bytes]] = {
    "reserved bit 1": (1002, _masked(0x41, b"{}")),
    "reserved bit 2": (1002, _masked(0x21, b"{}")),
    "reserved bit 3": (1002, _masked(0x11, b"{}")),
    "reserved bit of a ping": (1002, _masked(0x49)),
    "reserved bit of a close": (1002, _masked(0x48, b"\x03\xe8")),
    **{f"opcode {code}": (1002, _masked(code)) for code in (3, 7, 0xB, 0xF)},
    "without a mask": (1002, b"\x81\x02{}"),
    "a ping in parts": (1002, _masked(9, b"", fin=False)),
    "a long ping": (1002, _masked(9, b"a" * 126)),
    "a continuation of nothing": (1002, _masked(0, b"{}")),
    "a message within another": (1002, _masked(1, b"{", fin=False) + _masked(1, b"{}")),
    "a close within a message": (1002, _masked(1, b"{", fin=False) + _close(1000)),
    "binary": (4400, _masked(2, b"{}")),
    "binary in parts": (4400, _masked(2, b"{}", fin=False)),
    "no UTF-8": (1007, _masked(1, b"\xff")),
    "a surrogate": (1007, _masked(1, b"\xed\xa0\x80")),
    "a reason that is no UTF-8": (1007, _close(1000, b"\xff")),
    "half a close code": (1002, _masked(8, b"\x03")),
    **{
        f"close {code}": (1002, _close(code))
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 65_535)
    },
    **{
        f"close {code}": (code, _close(code, b"bye"))
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
    },
    "too big": (1009, b"\x81\xff" + (70_000).to_bytes(8, "big") + b"\0\0\0\0"),
    "too big in parts": (1009, _masked(1, b"a" * 60_000, fin=False) + _masked(0, b"a" * 60_000)),
    "too many parts": (1009, _masked(1, b"a", fin=False) + _masked(0, b"a", fin=False) * 20),
    "no frame of ours": (4400, _masked(1, b"hello")),
    "a ping between parts": (4400, _masked(1, b"hel", fin=False) + _masked(9, b"!") + _masked(0, b"lo")),
}


@pytest.mark.parametrize(("code", "data"), FRAMES.values(), ids=FRAMES)
def test_frames_that_end_a_connection(served: Served, code: int, data: bytes) -> None:
    """Reads without a library, which would have its own view of codes that may not be sent."""
    peer, _ = _shaken(served)
    peer.sendall(data)
    said = b""
    while part := peer.recv(4096):
        said += part
    peer.close()
    while said[0] != 0x88:
        assert said[1] < 126, "only short frames come before"
        said = said[2 + said[1] :]
    assert int.from_bytes(said[2:4], "big") == code
    assert said[2 + said[1] :] == b"", "nothing follows a close"
