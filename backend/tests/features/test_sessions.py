"""Tests tokens, sessions and passwords under attack: reuse, forgery, guessing, floods."""

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messenger.features.sessions import actions, passwords, tokens
from messenger.features.sessions.actions import Device
from messenger.features.sessions.errors import PasswordWeak, TokenInvalid
from messenger.features.sessions.settings import SessionSettings
from messenger.kernel import clock, signing
from messenger.kernel.mime import email_key
from tests.inside import Within, inside
from tests.world import PASSWORD, World, client

SECRET = b"s" * 40
NEW = {"email": "new@example.org", "password": PASSWORD, "name": "New"}


def _signed(
    header: dict[str, Any] | None = None, secret: bytes = SECRET, algorithm: str = "HS512", **claims: Any
) -> str:
    now = clock.now_ms() // 1000
    whole = {
        "iss": tokens.ISSUER,
        "aud": tokens.ISSUER,
        "sub": "5",
        "sid": 7,
        "jti": "x",
        "iat": now,
        "exp": now + 60,
        **claims,
    }
    kept = {name: value for name, value in whole.items() if value is not None}
    key = signing.derive(secret, "access") if algorithm != "none" else ""
    return jwt.encode(kept, key, algorithm, headers={"typ": tokens.TYPE, **(header or {})})


def test_a_token_of_ours_is_believed() -> None:
    assert tokens.verify_access(SECRET, _signed())[:2] == (5, 7)


@pytest.mark.parametrize(
    "forged",
    [
        _signed(secret=b"t" * 40),
        _signed(algorithm="HS256"),
        _signed(algorithm="none"),
        _signed({"typ": "JWT"}),
        _signed({"typ": "rt+jwt"}),
        _signed(exp=None),
        _signed(iat=None),
        _signed(sub=None),
        _signed(sid=None),
        _signed(jti=None),
        _signed(aud=None),
        _signed(iss=None),
        _signed(aud="elsewhere"),
        _signed(iss="elsewhere"),
        _signed(sub="me"),
        _signed(sid="x"),
        _signed(exp=clock.now_ms() // 1000 - 60),
        _signed(more="x" * 2048),
        _signed()[:-2],
        "é.б.\0",
    ],
)
def test_tokens_that_are_not_quite_ours_are_refused(forged: str) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify_access(SECRET, forged)


def test_a_token_of_another_algorithm_family_is_refused() -> None:
    head, body, _ = _signed().split(".")
    none = urlsafe_b64encode(json.dumps({"alg": "none", "typ": tokens.TYPE}).encode()).decode().rstrip("=")
    for forged in (f"{none}.{body}.", f"{head}.{body}.", f"{none}.{body}"):
        with pytest.raises(TokenInvalid):
            tokens.verify_access(SECRET, forged)


def test_the_grace_holds_over_a_restart_and_for_both_transports(serve: Any) -> None:
    server = serve(RATE_LIMITS="off", REFRESH_REUSE_GRACE="1h")  # however long the restart takes
    ann = World(server).person("ann")
    http = client(server)
    ours = {"x-client": "web", "origin": server.url}
    login = {"email": ann.email, "password": PASSWORD, "transport": "cookie"}
    cookie = http.post("/api/auth/login", json=login).cookies["rt"]
    http.cookies.clear()
    body = {"refresh_token": ann.tokens["refresh_token"]}
    first = http.post("/api/auth/refresh", json=body).json()
    answer = http.post("/api/auth/refresh", json={}, headers=ours | {"cookie": f"rt={cookie}"})
    following = answer.cookies["rt"]
    assert answer.json()["refresh_token"] is None
    server.kill()
    server.start()
    assert http.post("/api/auth/refresh", json=body).json()["refresh_token"] == first["refresh_token"]
    http.cookies.clear()
    again = http.post("/api/auth/refresh", json={}, headers=ours | {"cookie": f"rt={cookie}"})
    assert (again.status_code, again.cookies["rt"]) == (200, following)


def test_with_tls_the_cookie_is_bound_to_the_host(serve: Any) -> None:
    server = serve(APP_ENV="production", PUBLIC_URL="https://chat.example.org", SECRET_KEY="x" * 40, RATE_LIMITS="off")
    answer = client(server).post("/api/auth/register", json=NEW | {"setup": server.setup_code(), "transport": "cookie"})
    assert answer.status_code == 201, answer.text
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-rt=")
    assert {"secure", "httponly", "path=/", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()
    sent = {"cookie": cookie.partition(";")[0], "x-client": "web"}
    for origin in ("http://127.0.0.1:8000", "https://chat.example.org.evil.example", "null"):
        refused = client(server).post("/api/auth/refresh", json={}, headers=sent | {"origin": origin})
        assert refused.json()["code"] == "request.forbidden_origin"
    ours = sent | {"origin": "https://chat.example.org"}
    assert client(server).post("/api/auth/refresh", json={}, headers=ours).status_code == 200


@pytest.mark.parametrize("written", ["https://other.example", "https://Other.example:443/"])
def test_other_origins_may_call_where_the_settings_say_so(serve: Any, written: str) -> None:
    http = client(serve(CORS_ORIGINS=written))
    asked = {"origin": "https://other.example", "access-control-request-method": "POST"}
    answer = http.options("/api/auth/login", headers=asked | {"access-control-request-headers": "authorization"})
    assert answer.headers["access-control-allow-origin"] == "https://other.example"
    assert "access-control-allow-credentials" not in answer.headers, "the cookie is not for these paths"
    read = http.get("/api/server", headers={"origin": "https://other.example"})
    assert "x-ratelimit-remaining" in read.headers["access-control-expose-headers"]
    evil = http.get("/api/server", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in evil.headers


def test_a_session_is_renewed_so_often_and_no_more(serve: Any) -> None:
    """Counts every token of the session: each renewal brings a new one."""
    server = serve()
    token = World(server).person("ann").tokens["refresh_token"]
    statuses = []
    for _ in range(11):
        answer = client(server).post("/api/auth/refresh", json={"refresh_token": token})
        statuses.append(answer.status_code)
        token = answer.json().get("refresh_token")
    assert statuses == [200] * 10 + [429]


def test_the_current_password_cannot_be_guessed_in_a_session(serve: Any) -> None:
    ann = World(serve()).person("ann")
    body = {"current_password": "a wrong one", "new_password": "another long one"}
    statuses = [ann.http.post("/api/users/me/password", json=body).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_an_account_has_thirty_sessions_and_the_least_used_ends(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, token = await app.person("ann")
            device = await app.socket(token)
            for n in range(30):
                await app.platform.db.write(actions.sign_in, ann, Device(f"device {n}", "", False))
            assert device.code == 4403, "the first of 31"
            (ended,) = await device.until("session.ended")
            assert ended["data"]["reason"] == "limit"
            kept = await app.platform.db.write(actions.sign_in, ann, Device("last", "", False))
            last = tokens.make_access(app.platform.config.secret_key, ann, kept.session_id, 60)
            sessions = (await app.call("GET", "/api/users/me/sessions", None, last))["items"]
            assert len(sessions) == 30
            assert {one["device"] for one in sessions} >= {"device 29", "device 2", "last"}

    asyncio.run(scenario())


def test_hashes_wait_in_a_queue_that_ends(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path, password_memory_kib=47_104) as app:
            body = {"email": "nobody@example.org", "password": "a wrong one"}
            most = passwords.QUEUE_MAX + passwords._SLOTS
            calls = [app.http.post("/api/auth/login", json=body) for _ in range(most + 8)]
            answers = await asyncio.gather(*calls)
            refused = [one for one in answers if one.status_code == 503]
            assert 1 <= len(refused) <= 8
            assert {one.json()["code"] for one in refused} == {"server.busy"}
            assert all(int(one.headers["retry-after"]) >= 1 for one in refused)
            assert sum(one.status_code == 401 for one in answers) >= most
            assert (await app.http.post("/api/auth/login", json=body)).status_code == 401

    asyncio.run(scenario())


def test_an_unknown_address_costs_a_hash_of_the_same_price() -> None:
    """Equal work takes equal time; a clock in a test would only measure the machine."""
    memory = SessionSettings.model_fields["password_memory_kib"].default
    parameters = passwords.dummy(memory).rpartition("$")[0].rpartition("$")[0]
    assert asyncio.run(passwords.make_hash(PASSWORD, memory)).startswith(parameters + "$")
    assert not passwords.is_outdated(passwords.dummy(memory), memory)
    assert asyncio.run(passwords.verify(None, PASSWORD, memory)) is False


def test_a_hash_of_other_parameters_fits_and_is_outdated() -> None:
    stored = asyncio.run(passwords.make_hash(PASSWORD, 64))
    assert asyncio.run(passwords.verify(stored, PASSWORD, 128))
    assert passwords.is_outdated(stored, 128)
    assert not passwords.is_outdated(stored, 64)


def test_of_two_first_registrations_one_is_the_administrator(serve: Any) -> None:
    server = serve(RATE_LIMITS="off")

    def register(n: int) -> str:
        answer = client(server).post("/api/auth/register", json=NEW | {"email": f"p{n}@example.org"})
        return str(answer.json()["user"]["role"])

    with ThreadPoolExecutor(6) as pool:
        roles = sorted(pool.map(register, range(6)))
    assert roles == ["admin"] + ["member"] * 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann@Example.ORG", "ANN@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("анна@пример.рф", "АННА@ПРИМЕР.РФ"),
        ("jose\u0301@example.org", "jos\u00e9@example.org"),
        (" ann2@example.org ", "ann2@example.org"),
    ],
)
def test_addresses_are_compared_in_one_form(world: World, one: str, other: str) -> None:
    http = client(world.server)
    http.post("/api/auth/register", json=NEW | {"email": one})
    assert http.post("/api/auth/register", json=NEW | {"email": other}).json()["code"] == "email.taken"
    for email in (one, other):
        assert http.post("/api/auth/login", json={"email": email, "password": PASSWORD}).status_code == 200, email


@given(st.text(max_size=20))
def test_the_form_of_an_address_is_its_own_form(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)


def test_search_takes_every_character_as_itself(world: World) -> None:
    ann = world.person("100% _under\\slash")
    for query, found in [("100%", True), ("_under\\s", True), ("1__", False), ("%", False), ("_UNDER", True)]:
        ids = [one["id"] for one in ann.get("/api/users", query=query)["items"]]
        assert (ann.id in ids) is found, query


def test_people_are_paged_by_name_in_any_alphabet(world: World) -> None:
    mark = f"Ёж{time.time_ns()}"
    people = {world.person(f"{mark} {name}").id for name in ("Аня", "аня", "Ёлка", "Елка", "Zoe", "ЯНА", "100")}
    seen, cursor = [], ""
    while cursor is not None:
        page = world.person("reader").get("/api/users", query=mark.upper().replace("Ё", "е"), limit=2, cursor=cursor)
        seen += [one["id"] for one in page["items"]]
        cursor = page["page"]["next_cursor"]
    assert len(seen) == len(people)
    assert set(seen) == people


@pytest.mark.parametrize(
    "word",
    [
        "1234567890",
        "Trustno1!!!!",
        "Trustno1Trustno1",
        "зайчик зайчик 7",
        "MUSTANG-1987",
        "пароль20262026",
        "gfhjkm12345678",
        "Ghbdtn!!!2026",
        "aaaaabbbbb",
        "basketball",
    ],
)
def test_common_passwords_are_refused(word: str) -> None:
    """Covers other digits and punctuation around them, repeats, and the other keyboard layout."""
    with pytest.raises(PasswordWeak) as refused:
        passwords.check_new(word, 10, [])
    assert refused.value.params["reason"] == "common"


@pytest.mark.parametrize(
    "word",
    [
        "correct horse battery",
        "Tea at 5 with Zoe",
        "гуляю по крышам",
        "58314079261",
        "....!!!!????",
        "x" * 5 + "yz" * 500,
    ],
)
def test_other_passwords_are_not(word: str) -> None:
    passwords.check_new(word, 10, [])


NAMED = ("Web-Messenger 2026", "qwerty987654", "ПАРОЛЬ20262026", "Zinaida Gromova1", "zinaida.gromova", "The Old Den 7")


def test_names_and_common_words_with_numbers_are_no_passwords(serve: Any) -> None:
    server = serve(SERVER_NAME="The Old Den", RATE_LIMITS="off")
    body = {"email": "zinaida.gromova@example.org", "name": "Zinaida Gromova"}
    for word in NAMED:
        answer = client(server).post("/api/auth/register", json=body | {"password": word})
        assert answer.json()["code"] == "password.weak", word
    zinaida = client(server).post("/api/auth/register", json=body | {"password": PASSWORD}).json()
    for word in NAMED:
        change = {"current_password": PASSWORD, "new_password": word}
        answer = client(server, zinaida["access_token"]).post("/api/users/me/password", json=change)
        assert answer.json()["code"] == "password.weak", word
