"""Tests background jobs: written with their cause, claimed by one runner, repeated until done."""

import asyncio
from functools import partial
from typing import Any

from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.outbox import CLAIM_MS, RETRY_MS, Claimed, Staged
from messenger.db.tx import Tx
from messenger.kernel import clock
from tests.database import Opened, statements


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
        await db.write(outbox.finish, first[0].n, first[0].attempts)
        again = await db.write(outbox.claim, now + CLAIM_MS, 5)
        assert [row.n for row in again] == [second[0].n], "a runner died, so its row is free again"
        assert again[0].attempts == 2

    opened(scenario)


def test_heavy_work_is_claimed_apart(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        work = [Staged("work", {}, f"work:{n}", now, heavy=n > 1) for n in range(4)]
        assert len(await db.write(outbox.stage, work)) == 4
        assert [row.heavy for row in await db.write(outbox.claim, now, 5)] == [0, 0]
        (one,) = await db.write(partial(outbox.claim, heavy=True), now, 1)
        assert one.heavy
        ((left,),) = await db.read(lambda tx: tx.all("SELECT n FROM outbox WHERE attempts = 0"))
        assert await db.write(outbox.claim_row, left, now) is None, "it has a place of its own"

    opened(scenario)


def test_a_renewed_claim_holds_for_longer(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        await db.write(outbox.stage, [Staged("film", {}, "film:1", now)])
        row = await _claimed(db, now)
        assert await db.write(outbox.extend, row.n, row.attempts, now + CLAIM_MS - 1)
        assert await db.write(outbox.claim, now + CLAIM_MS, 5) == []
        again = await _claimed(db, now + 2 * CLAIM_MS)
        assert not await db.write(outbox.extend, row.n, row.attempts, now + 2 * CLAIM_MS), "another runner has it"
        await db.write(outbox.finish, again.n, again.attempts)
        assert not await db.write(outbox.extend, again.n, again.attempts, now)

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


def _again(due_at: int, key: str = "sum:1") -> Staged:
    return Staged("sum", {}, key, due_at, again=True)


async def _claimed(db: Database, now: int) -> Claimed:
    (row,) = await db.write(outbox.claim, now, 5)
    return row


def test_work_is_staged_in_one_statement(opened: Opened[Any]) -> None:
    def enqueue(tx: Tx) -> None:
        for n in range(50):
            tx.enqueue("letter", {"to": n}, key=f"letter:{n}")
            tx.enqueue("sum", {"of": n}, key=f"sum:{n % 5}", again=True)

    async def scenario(db: Database) -> None:
        with statements(db._writes) as seen:
            await db.write(enqueue)
        assert len([one for one in seen if not one.startswith("BEGIN")]) == 1, seen
        rows = await db.write(outbox.claim, clock.now_ms() + 1, 100)
        assert len(rows) == len({row.n for row in rows}) == 55

    opened(scenario)


def test_only_the_statements_of_the_one_who_counts_are_counted(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        async def beside() -> None:
            while True:
                await db.write(outbox.claim, clock.now_ms(), 5)

        other = asyncio.create_task(beside())
        with statements(db._writes) as seen:
            for _ in range(20):
                await db.write(lambda tx: tx.first("SELECT 1"))
        other.cancel()
        assert {one for one in seen if not one.startswith("BEGIN")} == {"SELECT 1"}, seen

    opened(scenario)


def test_work_that_waits_is_not_asked_for_twice(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        first = await db.write(outbox.stage, [_again(now)])
        assert await db.write(outbox.stage, [_again(now + 9000), _again(now)]) == first
        row = await _claimed(db, now)
        assert not await db.write(outbox.finish, row.n, row.attempts)
        assert await db.write(outbox.claim, now + CLAIM_MS, 5) == []

    opened(scenario)


def test_work_that_is_asked_for_while_it_runs_is_due_again_when_the_first_wish_says(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        await db.write(outbox.stage, [_again(now)])
        row = await _claimed(db, now)
        for due_at in (now + 4000, now + 3000, now + 5000):
            await db.write(outbox.stage, [_again(due_at)])
        assert await db.write(outbox.claim, now + 3000, 5) == [], "the job still runs"
        assert await db.write(outbox.finish, row.n, row.attempts)
        assert await db.write(outbox.claim, now + 2999, 5) == []
        row = await _claimed(db, now + 3000)
        assert row.attempts == 1, "the job did not fail"
        assert not await db.write(outbox.finish, row.n, row.attempts)

    opened(scenario)


def test_work_that_is_asked_for_before_it_fails_runs_no_sooner_for_that(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        await db.write(outbox.stage, [_again(now)])
        row = await _claimed(db, now)
        await db.write(outbox.stage, [_again(now)])
        await db.write(outbox.put_off, row.n, row.attempts, now)
        assert await db.write(outbox.claim, now + RETRY_MS[0] - 1, 5) == []
        row = await _claimed(db, now + RETRY_MS[0])
        assert not await db.write(outbox.finish, row.n, row.attempts), "this run has seen the row"

    opened(scenario)


def test_a_runner_that_is_late_leaves_the_row_to_the_next(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        await db.write(outbox.stage, [_again(now)])
        late = await _claimed(db, now)
        next_ = await _claimed(db, now + CLAIM_MS)
        assert not await db.write(outbox.finish, late.n, late.attempts)
        assert (await _claimed(db, now + 2 * CLAIM_MS)).n == next_.n, "the second runner died"

    opened(scenario)


def test_an_effect_of_once_is_not_repeated(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        now = clock.now_ms()
        (n,) = await db.write(outbox.stage, [Staged("letter", {}, "letter:1", now)])
        row = await _claimed(db, now)
        assert await db.write(outbox.stage, [Staged("letter", {}, "letter:1", now)]) == []
        assert not await db.write(outbox.finish, n, row.attempts)
        assert await db.write(outbox.claim, now + CLAIM_MS, 5) == []

    opened(scenario)


def test_cancelled_work_is_gone_and_may_be_staged_anew(opened: Opened[Any]) -> None:
    def enqueue(tx: Tx) -> None:
        tx.enqueue("post", "late", key="post:1", due_at=tx.now + 3_600_000)
        tx.enqueue("post", "other", key="post:2", due_at=tx.now + 3_600_000)

    def reschedule(tx: Tx) -> None:
        tx.cancel("post:1")
        tx.enqueue("post", "soon", key="post:1")

    def withdraw(tx: Tx) -> None:
        tx.enqueue("post", "never", key="post:3")
        tx.cancel("post:3")
        tx.cancel("post:2")

    async def scenario(db: Database) -> None:
        await db.write(enqueue)
        await db.write(reschedule)
        await db.write(withdraw)
        row = await _claimed(db, clock.now_ms() + CLAIM_MS * 60)
        assert row.payload == b'"soon"'
        await db.write(outbox.cancel, ["post:1"])
        assert not await db.write(outbox.finish, row.n, row.attempts)

    opened(scenario)
