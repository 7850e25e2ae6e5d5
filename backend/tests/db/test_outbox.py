"""Later work: staged with its cause, claimed by one, repeated until it is done."""

from typing import Any

from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.outbox import CLAIM_MS, RETRY_MS, Staged
from messenger.kernel import clock
from tests.database import Opened


def test_work_is_claimed_once_and_ends(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        work = [Staged("letter", {"to": n}, f"letter:{n}", now) for n in (1, 2, 2)]
        staged = await db.write(outbox.stage, work)
        assert len(staged) == 2, "an effect has one row"
        first = await db.write(outbox.claim, now, 1)
        second = await db.write(outbox.claim, now, 5)
        assert {row.n for row in (*first, *second)} == set(staged)
        assert await db.write(outbox.claim, now, 5) == [], "claimed rows are held"
        await db.write(outbox.finish, first[0].n)
        again = await db.write(outbox.claim, now + CLAIM_MS, 5)
        assert [row.n for row in again] == [second[0].n], "a runner died: its row is free again"
        assert again[0].attempts == 2

    opened(scenario)


def test_failed_work_waits_longer_each_time(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        await db.write(outbox.stage, [Staged("letter", {}, "letter:1", now)])
        for attempt, wait in enumerate(RETRY_MS, start=1):
            (row,) = await db.write(outbox.claim, now, 5)
            assert row.attempts == attempt
            assert await db.write(outbox.put_off, row.n, row.attempts, now) is (attempt < len(RETRY_MS))
            assert await db.write(outbox.claim, now + wait - 1, 5) == []
            now += wait

    opened(scenario)
