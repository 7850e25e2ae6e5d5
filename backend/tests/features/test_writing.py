"""Tests the one writer of messages: posts of other houses, and service messages."""

import asyncio
import uuid
from typing import Any

import pytest

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.messages import actions
from messenger.features.messages.actions import New, Sent, digest_of
from messenger.kernel import codec
from messenger.kernel.errors import IdempotencyMismatch
from tests.inside import Within


def post(tx: Tx, user_id: int, chat_id: int, text: str, cmid: str | None) -> Sent:
    """Returns a message as another house posts it."""
    seat = access.seat(tx, user_id, chat_id)
    return actions.say(tx, seat, New(chat_id, user_id, text, [], cmid, digest_of(text, None)))


def view_of(sent: Sent) -> dict[str, Any]:
    """Returns the message as its author was answered."""
    return codec.decode(sent.view, dict[str, Any])


def test_a_house_above_says_a_message_once(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, bobs) = await app.person("ann"), await app.person("bob")
            chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob}, token))["id"]
            db, cmid = app.platform.db, str(uuid.uuid4())
            heard = await app.socket(bobs)
            first = await db.write(post, ann, chat, "Which day?", cmid)
            again = await db.write(post, ann, chat, "Which day?", cmid)
            assert (first.replayed, again.replayed) == (False, True)
            assert view_of(again) == view_of(first)
            assert (view_of(first)["seq"], view_of(first)["client_msg_id"]) == (1, cmid)
            with pytest.raises(IdempotencyMismatch):
                await db.write(post, ann, chat, "Which hour?", cmid)
            other = await db.write(post, bob, chat, "Which hour?", cmid)
            assert (other.replayed, view_of(other)["seq"]) == (False, 2), "an id belongs to its sender"
            assert [(await db.write(post, ann, chat, "bare", None)).replayed for _ in range(2)] == [False, False]
            told = await heard.until("message.created", 4)
            assert [one["data"]["seq"] for one in told] == [1, 2, 3, 4]
            assert ["client_msg_id" in one["data"] for one in told] == [False, True, False, False], "bob's own alone"
            page = await app.call("GET", f"/api/chats/{chat}/messages", None, token)
            assert [one["text"] for one in page["items"]] == ["Which day?", "Which hour?", "bare", "bare"]

    asyncio.run(scenario())


def test_a_seat_speaks_for_its_own_member(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, _) = await app.person("ann"), await app.person("bob")
            chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob}, token))["id"]

            def borrowed(tx: Tx) -> Sent:
                return actions.say(tx, access.seat(tx, ann, chat), New(chat, bob, "hi", [], None, ""))

            with pytest.raises(AssertionError):
                await app.platform.db.write(borrowed)
            assert (await app.call("GET", f"/api/chats/{chat}/messages", None, token))["items"] == []

    asyncio.run(scenario())


def test_a_line_of_the_server_is_told_as_it_is_kept(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (_, token), (bob, bobs) = await app.person("ann"), await app.person("bob")
            heard = await app.socket(bobs)
            body = {"kind": "group", "name": "den", "member_ids": [bob]}
            den = (await app.call("POST", "/api/chats", body, token))["id"]
            await app.call("PATCH", f"/api/chats/{den}", {"name": "lair"}, token)
            told = [one["data"] for one in await heard.until("message.created", 3)]
            assert (await app.call("GET", f"/api/chats/{den}/messages", None, bobs))["items"] == told
            actions_told = [one["service"]["action"] for one in told]
            assert actions_told == ["chat.created", "member.joined", "chat.renamed"]

    asyncio.run(scenario())
