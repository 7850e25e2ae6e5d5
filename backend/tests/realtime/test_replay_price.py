"""Tests that repeated events are charged by size, and sent in pieces between which others are served."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from messenger.doors import limits
from messenger.features.messages.routes import SEND
from messenger.kernel.ports.limits import Rate
from messenger.realtime.plate import rates
from tests.inside import Inside, Recorder, inside

TEXT = "a" * 9_000
COUNT = 12


async def _filled(app: Inside) -> tuple[str, int]:
    """Makes a person with a chat that has more than 100 KB of messages; returns token and chat."""
    _, token = await app.person("ann")
    chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, token))["id"]
    for n in range(COUNT):
        await app.call("POST", f"/api/chats/{chat}/messages", {"text": f"{n} {TEXT}"}, token)
    return token, chat


def _from_start(chat: int) -> dict[str, Any]:
    return {"epoch": 1, "streams": {f"chat:{chat}": 0}}


def _told(socket: Recorder, type_: str) -> int:
    return sum(frame["type"] == type_ for frame in socket.frames)


def test_who_asks_for_everything_again_and_again_loads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for bucket in (SEND, limits.DEFAULT, rates.SOCKETS):
        monkeypatch.setattr(bucket, "rate", Rate(1000, 1000, 1))
    monkeypatch.setattr(rates.REPLAY, "rate", Rate(300_000, 1, 60))

    async def scenario() -> None:
        async with inside(tmp_path, rate_limits="on") as app:
            token, chat = await _filled(app)
            socket = await app.socket(token)
            replies = []
            for n in range(1, 5):
                socket.tell("resume", _from_start(chat))
                replies.append((await socket.until("ack", n))[-1]["data"])
            anew = {"replayed": 0, "resync": [f"chat:{chat}"]}
            assert [one["replayed"] >= COUNT for one in replies] == [True, True, False, False]
            assert replies[2:] == [anew, anew]
            assert [one["data"]["reason"] for one in socket.frames if one["type"] == "resync"] == ["too_many"] * 2
            other = await app.socket(token, **_from_start(chat))
            assert (_told(other, "message.created"), _told(other, "resync")) == (0, 1), "all sockets together"

    asyncio.run(scenario())


def test_a_poll_pays_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SEND, "rate", Rate(1000, 1000, 1))
    monkeypatch.setattr(rates.REPLAY, "rate", Rate(150_000, 1, 60))

    async def scenario() -> None:
        async with inside(tmp_path, rate_limits="on") as app:
            _, token = await app.person("ann")
            chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, token))["id"]
            cursor = (await app.call("GET", "/api/events", None, token))["page"]["next_cursor"]
            for n in range(COUNT):
                await app.call("POST", f"/api/chats/{chat}/messages", {"text": f"{n} {TEXT}"}, token)
            pages = [await app.call("GET", f"/api/events?cursor={cursor}", None, token) for _ in range(2)]
            assert [len(page["items"]) for page in pages] == [COUNT, 0]
            assert [page["resync"] for page in pages] == [[], [f"chat:{chat}"]]

    asyncio.run(scenario())


class Slow(Recorder):
    """Takes a piece only when the test lets it."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self.taking = asyncio.Semaphore(0)
        self.pieces = 0
        self.began = asyncio.Event()

    async def taken(self) -> None:
        self.pieces += 1
        self.began.set()
        await self.taking.acquire()


def test_pieces_come_as_they_are_taken_and_live_events_after_them(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            token, chat = await _filled(app)
            device = Slow(app.app.state.entry.gateway.session())
            device.session.opened(device)
            device.tell("hello", {"token": token, **_from_start(chat)})
            await device.until("ready")
            await device.began.wait()
            await app.call("POST", f"/api/chats/{chat}/messages", {"text": "live"}, token)
            assert device.pieces == 1
            assert 0 < _told(device, "message.created") < COUNT
            for _ in range(COUNT):
                device.taking.release()
            await device.until("message.created", COUNT + 1)
            numbers = [frame["ev"] for frame in device.frames if frame.get("topic") == f"chat:{chat}"]
            assert numbers == list(range(1, len(numbers) + 1))
            assert device.frames[-1]["data"]["text"] == "live"

    asyncio.run(scenario())
