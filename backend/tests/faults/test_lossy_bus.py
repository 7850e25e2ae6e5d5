"""Tests a bus that loses, repeats and reorders: clients notice nothing, since the journal fills the holes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from messenger.adapters.bus.memory import MemoryBus
from messenger.assembly.drivers import choice
from messenger.features.people import actions
from messenger.kernel.actor import Actor
from messenger.kernel.events import Envelope
from messenger.realtime import hub
from tests.database import statements
from tests.inside import inside


class Lossy(MemoryBus):
    """Loses lists while `is_losing`, and repeats and reorders the others."""

    is_losing = False

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        if Lossy.is_losing and envelopes[0].ev:
            return
        turned = list(reversed(envelopes))
        super().publish(turned)
        super().publish(turned)


@pytest.fixture(autouse=True)
def lossy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "MemoryBus", Lossy)
    Lossy.is_losing = False


def _evs(frames: list[dict[str, Any]], topic: str) -> list[int]:
    return [frame["ev"] for frame in frames if frame.get("topic") == topic and frame.get("ev")]


def test_holes_are_filled_in_order(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (_, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob_id}, ann))["id"]
            device = await app.socket(bob)
            for place in range(12):
                Lossy.is_losing = place % 3 != 0 and place != 11
                await app.call("POST", f"/api/chats/{chat}/messages", {"text": str(place)}, ann)
            said = [one["data"]["text"] for one in await device.until("message.created", 12)]
            assert said == [str(place) for place in range(12)], "each event once, in order"
            evs = _evs(device.frames, f"chat:{chat}")
            assert evs == list(range(evs[0], evs[0] + len(evs)))

    asyncio.run(scenario())


def test_a_lost_removal_still_ends_delivery(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (_, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            body = {"kind": "group", "name": "den", "member_ids": [bob_id]}
            chat = (await app.call("POST", "/api/chats", body, ann))["id"]
            device, owner = await app.socket(bob), await app.socket(ann)
            Lossy.is_losing = True
            await app.call("DELETE", f"/api/chats/{chat}/members/{bob_id}", None, ann)
            Lossy.is_losing = False
            for place in range(5):
                await app.call("POST", f"/api/chats/{chat}/messages", {"text": f"after {place}"}, ann)
                await asyncio.sleep(0.05)
            await owner.until("message.created", 5)
            assert not [one for one in device.frames if one["type"] == "message.created"]

    asyncio.run(scenario())


def test_a_lost_end_of_a_session_is_heard_with_the_next_event(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            ann_id, ann = await app.person("ann")
            device = await app.socket(ann)
            Lossy.is_losing = True
            await app.call("POST", "/api/auth/logout", {}, ann)
            Lossy.is_losing = False
            actor = Actor(ann_id, 0, False, 0)
            await app.platform.db.write(actions.change_profile, actor, {"name": "Anna"}, None)
            for _ in range(200):
                if device.code:
                    break
                await asyncio.sleep(0.01)
            assert device.code == 4403

    asyncio.run(scenario())


def test_what_nothing_follows_comes_too(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (_, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob_id}, ann))["id"]
            device = await app.socket(bob)
            Lossy.is_losing = True
            await app.call("POST", f"/api/chats/{chat}/messages", {"text": "the last word"}, ann)
            (frame,) = await device.until("message.created")
            assert frame["data"]["text"] == "the last word"

    asyncio.run(scenario())


def test_a_newcomer_hears_a_chat_whose_beginning_was_lost(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (_, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            device = await app.socket(bob)
            Lossy.is_losing = True
            body = {"kind": "group", "name": "den", "member_ids": [bob_id]}
            chat = (await app.call("POST", "/api/chats", body, ann))["id"]
            for text in ("one", "two"):
                await app.call("POST", f"/api/chats/{chat}/messages", {"text": text}, ann)
            frames = await device.until("message.created", 3)
            said = [one["data"]["text"] for one in frames if one["data"]["text"]]
            assert said == ["one", "two"]
            evs = _evs(device.frames, f"chat:{chat}")
            assert evs == list(range(evs[0], evs[0] + len(evs)))

    asyncio.run(scenario())


def test_who_missed_too_much_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "HEAL_MOST", 5)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (_, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob_id}, ann))["id"]
            device = await app.socket(bob)
            Lossy.is_losing = True
            for place in range(7):
                await app.call("POST", f"/api/chats/{chat}/messages", {"text": str(place)}, ann)
            for _ in range(1000):
                if device.code:
                    break
                await asyncio.sleep(0.01)
            assert device.code == 4408
            assert not _evs(device.frames, f"chat:{chat}"), "events come in order until the end"

    asyncio.run(scenario())


def test_a_sweep_that_finds_nothing_is_one_statement(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (_, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            for _ in range(3):
                await app.call("POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": [bob_id]}, ann)
            await app.socket(ann)
            await app.socket(bob)
            await app.kept()
            with statements(app.platform.db._reads) as seen:
                await app.app.state.entry.gateway.shared.hub.sweep()
            assert len([one for one in seen if not one.startswith("BEGIN")]) == 1, seen

    asyncio.run(scenario())
