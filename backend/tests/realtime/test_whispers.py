"""Tests events without a number for present devices, and small events that a crowd does not get."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.kernel import events
from messenger.kernel.errors import AppError, NotFound
from messenger.kernel.events import Event
from tests.inside import Inside, Recorder, Within, inside

SAID = Event("tests.said", dict)


class Den:
    """Makes a group of ann, bob and eve, with a socket of each."""

    def __init__(self, app: Inside) -> None:
        self.app = app

    async def open(self) -> "Den":
        people = [await self.app.person(name) for name in ("ann", "bob", "eve")]
        self.ids, self.tokens = zip(*people, strict=True)
        body = {"kind": "group", "name": "den", "member_ids": list(self.ids[1:])}
        self.chat = (await self.app.call("POST", "/api/chats", body, self.tokens[0]))["id"]
        self.ann, self.bob, self.eve = [await self.app.socket(token) for token in self.tokens]
        return self

    async def frames_until_said(self, device: Recorder, text: str) -> list[dict[str, Any]]:
        """Returns the frames of a device before the message that ann sends now."""
        await self.app.call("POST", f"/api/chats/{self.chat}/messages", {"text": text}, self.tokens[0])
        while not any(frame.get("data", {}).get("text") == text for frame in device.frames):
            await device.until("message.created")
            await asyncio.sleep(0)
        return device.frames


def test_a_whisper_goes_to_those_who_hear_and_is_kept_nowhere(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            den = await Den(app).open()
            topic = events.chat(den.chat)
            before = await app.platform.db.read(journal.head, topic)
            await app.platform.db.write(lambda tx: tx.whisper(SAID, {"n": 1}, to=topic))
            await app.platform.db.write(lambda tx: tx.whisper(SAID, {"n": 2}, to=events.user(den.ids[1])))
            frames = await den.frames_until_said(den.bob, "after both")
            whispers = [frame for frame in frames if frame["type"] == "tests.said"]
            assert whispers == [
                {"type": "tests.said", "topic": str(topic), "data": {"n": 1}},
                {"type": "tests.said", "topic": f"user:{den.ids[1]}", "data": {"n": 2}},
            ]
            assert [one["data"] for one in den.eve.frames if one["type"] == "tests.said"] == [{"n": 1}]
            after = await app.platform.db.read(journal.head, topic)
            assert after[0] == before[0] + 1, "only the message has a number"
            epoch = await app.platform.db.read(journal.epoch)
            again = await app.socket(den.tokens[1], epoch=epoch, streams={str(topic): before[0]})
            assert [frame["topic"] for frame in again.frames if frame["type"] == "message.created"] == [str(topic)]
            assert not [frame for frame in again.frames if frame["type"] == "tests.said"]

    asyncio.run(scenario())


def test_what_is_undone_is_not_whispered(tmp_path: Path) -> None:
    def undone(tx: Tx, chat: int) -> None:
        tx.whisper(SAID, {}, to=events.chat(chat))
        raise NotFound

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            with pytest.raises(AppError):
                await app.platform.db.write(undone, den.chat)
            frames = await den.frames_until_said(den.bob, "after")
            assert "tests.said" not in {frame["type"] for frame in frames}

    asyncio.run(scenario())


def test_typing_is_dropped_where_a_crowd_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert events.CROWD == 100, "see API_CONTRACT.md, 3"
    monkeypatch.setattr(events, "CROWD", 2)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            den.ann.tell("typing.set", {"chat_id": den.chat})
            frames = await den.frames_until_said(den.bob, "three people hear")
            assert "typing" not in {frame["type"] for frame in frames}
            den.eve.session.closed()
            second = await app.socket(den.tokens[0])
            second.tell("typing.set", {"chat_id": den.chat})
            frames = await den.frames_until_said(den.bob, "two people hear, on three sockets")
            assert [frame["data"]["user_id"] for frame in frames if frame["type"] == "typing"] == [den.ids[0]]

    asyncio.run(scenario())


def test_a_crowd_is_not_told_of_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "CROWD", 2)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            direct = await app.call("POST", "/api/chats", {"kind": "direct", "user_id": den.ids[1]}, den.tokens[0])
            await app.call("PATCH", "/api/users/me", {"name": "Anna"}, den.tokens[0])
            frames = await den.frames_until_said(den.bob, "after")
            told = [frame["topic"] for frame in frames if frame["type"] == "user.changed"]
            assert told == [f"chat:{direct['id']}"]

    asyncio.run(scenario())
