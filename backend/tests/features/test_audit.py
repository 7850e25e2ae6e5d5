"""Tests the audit trail of an account: its owner and administrators can read it, others cannot."""

import asyncio
from typing import Any

from messenger.features.sessions.watch import audit
from messenger.kernel import clock
from tests.catcher import letters_to, link_of
from tests.inside import Within
from tests.world import PASSWORD, Person, World, client


def _kinds(person: Person) -> list[str]:
    """Returns the kinds of the entries of a person's trail, oldest first."""
    return [line["kind"] for line in reversed(person.get("/api/users/me/audit")["items"])]


def _login(person: Person, password: str) -> int:
    body = {"email": person.email, "password": password}
    return client(person.server).post("/api/auth/login", json=body).status_code


def test_the_trail_says_what_happened_to_an_account(world: World) -> None:
    ann = world.person("ann")
    assert _kinds(ann) == ["account.created", "sign_in.done"]
    assert _login(ann, "wrong password") == 401
    other = world.again(ann)
    ann.delete(f"/api/users/me/sessions/{other.tokens['session_id']}")
    ann.post("/api/users/me/password", {"current_password": "wrong", "new_password": "x" * 30}, 401)
    body = {"current_password": PASSWORD, "new_password": "another long battery"}
    ann.post("/api/users/me/password", body, 204)
    lines = ann.get("/api/users/me/audit")["items"][::-1][2:]
    assert [line["kind"] for line in lines] == [
        "sign_in.failed",
        "sign_in.done",
        "session.ended",
        "password.refused",
        "password.changed",
    ]
    assert [(line["by"] or {}).get("id") for line in lines] == [None, ann.id, ann.id, None, ann.id]
    assert {line["address"] for line in lines} == {"127.0.0.1"}
    assert all(line["device"].startswith("python-httpx") for line in lines)


def test_a_letter_is_in_the_trail(world: World) -> None:
    ann = world.person("ann")
    client(world.server).post("/api/auth/password/forgot", json={"email": ann.email})
    token = link_of(letters_to(world.server.mailbox, ann.email, 1, "password")[0])[1]
    new = "another long battery"
    client(world.server).post("/api/auth/password/reset", json={"token": token, "password": new}).raise_for_status()
    body = {"email": ann.email, "password": new}
    again = Person(world.server, client(world.server).post("/api/auth/login", json=body).json(), ann.email)
    assert _kinds(again)[2:] == ["password.reset", "session.ended", "email.verified", "sign_in.done"]
    token = again.get("/api/users/me/audit")["items"][-1]
    assert token["kind"] == "account.created"


def test_roles_and_rights_are_in_the_trail_of_whom_they_are(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    for role in ("admin", "admin", "member"):
        ann.patch(f"/api/chats/{den}/members/{bob.id}", {"role": role})
    lines = bob.get("/api/users/me/audit")["items"][:2]
    assert [(line["kind"], line["detail"], line["chat_id"], line["by"]["id"]) for line in lines] == [
        ("member.role", "member", den, ann.id),
        ("member.role", "admin", den, ann.id),
    ]
    assert "member.role" not in _kinds(ann)


def test_the_whole_trail_is_for_administrators(serve: Any) -> None:
    world = World(serve(RATE_LIMITS="off"))
    admin, ann = world.people("admin", "ann")
    admin.patch(f"/api/users/{ann.id}", {"may_invite": True})
    admin.patch(f"/api/users/{ann.id}", {"may_invite": True})
    assert ann.http.get("/api/audit").json()["code"] == "user.forbidden"
    whole: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = admin.get("/api/audit", limit=2, cursor=cursor)
        whole, cursor = whole + page["items"], page["page"]["next_cursor"]
    assert [(line["kind"], line["user"]["name"]) for line in whole] == [
        ("right.given", "ann"),
        ("sign_in.done", "ann"),
        ("account.created", "ann"),
        ("sign_in.done", "admin"),
        ("account.created", "admin"),
    ]
    assert whole[0]["by"]["id"] == admin.id
    assert [line["kind"] for line in ann.get("/api/users/me/audit")["items"]] == [line["kind"] for line in whole[:3]]
    admin.get("/api/audit", 422, cursor="eA")


def test_the_trail_is_kept_for_a_year(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            _, token = await app.person("ann")
            for later, left in ((audit.KEPT_MS - 60_000, 2), (audit.KEPT_MS + 60_000, 0)):
                await app.platform.db.write(audit.forget, clock.now_ms() + later)
                assert len((await app.call("GET", "/api/users/me/audit", token=token))["items"]) == left

    asyncio.run(scenario())
