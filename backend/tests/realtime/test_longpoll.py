"""Tests the stream without a socket: the same events, and any number of chats."""

import asyncio
import base64
import random
from pathlib import Path
from typing import Any

import pytest

from messenger.db.tx import Tx
from messenger.web.guard import LINE_MAX
from messenger.web.http import BODY_MAX
from tests.inside import Inside, inside

CHATS = 9_000


def _have_chats(tx: Tx, user: int) -> None:
    """Makes a person in very many chats."""
    rows = [{"id": 2**51 + place, "user": user} for place in range(CHATS)]
    columns = "id, kind, name, created_by, created_at, member_count"
    tx.run(f"INSERT INTO chats ({columns}) VALUES (:id, 'group', 'den', :user, 0, 1)", rows)
    tx.run(
        "INSERT INTO members (chat_id, user_id, role, joined_at, joined_seq) VALUES (:id, :user, 'owner', 0, 0)", rows
    )
    tx.run("INSERT INTO streams VALUES ('chat', :id, 0, 0, 0)", rows)


def test_nine_thousand_chats_go_on_where_they_stood(tmp_path: Path, url: str) -> None:

    async def scenario() -> None:
        async with inside(tmp_path, database_url=url) as app:
            ann, token = await app.person("ann")
            await app.platform.db.write(_have_chats, ann)
            cursor = (await app.call("POST", "/api/events", {}, token))["page"]["next_cursor"]
            assert len(cursor) > LINE_MAX, "no URL could hold it"
            assert len(cursor) > BODY_MAX, "nor any other body"
            asked = asyncio.create_task(app.call("POST", "/api/events", {"cursor": cursor, "wait": 30}, token))
            await asyncio.sleep(0.1)
            for chat in (2**51, 2**51 + CHATS - 1):
                await app.call("POST", f"/api/chats/{chat}/messages", {"text": "hello"}, token)
            page = await asked
            while len(page["items"]) < 2:
                body = {"cursor": page["page"]["next_cursor"], "wait": 30}
                page["items"] += (await app.call("POST", "/api/events", body, token))["items"]
            assert [one["topic"] for one in page["items"]] == [f"chat:{2**51}", f"chat:{2**51 + CHATS - 1}"]
            assert page["resync"] == []
            for nonsense in ("nonsense", base64.urlsafe_b64encode(b"\x81\xa1x" + b"\x91" * 3_000).decode()):
                assert await app.refused("POST", "/api/events", {"cursor": nonsense}, token) == (422, "page.invalid")
            assert await app.refused("POST", "/api/events", {"wait": 61}, token) == (422, "validation.failed")

    asyncio.run(scenario())


class Listener:
    """Holds Bob's socket, and his long poll, which he uses at will."""

    def __init__(self, app: Inside, token: str) -> None:
        self.app, self.token = app, token
        self.polled: list[dict[str, Any]] = []
        self.anew: set[str] = set()

    async def open(self) -> None:
        self.socket = await self.app.socket(self.token)
        self.streams = set(self.socket.frames[0]["data"]["streams"])
        self.cursor = (await self.app.call("GET", "/api/events", None, self.token))["page"]["next_cursor"]

    async def poll(self) -> None:
        page = await self.app.call("GET", f"/api/events?cursor={self.cursor}", None, self.token)
        self.polled += page["items"]
        self.anew |= set(page["resync"])
        self.cursor = page["page"]["next_cursor"]

    def heard(self, topic: str) -> tuple[list[Any], list[Any]]:
        """Returns the events of a stream, by socket and by poll.

        Messages received before their deletion had their text.
        """
        live, polled = [
            [one for one in frames if one.get("topic") == topic and one.get("ev")]
            for frames in (self.socket.frames, self.polled)
        ]
        deleted = {one["data"]["seq"] for one in live if one["type"] == "message.deleted"}
        for frame in (*live, *polled):
            if frame["type"] in ("message.created", "message.edited") and frame["data"]["seq"] in deleted:
                frame["data"] |= {"text": "", "entities": []}
        return live, polled


class History:
    """Does random things in a group of ann, bob and (now and then) eve."""

    def __init__(self, app: Inside, dice: random.Random) -> None:
        self.app, self.dice, self.count = app, dice, 0
        self.is_eve_in = True

    async def open(self) -> None:
        self.ids, self.tokens = zip(*[await self.app.person(name) for name in ("ann", "bob", "eve")], strict=True)
        self.chat = await self._group()

    async def _group(self) -> int:
        body = {"kind": "group", "name": "den", "member_ids": [*self.ids[1:]]}
        return int((await self.app.call("POST", "/api/chats", body, self.tokens[0]))["id"])

    async def step(self) -> None:
        path, seq = f"/api/chats/{self.chat}", self.dice.randint(1, max(1, self.count))
        me = self.dice.randint(0, 1)
        token, self.count = self.tokens[me], self.count + 1
        what = self.dice.choice(["say", "say", "say", "edit", "delete", "read", "eve", "rename", "name", "new"])
        body = {"text": f"words {self.count}", "seq": seq, "name": f"name {self.count}"}
        if what == "say":
            await self.app.call("POST", f"{path}/messages", body, token)
        elif what == "eve":
            await self._let_eve(path)
        elif what == "rename":
            await self.app.call("PATCH", path, body, self.tokens[0])
        elif what == "name":
            await self.app.call("PATCH", "/api/users/me", body, token)
        elif what == "new":
            self.chat = await self._group() if self.dice.random() < 0.3 else self.chat
        elif what == "read":
            await self.app.call("PUT", f"{path}/read", body, token)
        else:
            method = "PATCH" if what == "edit" else "DELETE"
            await self.app.http.request(
                method, f"{path}/messages/{seq}", json=body, headers={"authorization": f"Bearer {token}"}
            )

    async def _let_eve(self, path: str) -> None:
        if self.is_eve_in:
            await self.app.http.delete(
                f"{path}/members/{self.ids[2]}", headers={"authorization": f"Bearer {self.tokens[0]}"}
            )
        else:
            await self.app.call("POST", f"{path}/members", {"user_ids": [self.ids[2]]}, self.tokens[0])
        self.is_eve_in = not self.is_eve_in


@pytest.mark.parametrize("seed", range(12))
def test_a_poll_and_a_socket_hear_the_same(tmp_path: Path, seed: int) -> None:
    """Over random histories with polls now and then: every event of every stream, once, equal in each field."""
    dice = random.Random(seed)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            history = History(app, dice)
            await history.open()
            bob = Listener(app, history.tokens[1])
            await bob.open()
            for _ in range(40):
                await history.step()
                if dice.random() < 0.2:
                    await bob.poll()
            await bob.poll()
            await asyncio.sleep(0.1)
            topics = {frame["topic"] for frame in bob.socket.frames if frame.get("ev")}
            assert topics >= bob.streams
            assert topics - bob.streams == bob.anew, "only new chats are loaded anew"
            for topic in topics:
                live, polled = bob.heard(topic)
                assert polled == (live if topic in bob.streams else live[len(live) - len(polled) :]), topic

    asyncio.run(scenario())
