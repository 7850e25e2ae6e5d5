"""Tests that the journal deletes old changes, a part at a time, also beside another process that does the same."""

import asyncio
from typing import Any

import pytest

from messenger.db import journal
from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.kernel import events
from messenger.kernel.events import Event
from tests.database import Opened

NOTED = Event("noted", dict, ("chat",))
OLD, NEW, DAY_MS = 25, 5, 86_400_000


def tell(tx: Tx, age_ms: int) -> int:
    """Writes a change of this age, and returns the time of its transaction."""
    real, tx.now = tx.now, tx.now - age_ms
    tx.emit(NOTED, {}, to=events.chat(1))
    return real


def kept(tx: Tx) -> list[int]:
    """Returns the numbers of the changes that are left."""
    return [row[0] for row in tx.all("SELECT ev FROM journal ORDER BY ev")]


def test_old_changes_are_forgotten_in_parts(opened: Opened[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PRUNE_MOST", 4)
    counts = []

    async def scenario(db: Database) -> Any:
        await db.write(lambda tx: tx.open_streams(events.chat(1)))
        for age in [DAY_MS] * OLD + [0] * NEW:
            now = await db.write(tell, age)

        async def housekeeper() -> None:
            while stale := await db.read(journal.stale, now - DAY_MS // 2):
                counts.append(len(stale))
                await db.write(journal.forget, stale)

        await asyncio.gather(housekeeper(), housekeeper(), housekeeper())
        return await db.read(kept)

    assert opened(scenario) == list(range(OLD + 1, OLD + NEW + 1))
    assert max(counts) <= 4


def test_the_newest_change_of_each_stream_is_kept(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> Any:
        await db.write(lambda tx: tx.open_streams(events.chat(1), events.chat(2)))
        for _ in range(3):
            now = await db.write(tell, DAY_MS)
        await db.write(lambda tx: tx.emit(NOTED, {}, to=events.chat(2)))
        await db.write(journal.forget, await db.read(journal.stale, now + DAY_MS))
        assert await db.read(journal.stale, now + DAY_MS) == []
        return await db.read(lambda tx: [tuple(row) for row in tx.all("SELECT id, ev FROM journal ORDER BY id")])

    assert opened(scenario) == [(1, 3), (2, 1)]
