"""Checks whether a worker runs the jobs that are handed over."""

import asyncio
import secrets
import time
from typing import Final

from messenger.adapters.jobs.celery import CeleryJobs
from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.engine import DatabaseRefused
from messenger.db.tx import Hooks, Tx
from messenger.doctor.check import Finding, failed, ok, warning
from messenger.kernel.errors import Unavailable
from messenger.settings import Settings

DONE_S: Final = 4.0
SLOW_S: Final = 1.5
"""A worker that gets a hint begins at once; one that misses it finds the job within 5 s."""


def check(settings: Settings) -> Finding:
    """Returns the finding of the workers in `JOBS_URL`: a job that does nothing is handed over as any other."""
    try:
        took_s, attempts = asyncio.run(_hand_over(settings))
    except (DatabaseRefused, Unavailable):
        return failed("No job could be handed over: the database does not take it.", "Mend the database first.")
    if attempts is None and took_s < SLOW_S:
        return ok(f"A worker did a job within {took_s * 1000:.0f} ms.")
    if attempts is None:
        return warning(
            f"A worker took {took_s:.1f} s for a job that does nothing.",
            "Check whether JOBS_URL is the same for servers and workers, and whether more workers are needed.",
        )
    if attempts:
        return failed(
            "A worker took a job and did not finish it.",
            "Read its log; workers and servers must be of the same version.",
        )
    return failed(
        f"No worker took a job within {DONE_S:g} s.",
        "Start one (`web-messenger worker`) with the same JOBS_URL and DATABASE_URL; until then letters are not sent.",
    )


async def _hand_over(settings: Settings) -> tuple[float, int | None]:
    """Returns how long a job took (s), and `None`; or, when it was not done, how often it was begun."""
    db, jobs = Database(settings.database, Hooks()), CeleryJobs(settings.jobs_url)
    staged: list[int] = []

    def committed(_: object, woken: list[int]) -> None:
        staged.extend(woken)
        jobs.wake(woken)

    await db.open(committed)  # type: ignore[arg-type]
    try:
        began = time.monotonic()
        key = f"doctor:{secrets.token_hex(8)}"
        await db.write(_stage, key)
        attempts: int | None = 0
        while attempts is not None and time.monotonic() < began + DONE_S:
            await asyncio.sleep(0.02)
            attempts = await db.read(_attempts, staged[0]) if staged else 0
        took_s = time.monotonic() - began
        if attempts is not None:
            await db.write(outbox.cancel, [key])
    finally:
        await jobs.close()
        await db.close()
    return took_s, attempts


def _stage(tx: Tx, key: str) -> None:
    tx.enqueue(outbox.PROBE, None, key=key)


def _attempts(tx: Tx, n: int) -> int | None:
    """Returns how often a row was begun; `None` when it is done."""
    row = tx.first("SELECT attempts FROM outbox WHERE n = :n", {"n": n})
    return None if row is None else int(row[0])
