"""Tests the deadlines of a silent socket, shortened for the tests."""

import asyncio
from pathlib import Path

import pytest

from messenger.realtime import presence, sockets
from tests.inside import Recorder, inside


async def _closed(socket: Recorder) -> int:
    for _ in range(500):
        if socket.code:
            break
        await asyncio.sleep(0.01)
    return socket.code


def test_a_socket_without_hello_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sockets.HELLO_S == 5, "see API_CONTRACT.md, 3"
    monkeypatch.setattr(sockets, "HELLO_S", 0.1)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            _, ann = await app.person("ann")
            silent, speaking = app.dial(), await app.socket(ann)
            assert await _closed(silent) == 4401
            assert speaking.code == 0

    asyncio.run(scenario())


def test_who_is_away_for_a_while_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reload in between is no absence."""
    monkeypatch.setattr(presence, "AWAY_S", 0.5)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (ann_id, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob_id}, ann)
            watching, device = await app.socket(bob), await app.socket(ann)
            watching.tell("presence.watch", {"user_ids": [ann_id]})
            await watching.until("ack")
            device.session.closed()
            again = await app.socket(ann)
            await asyncio.sleep(0.7)
            assert not [one for one in watching.frames if one["type"] == "presence"]
            again.session.closed()
            (gone,) = await watching.until("presence")
            assert (gone["data"]["user_id"], gone["data"]["online"]) == (ann_id, False)
            assert gone["data"]["last_seen_at"]

    asyncio.run(scenario())
