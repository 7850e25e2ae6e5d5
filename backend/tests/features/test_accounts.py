"""Tests registering, signing in, renewing tokens, profiles and sessions over HTTP."""

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from messenger.features.sessions.settings import SessionSettings
from tests.catcher import letters_to, text_of
from tests.world import PASSWORD, World, client

NEW = {"email": "new@example.org", "password": PASSWORD, "name": "New"}


def _register(world: World, status: int, **change: Any) -> dict[str, Any]:
    response = client(world.server).post("/api/auth/register", json=NEW | change)
    assert response.status_code == status, response.text
    return dict(response.json())


def test_a_new_person_is_signed_in_and_sees_oneself(world: World) -> None:
    ann = world.person("Анна", language="ru")
    me = ann.get("/api/users/me")
    assert me["email"] == ann.email
    assert (me["name"], me["language"]) == ("Анна", "ru")
    assert "email" not in world.person("Bob").get(f"/api/users/{ann.id}")


def test_an_address_has_one_account_whatever_its_case(world: World) -> None:
    ann = world.person("ann")
    assert _register(world, 409, email=ann.email.upper())["code"] == "email.taken"


@pytest.mark.parametrize(
    "change",
    [
        {"email": "no address"},
        {"email": "ann@gmail"},
        {"email": f"{'a' * 65}@example.org"},
        {"email": 7},
        {"name": ""},
        {"name": "x" * 65},
        {"name": "a\u202eb"},
        {"password": "x" * 2000},
        {"name": None},
        {"language": "de"},
        {"transport": "pigeon"},
    ],
)
def test_wrong_fields_are_refused(world: World, change: dict[str, Any]) -> None:
    problem = _register(world, 422, **change)
    assert problem["code"] == "validation.failed"
    assert problem["errors"][0]["loc"][-1] == next(iter(change))


@pytest.mark.parametrize("domain", ["firma.local", "home.arpa", "box.home.arpa", "mail.localhost", "firma.test"])
def test_local_networks_have_names_of_their_own(world: World, domain: str) -> None:
    email = f"{uuid.uuid4().hex.ljust(64, 'a')}@{domain}"
    assert _register(world, 201, email=email)["user"]["email"] == email
    body = {"email": email, "password": PASSWORD}
    assert client(world.server).post("/api/auth/login", json=body).status_code == 200
    assert letters_to(world.server.mailbox, email), "the letter that verifies the new address"


@pytest.mark.parametrize("password", ["short", "1234567890", "йцукенгшщз", "aaaaaaaaaaaa"])
def test_weak_passwords_are_refused(world: World, password: str) -> None:
    assert _register(world, 422, password=password)["code"] == "password.weak"


def test_a_wrong_password_and_an_unknown_address_answer_the_same(world: World) -> None:
    ann = world.person("ann")
    answers = [
        client(world.server).post("/api/auth/login", json={"email": email, "password": "wrong password"})
        for email in (ann.email, "nobody@example.org")
    ]
    assert [one.status_code for one in answers] == [401, 401]
    first, second = ({k: v for k, v in one.json().items() if k != "request_id"} for one in answers)
    assert first == second


def test_errors_speak_the_language_of_the_caller(world: World) -> None:
    headers = {"accept-language": "ru-RU,ru;q=0.9,en;q=0.5"}
    problem = client(world.server).get("/api/users/me", headers=headers)
    assert problem.json()["detail"] == "Сначала войдите."
    assert problem.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_forged_tokens_are_refused(world: World, token: str) -> None:
    assert client(world.server, token).get("/api/users/me").status_code == 401


def test_a_refresh_token_rotates_and_is_no_access_token(world: World) -> None:
    ann = world.person("ann")
    first = ann.tokens["refresh_token"]
    assert client(world.server, first).get("/api/users/me").status_code == 401
    renewed = client(world.server).post("/api/auth/refresh", json={"refresh_token": first}).json()
    assert renewed["refresh_token"] != first
    assert renewed["session_id"] == ann.tokens["session_id"]
    again = client(world.server).post("/api/auth/refresh", json={"refresh_token": first}).json()
    assert again["refresh_token"] == renewed["refresh_token"], "within the grace period the same successor"


def test_reuse_after_the_grace_ends_the_session_and_writes_a_letter(serve: Any) -> None:
    world = World(serve(REFRESH_REUSE_GRACE="1s", RATE_LIMITS="off"))
    ann = world.person("ann", language="ru")
    http = client(world.server)
    first = ann.tokens["refresh_token"]
    second = http.post("/api/auth/refresh", json={"refresh_token": first}).json()["refresh_token"]
    time.sleep(1.2)
    with ann.device() as device:
        assert http.post("/api/auth/refresh", json={"refresh_token": first}).json()["code"] == "auth.refresh_invalid"
        assert device.closed() == 4403
        assert device.seen[-1]["data"]["reason"] == "reuse"
    assert http.post("/api/auth/refresh", json={"refresh_token": second}).status_code == 401
    assert ann.http.get("/api/users/me").status_code == 401
    (letter,) = letters_to(world.server.mailbox, ann.email, 1, "Сеанс завершён")
    assert "неизвестное устройство" in text_of(letter)


def test_the_grace_outlasts_the_time_that_our_page_waits_for_an_answer() -> None:
    """A page exchanges its token again when no answer comes; that is not the reuse of a stolen one."""
    page = (Path(__file__).parents[3] / "frontend/src/api/http.ts").read_text()
    waits_ms = re.findall(r"const TIMEOUT_MS = ([0-9_]+);", page)
    assert SessionSettings.model_fields["refresh_reuse_grace"].default * 1000 > 2 * int(waits_ms[0])


def test_the_cookie_needs_our_page(world: World) -> None:
    http = client(world.server)
    answer = http.post("/api/auth/register", json=NEW | {"email": "cookie@example.org", "transport": "cookie"})
    if answer.status_code == 409:
        answer = http.post(
            "/api/auth/login", json={"email": "cookie@example.org", "password": PASSWORD, "transport": "cookie"}
        )
    assert answer.json()["refresh_token"] is None
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert http.post("/api/auth/refresh", json={}).json()["code"] == "request.forbidden_origin"
    ours = {"x-client": "web", "origin": world.server.url}
    assert http.post("/api/auth/refresh", json={}, headers=ours | {"origin": "https://evil.example"}).status_code == 403
    assert http.post("/api/auth/refresh", json={}, headers=ours).status_code == 200


def test_an_ended_session_is_over_everywhere(world: World) -> None:
    ann = world.person("ann")
    phone = world.again(ann)
    with phone.device() as device:
        ann.delete(f"/api/users/me/sessions/{phone.tokens['session_id']}")
        assert device.closed(5) == 4403
    assert phone.http.get("/api/users/me").status_code == 401
    ann.delete(f"/api/users/me/sessions/{phone.tokens['session_id']}", 404)
    assert [one["current"] for one in ann.get("/api/users/me/sessions")["items"]] == [True]


def test_another_ones_session_is_not_there(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    bob.delete(f"/api/users/me/sessions/{ann.tokens['session_id']}", 404)


def test_no_sign_in_with_the_former_password_outlives_it(world: World) -> None:
    """A session that signed in while the password was replaced is ended too, in whatever order the two are written."""
    ann = world.person("ann")
    body = {"email": ann.email, "password": PASSWORD}
    with ThreadPoolExecutor(17) as pool:
        entering = [pool.submit(client(world.server).post, "/api/auth/login", json=body) for _ in range(24)]
        time.sleep(0.02)
        ann.post("/api/users/me/password", {"current_password": PASSWORD, "new_password": "another long battery"}, 204)
    answers = [one.result() for one in entering]
    assert {one.status_code for one in answers} <= {200, 401}
    assert len(ann.get("/api/users/me/sessions")["items"]) == 1


def test_a_new_password_ends_the_other_sessions(world: World) -> None:
    ann = world.person("ann")
    phone = world.again(ann)
    body = {"current_password": "wrong password", "new_password": "another long one"}
    ann.post("/api/users/me/password", body, 401)
    ann.post("/api/users/me/password", body | {"current_password": PASSWORD}, 204)
    assert phone.http.get("/api/users/me").status_code == 401
    assert ann.http.get("/api/users/me").status_code == 200


@pytest.mark.parametrize("reason", ["ended", "others", "password"])
def test_a_device_hears_why_its_session_ended(world: World, reason: str) -> None:
    """It deletes unsent words only after the deed of its owner."""
    ann = world.person("ann")
    phone = world.again(ann)
    with phone.device() as device:
        if reason == "ended":
            ann.delete(f"/api/users/me/sessions/{phone.tokens['session_id']}")
        elif reason == "others":
            ann.delete("/api/users/me/sessions", others="true")
        else:
            body = {"current_password": PASSWORD, "new_password": "another long battery"}
            ann.post("/api/users/me/password", body, 204)
        assert device.closed() == 4403
        why = "password" if reason == "password" else "ended"
        told = {"session_id": phone.tokens["session_id"], "reason": why}
        assert device.events(f"user:{ann.id}")[-1]["data"] == told
    away = client(world.server).post("/api/auth/refresh", json={"refresh_token": phone.tokens["refresh_token"]})
    assert (away.status_code, away.json()["reason"]) == (401, why), "a device that was away asks later"


def test_people_are_found_by_the_beginning_of_any_word(world: World) -> None:
    ann = world.person("Зинаида Ёлкина")
    found = ann.get("/api/users", query="елк")["items"]
    assert ann.id in [one["id"] for one in found]
    assert ann.get("/api/users", query="лкина")["items"] == []
    assert ann.get("/api/users", query="%")["items"] == []


def test_a_stale_profile_change_is_refused(world: World) -> None:
    ann = world.person("ann")
    ann.patch("/api/users/me", {"name": "Anna"}, headers={"if-match": '"1"'})
    ann.patch("/api/users/me", {"name": "Anja"}, 412, headers={"if-match": '"1"'})
    ann.patch("/api/users/me", {"name": "Anja"}, 400, headers={"if-match": "soon"})


def test_production_needs_the_setup_link_and_invites(serve: Any) -> None:
    server = serve(APP_ENV="production", PUBLIC_URL="http://127.0.0.1:1", SECRET_KEY="x" * 40, RATE_LIMITS="off")
    world = World(server)
    assert _register(world, 403)["code"] == "registration.setup_required"
    code = server.setup_code()
    assert _register(world, 201, setup=code, server_name="Den")["user"]["role"] == "admin"
    assert client(server).get("/api/server").json()["name"] == "Den"
    assert _register(world, 403, email="b@example.org")["code"] == "registration.invite_required"
    assert _register(world, 404, email="b@example.org", invite="nonsense")["code"] == "invite.not_found"


def test_logins_are_limited(serve: Any) -> None:
    http = client(serve())
    body = {"email": "ann@example.org", "password": "wrong password"}
    statuses = [http.post("/api/auth/login", json=body).status_code for _ in range(7)]
    assert statuses[:5] == [401] * 5
    refused = http.post("/api/auth/login", json=body)
    assert (statuses[-1], refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) >= 1
