"""Tests histories that were rewound without `accept-rewind`: devices prove it, and all devices load anew."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from messenger.doctor.database import check
from messenger.realtime import gateway
from messenger.settings import Settings
from tests.inside import Inside, Recorder, Within, inside


def _cursors(device: Recorder) -> dict[str, Any]:
    """Returns the cursors of a device, with the seals it received."""
    ready = device.frames[0]["data"]
    streams: dict[str, Any] = {topic: [ready["streams"][topic], seal] for topic, seal in ready["seals"].items()}
    for frame in device.frames:
        if "ev" in frame:
            streams[frame["topic"]] = [frame["ev"], frame["seal"]]
    return {"epoch": ready["epoch"], "streams": streams}


def _epoch(device: Recorder) -> int:
    return int(device.frames[0]["data"]["epoch"])


def _resyncs(device: Recorder) -> list[str]:
    return [frame["data"]["reason"] for frame in device.frames if frame["type"] == "resync"]


async def _closed(device: Recorder) -> int:
    for _ in range(1000):
        if device.code:
            break
        await asyncio.sleep(0.01)
    return device.code


class Rewound:
    """Rewinds a data folder to an earlier copy; a device and a poll of bob have ten messages more."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.backup = tmp_path / "data", tmp_path / "backup"

    async def happen(self) -> "Rewound":
        """Writes, copies the folder, writes more, and restores the copy."""
        async with inside(self.folder) as app:
            (_, self.ann), (self.bob_id, self.bob) = await app.person("ann"), await app.person("bob")
            self.chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": self.bob_id}, self.ann))[
                "id"
            ]
            await self.say(app, "before the backup")
        shutil.copytree(self.folder, self.backup)
        async with inside(self.folder) as app:
            device = await app.socket(self.bob)
            for n in range(10):
                await self.say(app, f"lost {n}")
            await device.until("message.created", 10)
            self.cursors = _cursors(device)
            self.poll = (await app.call("GET", "/api/events", None, self.bob))["page"]["next_cursor"]
        self.restore()
        return self

    def restore(self) -> None:
        """Restores the copy."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.backup, self.folder)

    async def say(self, app: Inside, words: str) -> None:
        """Sends a message of ann."""
        await app.call("POST", f"/api/chats/{self.chat}/messages", {"text": words}, self.ann)

    async def epoch(self, app: Inside) -> int:
        """Returns the history line of the server."""
        return int((await app.call("GET", "/api/chats", None, self.bob))["page"]["epoch"])


@pytest.mark.parametrize("more", [0, 5, 10, 30])
def test_a_restored_folder_is_proven_by_who_returns(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, more: int
) -> None:
    """Devices return before, when and after the server has passed their place: they never go on in another history."""

    async def scenario() -> None:
        past = await Rewound(tmp_path).happen()
        async with inside(past.folder) as app:
            for n in range(more):
                await past.say(app, f"new {n}")
            connected = await app.socket(past.ann)
            device = await app.socket(past.bob, **past.cursors)
            assert (_epoch(connected), _epoch(device), _resyncs(device)) == (1, 2, ["epoch"])
            assert not [frame for frame in device.frames if "ev" in frame]
            assert await _closed(connected) == 4408, "all other devices come back, too"
            other = await app.socket(past.ann, **_cursors(connected))
            assert (_epoch(other), _resyncs(other)) == (2, ["epoch"])
            again = await app.socket(past.bob, **past.cursors)
            assert (_epoch(again), device.code) == (2, 0), "the epoch was raised once"
            fresh = await app.socket(past.bob, **_cursors(await app.socket(past.bob)))
            assert _resyncs(fresh) == []
            page = await app.call("GET", f"/api/chats/{past.chat}/messages?limit=200", None, past.bob)
            texts = [one["text"] for one in page["items"] if one["kind"] == "text"]
            assert texts == ["before the backup", *(f"new {n}" for n in range(more))]

    asyncio.run(scenario())
    assert caplog.text.count("history was rewound") == 1
    found = check(Settings(data_dir=tmp_path / "data"))
    assert (found.status, "History was rewound" in found.what) == ("warning", True)


@pytest.mark.parametrize("more", [0, 30])
def test_a_restored_folder_is_proven_by_a_long_poll(tmp_path: Path, more: int) -> None:
    async def scenario() -> None:
        past = await Rewound(tmp_path).happen()
        async with inside(past.folder) as app:
            for n in range(more):
                await past.say(app, f"new {n}")
            page = await app.call("POST", "/api/events", {"cursor": past.poll, "wait": 5}, past.bob)
            assert page["items"] == []
            assert {f"chat:{past.chat}", f"user:{past.bob_id}"} == set(page["resync"])
            assert await past.epoch(app) == 2
            again = await app.call("POST", "/api/events", {"cursor": page["page"]["next_cursor"]}, past.bob)
            assert (again["items"], again["resync"]) == ([], [])

    asyncio.run(scenario())


@pytest.mark.parametrize("change", ["mac", "time", "length", "nonsense"])
def test_a_seal_that_was_made_up_proves_nothing(tmp_path: Path, change: str) -> None:
    """The device loads that stream anew; other devices need not."""

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            _, chat, bob = await _talk(app)
            topic = f"chat:{chat}"
            device = await app.socket(bob)
            cursors = _cursors(device)
            ev, seal = cursors["streams"][topic]
            made_up = {
                "mac": [ev + 1, seal],
                "time": [ev, "AAAAAQAA" + seal[8:]],
                "length": [ev, seal[:8]],
                "nonsense": [ev, "é?"],
            }
            cursors["streams"][topic] = made_up[change]
            other = await app.socket(bob, **cursors)
            assert [one["data"]["topics"] for one in other.frames if one["type"] == "resync"] == [[topic]]
            assert (_epoch(other), device.code) == (1, 0)

    asyncio.run(scenario())


def test_a_seal_of_an_answered_loss_proves_nothing_more(tmp_path: Path) -> None:
    async def scenario() -> None:
        past = await Rewound(tmp_path).happen()
        async with inside(past.folder) as app:
            await app.socket(past.bob, **past.cursors)
            # As if it had loaded anew, with seals of the lost history.
            device = await app.socket(past.bob, **{**past.cursors, "epoch": 2})
            assert _resyncs(device) == ["ahead"]
            assert await past.epoch(app) == 2

    asyncio.run(scenario())


def test_a_second_restore_of_the_same_folder_is_noticed(tmp_path: Path) -> None:
    async def scenario() -> None:
        past = await Rewound(tmp_path).happen()
        async with inside(past.folder) as app:
            await app.socket(past.bob, **past.cursors)
            device = await app.socket(past.bob)
            await past.say(app, "on the second line")
            await device.until("message.created")
            cursors = _cursors(device)
            assert cursors["epoch"] == 2
        past.restore()
        async with inside(past.folder) as app:
            device = await app.socket(past.bob, **cursors)
            assert (_epoch(device), _resyncs(device)) == (3, ["epoch"]), "2 was another history"

    asyncio.run(scenario())


TABLES = ("streams", "journal", "messages")


def _copy(url: str) -> dict[str, list[dict[str, Any]]]:
    """Returns the rows that identify the history, as a dump has them."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            table: [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table}"))]
            for table in TABLES
        }
    engine.dispose()
    return rows


def _restore(url: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Restores the rows of a dump in one transaction, under a running server."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table, kept in rows.items():
            connection.execute(text(f"DELETE FROM {table}"))
            for row in kept:
                columns = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)
    engine.dispose()


def _url(app: Inside) -> str:
    return app.platform.db._writes.url.render_as_string(hide_password=False)


async def _talk(app: Inside) -> tuple[str, int, str]:
    _, ann = await app.person("ann")
    bob_id, bob = await app.person("bob")
    chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob_id}, ann))["id"]
    await app.call("POST", f"/api/chats/{chat}/messages", {"text": "kept"}, ann)
    return ann, chat, bob


def test_a_dump_restored_beneath_a_running_server_is_noticed(within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    """No device need return: the server itself has delivered changes that are gone."""
    monkeypatch.setattr(gateway, "SWEEP_S", 0.1)

    async def scenario() -> None:
        async with within() as app:
            ann, chat, bob = await _talk(app)
            kept = await asyncio.to_thread(_copy, _url(app))
            device = await app.socket(bob)
            for n in range(3):
                await app.call("POST", f"/api/chats/{chat}/messages", {"text": str(n)}, ann)
            await device.until("message.created", 3)
            await asyncio.to_thread(_restore, _url(app), kept)
            for _ in range(500):
                if device.code:
                    break
                await asyncio.sleep(0.01)
            assert device.code == 4408
            ready = device.frames[0]["data"]
            again = await app.socket(bob, epoch=ready["epoch"], streams=ready["streams"])
            assert again.frames[0]["data"]["epoch"] == 2
            assert [one["data"]["reason"] for one in again.frames if one["type"] == "resync"] == ["epoch"]

    asyncio.run(scenario())


def test_an_epoch_that_another_process_raised_is_noticed(within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "SWEEP_S", 0.1)

    async def scenario() -> None:
        async with within() as app:
            _, _, bob = await _talk(app)
            device = await app.socket(bob)
            waiting = asyncio.create_task(
                app.call("POST", "/api/events", {"cursor": await _cursor(app, bob), "wait": 30}, bob)
            )
            await asyncio.to_thread(_raise, _url(app))
            async with asyncio.timeout(10):
                page = await waiting
            assert len(page["resync"]) == 2
            for _ in range(500):
                if device.code:
                    break
                await asyncio.sleep(0.01)
            assert device.code == 4408

    asyncio.run(scenario())


async def _cursor(app: Inside, token: str) -> str:
    page = await app.call("GET", "/api/events", None, token)
    return str(page["page"]["next_cursor"])


def _raise(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE facts SET value = '2' WHERE key = 'epoch'"))
    engine.dispose()
