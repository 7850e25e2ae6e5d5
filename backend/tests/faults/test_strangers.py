"""Tests everything that a stranger can make up: targets, headers, cursors, tokens, bodies.

No answer is a server error, and no secret comes into the log.
"""

import base64
import json
import random
import socket as sockets
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import msgspec
import pytest

from messenger.features.sessions.tokens import make_access
from messenger.kernel import signing
from messenger.kernel.paging import to_cursor
from tests import migrated
from tests.faults.test_front import fronted
from tests.server import Served, started
from tests.world import Person, World

OWN: list[bytes] = [
    b"/%00", b"/assets/%00.js", b"/docs/%00", b"/" + b"a" * 300, b"/assets/" + b"a" * 300, b"/" + b"a/" * 3000,
    b"/%ff%fe", b"/\xff\xfe", b"/..%2f..%2fetc/passwd", b"/assets/../../etc/passwd", b"//", b"/%", b"/%zz", b"*", b"/?%00",
    b"http://[::1/", b"http://a/b", b"http://", b":80", b"/api/avatars/%00/48", b"/api/avatars/" + b"a" * 300 + b"/48",
    b"/api/invites/%00", b"/api/invites/%ED%A0%80", b"/api/users?query=%00", b"/api/users?query=%ED%A0%80",
    b"/api/chats/%D9%A1", b"/api/chats/1/messages?before=%00", b"/api/chats/1/messages?around=9999-99-99T99:99:99Z",
    b"/api/chats/1/messages?around=0001-01-01T00:00:00Z", b"/api/chats/1/messages?after=" + b"9" * 5000,
    b"/api/events?wait=%C2%B2", b"/api/events?wait=" + b"9" * 5000,
]  # fmt: skip
HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Connection", "Content-Length", "Content-Type", "Cookie",
    "Expect", "Host", "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Origin", "Range",
    "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Traceparent", "Transfer-Encoding", "Upgrade",
    "User-Agent", "X-Client", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID", "\xff",
)  # fmt: skip
VALUES: list[bytes] = [
    b"", b"\xff\xfe", b"[::1", b"http://[::1", b"null", b"9" * 5000, b"-1", b"--5", b",,,", b";q=", b"ru;q=1e999,en;q=nan",
    b'"', b"bytes=-", b"bytes=0-,1-,2-", b"bytes=" + b"9" * 5000 + b"-", b"%00", b"\xd9\xa1", b"rt=\"\\777\"", b"Bearer", b"Bearer \xff",
    b"application/json; charset=\xff", b"application/json", b"multipart/form-data", b"Mon, 99 Foo 0000 99:99:99 GMT", b"websocket",
]  # fmt: skip
ASKED = (
    "GET /",
    "GET /theme.js",
    "GET /api/chats",
    "GET /api/server",
    "POST /api/auth/refresh",
    "POST /api/chats",
    "GET /api/ws",
)
ODD_TEXTS: list[Any] = [
    "a\0b@example.org",
    "\0",
    "\ud800",
    "",
    "a" * 300 + "@" + "b" * 300,
    10**400,
    -1,
    1e308,
    [],
    {},
    None,
    True,
]


class Place:
    """Holds a server, the address for requests, and the logs to search."""

    def __init__(self, server: Served, port: int, database: str) -> None:
        self.server, self.port, self.database = server, port, database
        self._read = 0

    def ask(self, head: bytes) -> bytes:
        """Sends bytes, and returns the status of the answer."""
        with sockets.create_connection(("127.0.0.1", self.port), 20) as socket:
            socket.sendall(head)
            return socket.recv(64).partition(b"\r\n")[0].partition(b" ")[2][:3]

    def settled(self) -> str:
        """Returns the new lines of the log, once all requests so far are in it."""
        said = self.server.settled()
        gained, self._read = said[self._read :], len(said)
        return gained


@pytest.fixture(
    scope="module",
    params=[
        "picows",
        "sansio",
        pytest.param("postgres", marks=pytest.mark.scaled),
        pytest.param("front", marks=pytest.mark.scaled),
    ],
)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Yields SQLite with each socket driver, PostgreSQL, and nginx in front of that."""
    folder, kind = tmp_path_factory.mktemp("data"), request.param
    settings = {"RATE_LIMITS": "off", "TRUSTED_PROXIES": "127.0.0.1"}
    if kind in ("picows", "sansio"):
        settings["SOCKET_DRIVER"] = kind
    else:
        settings["DATABASE_URL"] = migrated.scaled(request.getfixturevalue("cluster"))
    with started(folder, **settings) as server:
        if kind != "front":
            yield Place(server, server.port, kind)
            return
        with fronted(tmp_path_factory.mktemp("front"), server.port) as nginx:
            yield Place(server, nginx.port, kind)


def _fine(status: bytes, asked: object) -> None:
    """Checks that no status is a server error; 501 and 505 are nginx's answers to requests that are not HTTP."""
    assert status[:1] in (b"1", b"2", b"3", b"4") or status in (b"501", b"505"), (status, asked)


def _head(target: bytes, *lines: bytes, method: bytes = b"GET") -> bytes:
    usual = [b"Host: localhost", b"Accept: text/html"]
    named = {line.partition(b":")[0].lower() for line in lines}
    kept = [line for line in usual if line.partition(b":")[0].lower() not in named]
    return b"\r\n".join([method + b" " + target + b" HTTP/1.1", *kept, *lines, b"", b""])


def test_targets(place: Place) -> None:
    chance = random.Random(8)
    token = b"Authorization: Bearer " + World(place.server).person("ann").tokens["access_token"].encode()
    drawn = [bytes(chance.choices([*range(33, 127), *range(128, 256)], k=chance.randint(1, 40))) for _ in range(150)]
    drawn += [b"/api/" + one for one in drawn[:50]] + [b"/%" + one.hex()[:2].encode() + one for one in drawn[:50]]
    for target in [*OWN, *drawn]:
        for lines in ([token], [b"Accept: */*"]):
            _fine(place.ask(_head(target, *lines)), target)
    assert "Traceback" not in place.settled()


def test_headers(place: Place) -> None:
    token = b"Authorization: Bearer " + World(place.server).person("ann").tokens["access_token"].encode()
    handshake = [b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13",
                 b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Protocol: web-messenger.v1"]  # fmt: skip
    chance = random.Random(8)
    for name, value in ((name.encode("latin-1"), value) for name in HEADERS for value in VALUES):
        for asked in chance.sample(ASKED, 2):
            method, _, target = asked.encode().partition(b" ")
            others = [token, *(handshake if target == b"/api/ws" else [])]
            kept = [line for line in others if not line.lower().startswith(name.lower() + b":")]
            odd = [name + b": " + value] * chance.randint(1, 2)
            _fine(place.ask(_head(target, *kept, *odd, method=method)), (asked, odd))
    assert "Traceback" not in place.settled()


def test_cursors(place: Place) -> None:
    ann = World(place.server).person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]

    def packed(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode()

    deep = b"\x91" * 3000 + b"\xc0"
    odd = [
        to_cursor("--5", "--5"), to_cursor("a\0b", "1"), to_cursor("a", "1\0"), to_cursor("-", "-"), to_cursor("٣", "٣"), to_cursor("9" * 18, "9" * 18),
        to_cursor("9" * 18), to_cursor("--5"), to_cursor("\0"), to_cursor(""), packed(b"\xed\xa0\x80\x1f1"), packed(deep), packed(b"\x81\xa5epoch" + deep),
        packed(b"\x82\xa5epoch\x00\xa7streams\x81\xa1a" + deep), packed(msgspec.msgpack.encode({"epoch": 1, "streams": {f"chat:{'9' * 16}": 2**53 - 1}})),
        packed(msgspec.msgpack.encode({"epoch": 2**63, "streams": {}})), packed(msgspec.msgpack.encode({"epoch": 1, "streams": {"chat:\0": 1}})),
        "=", "====", "é", "%00", "A" * 399,
    ]  # fmt: skip
    for cursor in odd:
        for path in ("/api/users", "/api/chats", f"/api/chats/{chat}/members", "/api/events"):
            answer = ann.http.get(path, params={"cursor": cursor})
            assert answer.status_code in (200, 422), (path, cursor, answer.text)
        assert ann.http.post("/api/events", json={"cursor": cursor}).status_code in (200, 422)
    assert "Traceback" not in place.settled()


def _tokens(place: Place, ann: Person) -> list[str]:
    secret = (place.server.folder / "secret.key").read_text().strip().encode()
    whole = make_access(secret, ann.id, ann.tokens["session_id"], 600)
    claims = jwt.decode(whole, options={"verify_signature": False})

    def signed(**changed: Any) -> str:
        return jwt.encode(claims | changed, signing.derive(secret, "access"), "HS512", headers={"typ": "at+jwt"})

    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    _, body, signature = whole.split(".")
    deep = part(b"[" * 1400)
    return [
        signed(exp=float("inf")), signed(exp=float("nan")), signed(exp="1"), signed(sid=10**30), signed(sid="\0"), signed(sub="x"),
        signed(sid=[]), f"{deep}.{body}.{signature}", f"{part(b'[]')}.{body}.{signature}", f"{part(json.dumps({'alg': [], 'typ': {}}).encode())}.{body}.{signature}",
        f"{part(b'{' + b'}' * 10)}..", "...", ".", "a" * 3000, "é.é.é", "\0",
    ]  # fmt: skip


def test_tokens(place: Place) -> None:
    ann = World(place.server).person("ann")
    for token in _tokens(place, ann):
        if "\0" not in token:
            sent = b"Authorization: Bearer " + token.encode("latin-1")
            assert place.ask(_head(b"/api/users/me", sent)) in (b"400", b"401"), token
        for path in ("/api/auth/refresh", "/api/auth/email/verify"):
            body = {"refresh_token": token, "token": token}
            assert ann.http.post(path, json=body).status_code in (401, 404, 422), token
    assert "Traceback" not in place.settled()


def test_words(place: Place) -> None:
    """Covers the endpoints without sign-in."""
    usual = {"email": "ann@example.org", "password": "correct horse battery", "name": "Ann", "token": "a"}
    fields = {
        "register": (*usual, "invite", "setup", "server_name", "language", "transport"), "login": ("email", "password", "transport"),
        "password/forgot": ("email",), "password/reset": ("token", "password"), "email/verify": ("token",), "refresh": ("refresh_token",),
    }  # fmt: skip
    with httpx.Client(base_url=place.server.url, verify=False, headers={"content-type": "application/json"}) as http:
        for door, field, odd in (
            (door, field, odd) for door, of in fields.items() for field in of for odd in ODD_TEXTS
        ):
            answer = http.post(f"/api/auth/{door}", content=json.dumps(usual | {field: odd}))
            assert answer.status_code < 500, (door, field, odd, answer.text)
    assert "Traceback" not in place.settled()
