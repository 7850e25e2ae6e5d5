"""Tests that a client that sends too much is disconnected.

Its frames may be answered or not, read by the server or by the driver, sent before hello or after.
"""

import contextlib
import json
import random
import time
import uuid
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from messenger.realtime.plate.rates import FRAMES
from tests.server import Served, started
from tests.wire import dial
from tests.world import PASSWORD, Person


@pytest.fixture(scope="module", params=["picows", "sansio"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with started(tmp_path_factory.mktemp("data"), SOCKET_DRIVER=request.param, TRUSTED_PROXIES="127.0.0.1") as running:
        yield running


def _person(served: Served) -> Person:
    """Registers a person from a new address: few may register from one address."""
    email = f"{uuid.uuid4().hex}@example.org"
    body = {"email": email, "password": PASSWORD, "name": "ann"}
    elsewhere = {"x-forwarded-for": str(ip_address(random.getrandbits(32)))}
    answer = httpx.post(f"{served.url}/api/auth/register", json=body, headers=elsewhere)
    return Person(served, answer.json(), email)


def _frame(type_: str, **data: Any) -> str:
    return json.dumps({"type": type_, "ref": "r", "data": data})


def _text(type_: str, **data: Any) -> bytes:
    return Frame(Opcode.TEXT, _frame(type_, **data).encode()).serialize(mask=True)


PING = b"\x89\x80\0\0\0\0"
PONG = b"\x8a\x80\0\0\0\0"
FLOODS: dict[str, bytes] = {
    "pong": _text("pong"),
    "typing": _text("typing.set", chat_id=1),
    "refused": _text("message.delete", chat_id=1, seq=1),
    "unknown": _text("no.such.frame"),
    "pings": PING * 8,
    "pongs": PONG * 8,
    "bytes": _text("pong", more="a" * 60_000),
}


def _flooded(socket: Any, flood: bytes) -> int:
    """Sends until the server closes, reads its answers, and returns the close code.

    A client that leaves 16 answers unread stops reading, and the close frame comes after them. The bytes bypass the
    client: its `send` waits for the lock that its reader needs, and would hide that the server stopped reading.
    """
    deadline = time.monotonic() + 20
    with contextlib.suppress(ConnectionClosed, OSError):
        while time.monotonic() < deadline:
            socket.socket.sendall(flood)
            with contextlib.suppress(TimeoutError):
                socket.recv(timeout=0)
    try:
        while True:
            socket.recv(timeout=5)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else 0


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_who_sends_too_much_is_let_go(served: Served, flood: bytes) -> None:
    with _person(served).device() as other:
        assert _flooded(_person(served).device()._socket, flood) == 4429
        assert other.ask("presence.watch", {"user_ids": []})["type"] == "ack", "other people are not disconnected"


@pytest.mark.parametrize("flood", [FLOODS["pings"], FLOODS["pongs"]], ids=["pings", "pongs"])
def test_before_hello_too(served: Served, flood: bytes) -> None:
    assert _flooded(dial(served.socket_url), flood) == 4429


def test_all_sockets_of_a_person_count_together(served: Served) -> None:
    ann = _person(served)
    one, other = ann.device(), ann.device()
    _flooded(one._socket, FLOODS["pong"])
    assert _flooded(other._socket, FLOODS["pong"]) == 4429


def test_what_is_allowed_is_answered(served: Served) -> None:
    with _person(served).device() as device:
        for _ in range(FRAMES.rate.burst - 5):
            assert device.ask("presence.watch", {"user_ids": []})["type"] == "ack"
