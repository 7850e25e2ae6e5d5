"""Later work inside this process: a few tasks that claim rows of the outbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.outbox import Claimed
from messenger.kernel import clock

log = logging.getLogger("messenger.jobs")

AT_ONCE: Final = 4
SWEEP_S: Final = 5.0

Run = Callable[[bytes], Awaitable[None]]


class InprocJobs:
    """A driver of `kernel.ports.jobs.Jobs`: woken by commits, and by a sweep for what nobody was told of."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._jobs: Mapping[str, Run] = {}
        self._woken = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None

    def take(self, jobs: Mapping[str, Run]) -> None:
        """The jobs by name; they need the platform, which needs this runner first."""
        self._jobs = jobs

    def wake(self, row_ids: Sequence[int]) -> None:
        self._woken.set()

    async def start(self) -> None:
        self._runner = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                claimed = await self._db.write(outbox.claim, clock.now_ms(), AT_ONCE)
                await asyncio.gather(*(self._run_one(row) for row in claimed))
            except Exception:  # the runner must outlive a database that is away
                log.exception("the outbox could not be read; trying again in %s s", SWEEP_S)
                claimed = []
            if not claimed:
                try:
                    await asyncio.wait_for(self._woken.wait(), SWEEP_S)
                except TimeoutError:
                    continue

    async def _run_one(self, row: Claimed) -> None:
        try:
            await self._jobs[row.job](row.payload)
        except Exception:
            again = await self._db.write(outbox.put_off, row.n, row.attempts, clock.now_ms())
            log.exception("job %s (row %d) failed%s", row.job, row.n, "; it will be repeated" if again else "")
        else:
            await self._db.write(outbox.finish, row.n)
