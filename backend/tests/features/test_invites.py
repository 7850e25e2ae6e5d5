"""Tests who may invite people to the server, and what a link shows before registering."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from messenger.kernel import clock
from tests.catcher import letters_to, text_of
from tests.inside import Within
from tests.world import PASSWORD, Person, World, client

HOUR = 3_600_000


@pytest.fixture
def den(serve: Any) -> World:
    """Starts a server that needs an invite to register."""
    return World(serve(REGISTRATION="invite", RATE_LIMITS="off"))


@pytest.fixture
def moved_clock() -> Iterator[Callable[[int], None]]:
    """Yields `moved_clock(ms)`, which sets the clock ahead."""
    yield lambda ms: clock.replace_source(lambda: int(time.time() * 1000) + ms)
    clock.replace_source(None)


def _register(world: World, status: int, **change: Any) -> dict[str, Any]:
    body = {"email": "new@example.org", "password": PASSWORD, "name": "New"} | change
    answer = client(world.server).post("/api/auth/register", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _member(world: World, admin: Person, name: str) -> Person:
    return world.person(name, invite=admin.post("/api/invites", {}, 201)["code"])


def test_a_members_link_is_for_people_with_an_account(den: World) -> None:
    admin = den.person("admin")
    ann, bob = _member(den, admin, "ann"), _member(den, admin, "bob")
    group = den.group(ann)
    link = ann.post(f"/api/chats/{group}/invites", {}, 201)
    preview = bob.get(f"/api/invites/{link['code']}")
    assert (link["admits_strangers"], preview["admits_strangers"]) == (False, False)
    assert ann.http.post("/api/invites", json={}).json()["code"] == "invite.forbidden"
    assert _register(den, 403, invite=link["code"])["code"] == "registration.invite_required"
    assert bob.post(f"/api/invites/{link['code']}/accept")["id"] == group

    assert admin.patch(f"/api/users/{ann.id}", {"may_invite": True})["may_invite"] is True
    assert ann.get("/api/users/me")["may_invite"] is True
    assert ann.get(f"/api/chats/{group}/invites")["items"][0]["admits_strangers"] is True, "the same link"
    assert client(den.server).get(f"/api/invites/{link['code']}").json()["admits_strangers"] is True
    _register(den, 201, invite=link["code"])
    own = ann.post("/api/invites", {}, 201)["code"]
    _register(den, 201, invite=own, email="two@example.org")

    admin.patch(f"/api/users/{ann.id}", {"may_invite": False})
    assert _register(den, 403, invite=link["code"], email="three@example.org")["code"] == "registration.invite_required"
    assert bob.get(f"/api/invites/{own}")["admits_strangers"] is False


def test_only_administrators_give_the_right_and_see_it(den: World) -> None:
    admin = den.person("admin")
    ann = _member(den, admin, "ann")
    with ann.device() as device:
        for person in (admin, ann):
            assert (
                ann.http.patch(f"/api/users/{person.id}", json={"may_invite": True}).json()["code"] == "user.forbidden"
            )
        assert admin.http.patch("/api/users/12345", json={"may_invite": True}).status_code == 404
        admin.patch(f"/api/users/{ann.id}", {"may_invite": True})
        assert device.expect("user.changed")["data"]["user"]["may_invite"] is True
    assert "may_invite" not in ann.get(f"/api/users/{admin.id}")
    assert all("may_invite" not in one for one in ann.get("/api/users")["items"])
    assert {one["name"]: one["may_invite"] for one in admin.get("/api/users")["items"]} == {"admin": True, "ann": True}


def test_links_of_open_and_closed_servers(serve: Any) -> None:
    world = World(serve(RATE_LIMITS="off"))
    world.person("admin")
    ann = world.person("ann")
    link = ann.post(f"/api/chats/{world.group(ann)}/invites", {}, 201)
    assert link["admits_strangers"] is True
    _register(world, 404, invite="made-up")


def test_a_stranger_without_an_invite_learns_nothing(den: World) -> None:
    admin = den.person("admin")
    ann = _member(den, admin, "ann")
    link = ann.post(f"/api/chats/{den.group(ann)}/invites", {}, 201)["code"]
    for invite, status in ((None, 403), ("made-up", 404), (link, 403)):
        told = [_register(den, status, invite=invite, email=email) for email in (ann.email, "no@example.org")]
        assert told[0] | {"request_id": ""} == told[1] | {"request_id": ""}
    weak = [
        _register(den, 404, invite="made-up", password="short", email=email) for email in (ann.email, "no@example.org")
    ]
    assert {one["code"] for one in weak} == {"invite.not_found"}


def test_who_holds_an_invite_learns_it_five_times_an_hour_and_the_owner_hears_of_it(serve: Any) -> None:
    world = World(serve(REGISTRATION="invite", TRUSTED_PROXIES="127.0.0.1"))
    admin = world.person("admin")
    code = admin.post("/api/invites", {}, 201)["code"]

    def knock(n: int, email: str, invite: str = code) -> int:
        body = {"email": email, "password": PASSWORD, "name": "New", "invite": invite}
        headers = {"x-forwarded-for": f"198.51.100.{n}"}
        return client(world.server).post("/api/auth/register", json=body, headers=headers).status_code

    assert [knock(n, admin.email) for n in range(7)] == [409] * 5 + [429] * 2
    assert knock(8, "new@example.org") == 429, "whether or not it has one"
    other = admin.post("/api/invites", {}, 201)["code"]
    assert knock(1, "new@example.org", other) == 201, "another invite"
    (letter,) = letters_to(world.server.mailbox, admin.email, 1, "account already")
    assert "198.51.100.0" in text_of(letter)


def test_one_address_learns_it_five_times_an_hour_whatever_its_invites(
    within: Within, moved_clock: Callable[[int], None]
) -> None:
    """Holds even when the bucket for registering has filled up again."""

    async def scenario() -> None:
        async with within(
            registration="invite", rate_limits="on", limits_url="memory://", access_token_ttl=86_400
        ) as app:
            body = {"email": "ann@example.org", "password": PASSWORD, "name": "Ann"}
            ann = (await app.call("POST", "/api/auth/register", body))["access_token"]
            for hour in (1, 3):
                moved_clock(hour * HOUR)
                codes = [(await app.call("POST", "/api/invites", {}, ann))["code"] for _ in range(6)]
                for code in codes[:5]:
                    assert await app.refused("POST", "/api/auth/register", body | {"invite": code}) == (
                        409,
                        "email.taken",
                    )
                moved_clock(hour * HOUR + HOUR - 60_000)
                answer = await app.http.post("/api/auth/register", json=body | {"invite": codes[5]})
                assert (answer.status_code, answer.json()["bucket"]) == (429, "taken")

    asyncio.run(scenario())
