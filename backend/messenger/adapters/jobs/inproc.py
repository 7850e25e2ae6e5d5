"""Background jobs inside this process: a few tasks that claim rows of the outbox."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.outbox import Claimed
from messenger.db.sql import Sql
from messenger.kernel import clock, trail
from messenger.kernel.errors import Unavailable

log = logging.getLogger("messenger.jobs")

AT_ONCE: Final = 4
HEAVY_AT_ONCE: Final = 1
"""Heavy jobs beside the others, which they never hold up."""
SWEEP_S: Final = 5.0
LONGEST_S: Final = 50.0
"""Seconds for one job; below `outbox.CLAIM_MS`, after which another runner may claim the row."""
HEAVY_S: Final = 600.0
"""Seconds for a heavy job, whose claim is renewed while it runs."""
SETTLE_TRIES: Final = 20
CLOSE_S: Final = 5.0

Run = Callable[[bytes], Awaitable[None]]


def _claim(sql: Sql, now: int, most: int, heavy_most: int) -> list[Claimed]:
    """Claims rows for so many free places, in one transaction."""
    light = outbox.claim(sql, now, most) if most else []
    return light + (outbox.claim(sql, now, heavy_most, heavy=True) if heavy_most else [])


class InprocJobs:
    """A driver of `kernel.ports.jobs.Jobs`: woken by commits, and by a sweep for rows whose hint was lost.

    `runs`: the jobs by name. They need the platform, which needs this runner first: it may be filled until `start`.
    `patience_s`: how long `close` waits for jobs that run. `ended` counts jobs by name and by how they ended.
    """

    def __init__(self, db: Database, runs: Mapping[str, Run], patience_s: float = CLOSE_S) -> None:
        self._db, self._runs, self._patience_s = db, runs, patience_s
        self._woken = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._toiling: set[asyncio.Task[None]] = set()
        self._is_more = False
        self.ended: Counter[tuple[str, str]] = Counter()

    def wake(self, row_ids: Sequence[int]) -> None:
        self._woken.set()

    async def start(self) -> None:
        self._sweeper = asyncio.create_task(self._sweep())

    async def close(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
        if left := self._running | self._toiling:
            _, late = await asyncio.wait(left, timeout=self._patience_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def run_row(self, n: int) -> None:
        """Runs one row, unless another runner has it, it is done, or not due. A heavy one is left to the sweep."""
        row = await self._db.write(outbox.claim_row, n, clock.now_ms())
        if row is not None:
            await self._run_one(row, LONGEST_S)
        else:
            self._woken.set()

    async def _sweep(self) -> None:
        while True:
            self._woken.clear()
            free, heavy_free = AT_ONCE - len(self._running), HEAVY_AT_ONCE - len(self._toiling)
            try:
                claimed = await self._db.write(_claim, clock.now_ms(), free, heavy_free) if free or heavy_free else []
            except Exception:  # the runner must outlive a database that is away
                log.exception("the outbox could not be read; trying again in %s s", SWEEP_S)
                claimed, free = [], AT_ONCE + 1
            for row in claimed:
                self._begin(row)
            # With every free place taken there may be more rows: the first place that becomes free takes another.
            self._is_more = len([row for row in claimed if not row.heavy]) == free
            if self._is_more and len(self._running) < AT_ONCE:
                continue
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._woken.wait()
            except TimeoutError:
                continue

    def _begin(self, row: Claimed) -> None:
        """Begins a run in a place of its kind; the end of one asks for the next where there may be one."""
        task = asyncio.create_task(self._toil(row) if row.heavy else self._run_one(row, LONGEST_S))
        places = self._toiling if row.heavy else self._running

        def ended(task: asyncio.Task[None]) -> None:
            places.discard(task)
            if row.heavy or self._is_more:
                self._woken.set()

        places.add(task)
        task.add_done_callback(ended)

    async def _toil(self, row: Claimed) -> None:
        """Runs a heavy row, and renews its claim meanwhile."""
        renewing = asyncio.create_task(self._renew(row))
        try:
            await self._run_one(row, HEAVY_S)
        finally:
            renewing.cancel()

    async def _renew(self, row: Claimed) -> None:
        while True:
            await asyncio.sleep(outbox.CLAIM_MS / 3000)
            with suppress(Unavailable):
                await self._db.write(outbox.extend, row.n, row.attempts, clock.now_ms())

    async def _run_one(self, row: Claimed, longest_s: float) -> None:
        trail.request_id.set(row.request_id or f"job-{row.n}")
        began = time.monotonic()
        try:
            with trail.span(row.job):
                async with asyncio.timeout(longest_s):
                    await self._runs[row.job](row.payload)
        except Exception:
            self.ended[row.job, "failed"] += 1
            again = await self._settle(outbox.put_off, row.n, row.attempts, clock.now_ms())
            log.exception("job %s (row %d) failed%s", row.job, row.n, "; it will be repeated" if again else "")
        else:
            self.ended[row.job, "done"] += 1
            log.info("job %s (row %d) is done in %.0f ms", row.job, row.n, (time.monotonic() - began) * 1000)
            if await self._settle(outbox.finish, row.n, row.attempts):
                self._woken.set()

    async def _settle(self, function: Callable[..., Any], *args: Any) -> Any:
        """Records how a job ended, and repeats that while the database is away.

        A job whose end is not recorded runs twice.
        """
        for _ in range(SETTLE_TRIES):
            try:
                return await self._db.write(function, *args)
            except Unavailable:
                await asyncio.sleep(1)
        log.error("the end of a job could not be recorded: it will be tried again")
        return True
