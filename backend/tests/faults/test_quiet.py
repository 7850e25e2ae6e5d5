"""Tests a server without messages for longer than the journal reaches back: it starts again, and devices go on."""

import asyncio
from collections.abc import Iterator

import pytest

from messenger.db import journal
from messenger.kernel import clock
from tests.inside import Inside, Within

DAY_MS = 86_400_000


@pytest.fixture
def ahead() -> Iterator[int]:
    """Yields a switch that sets the clock 15 days ahead, until the test ends."""
    yield 15 * DAY_MS
    clock.replace_source(None)


async def _kept(app: Inside) -> None:
    """Waits until the upkeep has deleted old changes."""
    for _ in range(500):
        if not await app.platform.db.read(journal.stale, clock.now_ms() - 14 * DAY_MS):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("old changes are left")


def test_a_server_without_messages_for_14_days_starts_again(within: Within, ahead: int) -> None:
    async def scenario() -> None:
        async with within() as app:
            _, ann = await app.person("ann")
            bob_id, _ = await app.person("bob")
            await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob_id}, ann)
        now = clock.now_ms()
        clock.replace_source(lambda: now + ahead)
        async with within() as app:
            await _kept(app)
        async with within() as app:
            streams, left = await app.platform.db.read(
                lambda tx: (
                    tx.first("SELECT count(*) FROM streams WHERE ev > 0"),
                    tx.first("SELECT count(*) FROM journal"),
                )
            )
            assert streams == left, "the newest change of each stream is left, and no other"

    asyncio.run(scenario())
