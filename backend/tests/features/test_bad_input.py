"""Tests that every bad request gets a problem document with a stable code, and that the log contains nothing secret."""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from messenger.process.watch.logs import TextForm
from tests.catcher import letters_to, link_of
from tests.inside import inside
from tests.wire import dial
from tests.world import PASSWORD, World, client

JSON = {"content-type": "application/json"}
NEW = {"email": "new@example.org", "password": PASSWORD, "name": "New"}


def _problem(answer: httpx.Response, *statuses: int) -> str:
    assert answer.status_code in statuses, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    return str(answer.json()["code"])


BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"NaN",
    b"\xff\xfe",
    b'{"name":"\xff","text":"\xff","kind":"\xff"}',
    b'{"name":"a\\u0000b","text":5,"kind":"group"}',
    b'{"name":"\\ud800","text":"\\ud800","kind":"group"}',
    b'{"name":' + b"9" * 5000 + b',"text":1e999,"kind":"direct","user_id":1e999}',
    b'{"kind":"direct","user_id":-1,"name":null,"text":null}',
    b'{"kind":"direct","user_id":1.5,"name":[],"text":[]}',
    b'{"name":' + b"[" * 50_000,
    b'{"x":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:24]))
def test_bodies_that_are_nonsense(world: World, body: bytes) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    for method, path in [
        ("POST", "/api/chats"),
        ("PATCH", "/api/users/me"),
        ("PATCH", f"/api/chats/{den}"),
        ("POST", f"/api/chats/{den}/messages"),
        ("PATCH", f"/api/chats/{den}/messages/1"),
        ("POST", "/api/auth/login"),
        ("POST", "/api/auth/register"),
    ]:
        answer = ann.http.request(method, path, content=body, headers=JSON)
        assert answer.status_code < 500, (method, path, answer.text)
        if not answer.is_success:
            _problem(answer, 400, 403, 404, 422)


def _nested(depth: int, text: bytes = b"x") -> bytes:
    """Returns a message with an unknown field, nested so deeply that the whole body is `depth` deep."""
    return b'{"text":"' + text + b'","kind":"saved","more":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_a_body_is_at_most_32_deep(world: World, kind: str) -> None:
    """Covers every kind of endpoint; brackets in texts and brackets side by side do not count as depth."""
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    headers = {"content-type": kind}
    for path in (f"/api/chats/{chat}/messages", "/api/chats"):
        for body in (_nested(33), _nested(33)[:-20]):
            answer = ann.http.post(path, content=body, headers=headers)
            assert (_problem(answer, 400), answer.json()["max"]) == ("request.malformed", 32)
        words = b'[{[{ \\\\ \\" ' + b"[{" * 100
        for body in (
            _nested(32),
            _nested(32, words),
            b'{"text":"x","kind":"saved","more":[' + b"{},[]," * 100 + b"{}]}",
        ):
            assert ann.http.post(path, content=body, headers=headers).is_success


def test_a_frame_is_at_most_32_deep(world: World) -> None:
    with world.person("ann").device() as device:
        device._socket.send('{"type":"pong","data":' + "[" * 31 + "]" * 31 + "}")
        assert device.ask("presence.watch", {"user_ids": []})["type"] == "ack"
        device._socket.send('{"type":"pong","data":' + "[" * 32 + "]" * 32 + "}")
        assert device.closed() == 4400


def test_a_key_given_twice_counts_once(world: World) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    body = b'{"text":"one","text":"two"}'
    assert ann.http.post(f"/api/chats/{chat}/messages", content=body, headers=JSON).json()["text"] == "two"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_other_types_than_json_are_refused(world: World, kind: str) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    for path in ("/api/auth/login", "/api/chats", f"/api/chats/{chat}/messages"):
        answer = ann.http.post(path, content=b'{"kind":"saved","text":"x"}', headers={"content-type": kind})
        assert _problem(answer, 415) == "request.unsupported_type"


@pytest.mark.parametrize(
    "path",
    [
        "/api/users?query=%00",
        "/api/users?query=a&cursor=AB9hAB8x",
        "/api/users?cursor=%00",
        "/api/users?limit=1e3",
        "/api/invites/%00",
        "/api/invites/%F0%9F%98%80",
        "/api/chats?cursor=MR8y&limit=-1",
        "/api/chats/9007199254740992",
        "/api/chats/-1",
        "/api/chats/0",
        "/api/chats/1e3",
        "/api/chats/1/messages/99999999999999999999",
        "/api/chats/1/messages/-1",
        "/api/users/99999999999999999999",
        "/api/events?cursor=AAAA",
        "/api/chats/",
        "/api/users/me/",
        "/api/none",
        "/api",
    ],
)
def test_addresses_that_are_nonsense(world: World, path: str) -> None:
    answer = world.person("ann").http.get(path)
    if not answer.is_success:
        _problem(answer, 404, 422)


def test_a_null_in_an_invite_registers_no_account(world: World) -> None:
    answer = client(world.server).post("/api/auth/register", json=NEW | {"invite": "a\0b"})
    assert _problem(answer, 404) == "invite.not_found"


@pytest.mark.parametrize("rubbish", ["a\0b@example.org", "\0", "\x1b@example.org", "\ud800@example.org", "a\u202eb"])
def test_rubbish_at_a_sign_in_is_refused(world: World, rubbish: str) -> None:
    """Refused before the database: PostgreSQL takes no NUL, and half a character cannot be encoded."""
    body = NEW | {"invite": "x"}
    bodies = {
        "/api/auth/register": [
            body | {"email": rubbish},
            body | {"name": rubbish},
            body | {"password": rubbish[:1] + "\0" * 12},
        ],
        "/api/auth/login": [
            {"email": rubbish, "password": PASSWORD},
            {"email": NEW["email"], "password": rubbish[:1] + "\0"},
        ],
        "/api/auth/password/forgot": [{"email": rubbish}],
    }
    for path, tried in bodies.items():
        for one in tried:
            answer = client(world.server).post(path, content=json.dumps(one), headers=JSON)
            assert _problem(answer, 422) == "validation.failed"


def test_texts_lose_invisible_characters(world: World) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    assert ann.say(chat, "a\0b\u202ec")["text"] == "abc"


def test_unknown_fields_and_parameters_are_ignored(world: World) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved", "colour": "red"}, 201)["id"]
    assert ann.say(chat, "x", colour="red")["seq"] == 1
    assert len(ann.history(chat, colour="red")) == 1


def test_frames_that_are_nonsense(world: World) -> None:
    numbers = ({"chat_id": 2**60}, {"chat_id": -1}, {"chat_id": "1"}, {"streams": 5})
    nonsense: tuple[object, ...] = (None, 5, "x", [], {}, *numbers)
    types = ("message.send", "message.edit", "message.delete", "receipt.read", "mine.set", "presence.watch", "auth")
    with world.person("ann").device() as device:
        for data in nonsense:
            for type_ in types:
                assert device.ask(type_, data)["data"]["code"] in ("validation.failed", "request.malformed")
            assert device.ask("hello", data)["data"]["code"] == "request.malformed"


def test_an_unexpected_error_is_a_problem_document_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_request: Request) -> Response:
        raise ValueError("nobody foresaw this")

    async def scenario() -> None:
        caplog.handler.setFormatter(TextForm(names_process=False))
        async with inside(tmp_path) as app:
            app.app.router.routes.insert(0, Route("/api/fail", fail))
            answer = await app.http.get("/api/fail")
            assert _problem(answer, 500) == "server.error"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "foresaw" not in answer.text
            assert answer.json()["request_id"] in caplog.text

    asyncio.run(scenario())


def test_a_path_cannot_write_lines_into_the_log(world: World) -> None:
    httpx.get(f"{world.server.url}/api/no%0aINFO%20forged")
    assert "\nINFO forged" not in world.server.settled()


@pytest.mark.parametrize(("driver", "form"), [("picows", "text"), ("sansio", "json")])
def test_the_log_holds_nothing_secret(serve: Any, driver: str, form: str) -> None:
    server = serve(RATE_LIMITS="off", LOG_LEVEL="debug", SOCKET_DRIVER=driver, LOG_FORMAT=form, SECRET_KEY="k" * 40)
    world = World(server)
    ann = world.person("ann")
    code = ann.post("/api/invites", {}, 201)["code"]
    bob = world.person("bob", invite=code)
    ann.get(f"/api/invites/{code}")
    bob.http.post(f"/api/invites/{code}/accept")
    cursor = bob.get("/api/events")["page"]["next_cursor"]
    renewed = client(server).post("/api/auth/refresh", json={"refresh_token": ann.tokens["refresh_token"]}).json()
    for body in ({"email": ann.email, "password": "a wrong secret"}, {"email": ann.email, "password": 5}):
        client(server).post("/api/auth/login", json=body)
    client(server).post("/api/auth/login", content=b'{"password":"a broken secret', headers=JSON)
    body = {"current_password": PASSWORD, "new_password": "another fine secret"}
    ann.post("/api/users/me/password", body, 204)
    chat = world.direct(ann, bob)
    with ann.device() as device:
        device.say(chat, "words of a secret")
        device.ask("auth", {"token": ann.tokens["access_token"]})
        device.ask("message.send", {"chat_id": chat, "text": "lost secret", "client_msg_id": 7})
    with dial(server.socket_url) as socket:
        socket.send(json.dumps({"type": "hello", "data": {"token": "forged secret"}}))
    bob.get("/api/events", cursor=cursor)
    client(server).post("/api/auth/password/forgot", json={"email": bob.email})
    letters = letters_to(server.mailbox, bob.email, 2)
    links = [link_of(letter)[1] for letter in letters]
    client(server).post("/api/auth/password/reset", json={"token": links[-1], "password": "one more fine secret"})
    server.stop()
    log = "".join(path.read_text() for path in server.folder.glob("*.log"))
    assert "/api/users/me/password" in log
    secrets = [*links, "k" * 40, PASSWORD, code, cursor, renewed["access_token"], renewed["refresh_token"], "secret"]
    for secret in (*secrets, ann.tokens["access_token"], ann.tokens["refresh_token"], "$argon2"):
        assert secret not in log.replace("secret.key", "").replace(server.folder.name, ""), secret


HALVES = ["\ud83d", "a\ude00b", "\ud83d\ud83d\ude00", "\\\ud83d"]


@pytest.mark.parametrize("text", HALVES, ids=ascii)
def test_half_of_a_character_is_refused_and_the_socket_stays(world: World, text: str) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    said = {"text": text, "mentions": []}
    for method, path in [("POST", f"/api/chats/{den}/messages"), ("PATCH", f"/api/chats/{den}/messages/1")]:
        answer = ann.http.request(method, path, content=json.dumps(said), headers=JSON)
        assert _problem(answer, 422) == "text.broken"
    with ann.device() as device:
        data = {**said, "chat_id": den, "client_msg_id": str(uuid.uuid4())}
        refused = device.expect("error", ref=device.tell("message.send", data, escaped=True))
        assert refused["data"]["code"] == "text.broken"
        device.say(den, "\\ud83d 😀")
    assert [one["text"] for one in ann.history(den) if one["kind"] == "text"] == ["\\ud83d 😀"]
