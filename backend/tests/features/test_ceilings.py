"""Tests how many chats a person can make, add others to, and be in."""

import asyncio
import time
from typing import Any

import pytest

from messenger.features.chats import actions
from tests.inside import Within
from tests.world import World, client


def test_a_person_is_in_so_many_chats_however_they_come_in(within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "CHATS_MAX", 3)

    async def scenario() -> None:
        async with within() as app:
            (ann, anns), (bob, bobs), (eve, eves) = [await app.person(name) for name in ("ann", "bob", "eve")]

            async def group(token: str, *people: int) -> Any:
                return await app.call(
                    "POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": people}, token
                )

            direct = {"kind": "direct", "user_id": bob}
            chat = (await app.call("POST", "/api/chats", direct, eves))["id"]
            for _ in range(2):
                await group(anns, bob)
            den = (await group(anns))["id"]
            code = (await app.call("POST", f"/api/chats/{den}/invites", {}, anns))["code"]
            full = 422, "user.too_many_chats"
            tries = [
                ("/api/chats", direct, anns),
                ("/api/chats", {"kind": "direct", "user_id": ann}, bobs),
                ("/api/chats", {"kind": "group", "name": "den"}, bobs),
                ("/api/chats", {"kind": "group", "name": "den", "member_ids": [bob]}, eves),
                (f"/api/chats/{den}/members", {"user_ids": [bob]}, anns),
                (f"/api/chats/{den}/members", {"user_ids": [eve, bob]}, anns),
                (f"/api/invites/{code}/accept", None, bobs),
            ]
            for path, body, token in tries:
                assert await app.refused("POST", path, body, token) == full, path
            answer = await app.http.post(
                f"/api/chats/{den}/members", json={"user_ids": [eve, bob]}, headers={"authorization": f"Bearer {anns}"}
            )
            assert answer.json()["user_ids"] == [bob], "the person whose list is full"
            assert len((await app.call("GET", "/api/chats", token=bobs))["items"]) == 3
            assert (await app.call("POST", "/api/chats", direct, eves))["id"] == chat, "an existing chat is found"
            mine = (await app.call("GET", "/api/chats", token=bobs))["items"]
            left = next(one["id"] for one in mine if one["kind"] == "group")
            await app.call("DELETE", f"/api/chats/{left}/members/{bob}", token=bobs)
            await app.call("POST", f"/api/invites/{code}/accept", None, bobs)

    asyncio.run(scenario())


def test_a_person_makes_so_many_chats_and_brings_in_so_many_people_an_hour(serve: Any) -> None:
    world = World(serve())
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    for _ in range(9):
        assert world.direct(ann, bob) == chat, "an existing chat costs nothing"
    limits = client(world.server).get("/api/server").json()["limits"]

    def fill(path: str, body: dict[str, Any], most: int) -> str:
        """Asks until refused, at the pace of the quick bucket; returns the bucket that refused."""
        for n in range(most + 1):
            answer = ann.http.post(path, json=body)
            while answer.status_code == 429 and answer.json()["bucket"] == "change":
                time.sleep(answer.json()["retry_after_ms"] / 1000)
                answer = ann.http.post(path, json=body)
            if answer.status_code == 429:
                assert n == most
                return str(answer.json()["bucket"])
        raise AssertionError("never refused")

    people = list(range(1, 201))
    den = world.group(ann)
    for _ in range(limits["members_per_hour"] // len(people)):
        ann.post(f"/api/chats/{den}/members", {"user_ids": people}, 404)  # unknown people count too
    assert ann.http.post(f"/api/chats/{den}/members", json={"user_ids": [bob.id]}).json()["bucket"] == "members"
    made = 2  # the direct chat and the group
    assert fill("/api/chats", {"kind": "group", "name": "den"}, limits["chats_per_hour"] - made) == "chats"
