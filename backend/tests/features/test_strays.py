"""Tests the sweep of the storage: what belongs to nothing is deleted at the second sighting, and nothing else ever."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from messenger.features.media import jobs
from messenger.features.media.actions import strays
from messenger.features.media.actions.strays import Sweep
from messenger.kernel import clock, codec
from tests.features.test_uploads import Uploader, body, kept, moved_clock, settled
from tests.inside import Inside, inside

__all__ = ["moved_clock"]

STRAYS = ["files/0f/f0f-o.bin", "uploads/aa/aa-1-0.bin"]
OTHERS = ["avatars/0f/0f3c-48.webp", "uploads/1f.png", "notes.txt"]
HOUR = 3_600_000


async def once() -> AsyncIterator[bytes]:
    yield b"x"


def aged(folder: Path, ms: int) -> None:
    """Makes every file of the storage older."""
    for path in (folder / "files").rglob("*"):
        if path.is_file():
            os.utime(path, times=(time.time() - ms / 1000,) * 2)


async def sweep(app: Inside) -> None:
    await jobs.sweep(app.platform, codec.encode(Sweep(1)))
    await settled(app)


def test_a_stray_goes_at_its_second_sighting(
    tmp_path: Path, moved_clock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLICE", 2)
    monkeypatch.setattr(jobs, "SWEEP_S", 0.0)  # each run does one slice and stages the next

    async def scenario() -> None:
        async with inside(tmp_path, access_token_ttl=30 * 86_400, refresh_token_ttl=60 * 86_400) as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            for key in [*STRAYS, *OTHERS]:
                await app.platform.storage.put(key, once())
            whole, part = await ann.begin(70_000), await ann.begin(200_000)
            await ann.patch(whole, 0, body(70_000))
            await ann.patch(part, 0, body(70_000))
            assert (await ann.ended(whole))["state"] == "done"
            await settled(app)
            everything = kept(tmp_path)
            assert len(everything) == len(STRAYS) + len(OTHERS) + 2
            await sweep(app)
            aged(tmp_path, 49 * HOUR)
            await sweep(app)
            await sweep(app)
            assert kept(tmp_path) == everything, "the first sighting, and one too soon after it"
            moved_clock(21 * HOUR)
            await sweep(app)
            assert kept(tmp_path) == [key for key in everything if key not in STRAYS]
            left = await app.platform.db.read(lambda tx: tx.all("SELECT key FROM strays"))
            assert left == []

    asyncio.run(scenario())


def test_a_new_day_begins_one_sweep(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            await app.idle()
            for day in (0, 0, 1, 1, 0, 1, 2):
                await app.platform.db.write(strays.stage, clock.now_ms() + day * 24 * HOUR)
                await app.idle()
            ended = app.platform.jobs.ended  # type: ignore[attr-defined]
            assert ended["media.sweep", "done"] == 2

    asyncio.run(scenario())
