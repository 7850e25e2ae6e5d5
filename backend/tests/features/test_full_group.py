"""Tests that a group takes ten thousand members and not one more, by every way to join."""

import asyncio
from pathlib import Path

from messenger.db.tx import Tx
from messenger.features.chats.actions import MEMBERS_MAX, NAMED
from messenger.kernel.events import CROWD
from tests.inside import Within, inside


def _crowd(tx: Tx, chat: int, count: int) -> None:
    rows = [{"chat": chat, "user": user} for user in range(1, count + 1)]
    tx.run(
        "INSERT INTO members (chat_id, user_id, role, joined_at, joined_seq) VALUES (:chat, :user, 'member', 0, 0)",
        rows,
    )
    tx.run("UPDATE chats SET member_count = member_count + :count WHERE id = :chat", {"count": count, "chat": chat})


def test_a_full_group_is_full(tmp_path: Path, url: str) -> None:

    async def scenario() -> None:
        async with inside(tmp_path, database_url=url) as app:
            (_, ann), (bob, _), (eve, eves) = [await app.person(name) for name in ("ann", "bob", "eve")]
            chat = (await app.call("POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": []}, ann))["id"]
            code = (await app.call("POST", f"/api/chats/{chat}/invites", {}, ann))["code"]
            await app.platform.db.write(_crowd, chat, MEMBERS_MAX - 2)
            path, both = f"/api/chats/{chat}/members", {"user_ids": [bob, eve]}
            assert await app.refused("POST", path, both, ann) == (422, "chat.full")
            assert (await app.call("GET", f"/api/chats/{chat}", None, ann))["member_count"] == MEMBERS_MAX - 1
            assert len((await app.call("POST", path, {"user_ids": [bob]}, ann))["items"]) == 1
            assert await app.refused("POST", path, {"user_ids": [eve]}, ann) == (422, "chat.full")
            assert await app.refused("POST", f"/api/invites/{code}/accept", None, eves) == (422, "chat.full")
            assert (await app.call("POST", path, {"user_ids": [bob]}, ann))["items"] == [], "a member stays a member"
            await app.call("DELETE", f"{path}/{bob}", None, ann)
            assert (await app.call("POST", f"/api/invites/{code}/accept", None, eves))["member_count"] == MEMBERS_MAX

    asyncio.run(scenario())


def test_a_large_group_is_told_of_many_newcomers_by_their_number(within: Within) -> None:
    """A client that shows the members loads them; the message that follows the event names the new ones."""

    async def scenario() -> None:
        async with within() as app:
            _, ann = await app.person("ann")
            chat = (await app.call("POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": []}, ann))["id"]
            others = [(await app.person(f"p{n}"))[0] for n in range(NAMED + 12)]
            device = await app.socket(ann)
            counts: list[int] = []

            async def add(some: list[int]) -> tuple[list[int], list[int]]:
                """Returns the people in the event and in the message about new members."""
                answer = await app.call("POST", f"/api/chats/{chat}/members", {"user_ids": some}, ann)
                assert [one["user"]["id"] for one in answer["items"]] == sorted(some)
                counts.append(len(counts) + 1)
                event = (await device.until("member.joined", len(counts)))[-1]["data"]
                said = (await device.until("message.created", len(counts)))[-1]["data"]["service"]
                members = await app.call("GET", f"/api/chats/{chat}", None, ann)
                assert event["member_count"] == members["member_count"]
                return [one["user"]["id"] for one in event["members"]], said["user_ids"]

            in_small = sorted(others[: NAMED + 1])
            assert await add(in_small) == (in_small, in_small)
            await app.platform.db.write(_crowd, chat, CROWD)
            many, few = sorted(others[NAMED + 1 : -1]), others[-1:]
            assert len(many) == NAMED
            assert await add(many) == (many, many)
            assert await add(few) == (few, few)

            more = [(await app.person(f"q{n}"))[0] for n in range(NAMED + 1)]
            assert await add(more) == ([], sorted(more))

    asyncio.run(scenario())
