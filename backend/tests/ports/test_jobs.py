"""The contract of later work: done once when all goes well, repeated when it does not, and after a dead runner."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from messenger.adapters.jobs import inproc
from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.outbox import Staged
from messenger.kernel import clock
from tests.database import Opened


def _stage(tx: Any, key: str, now: int) -> list[int]:
    return outbox.stage(tx, [Staged("note", {"key": key}, key, now)])


def test_work_is_done_once_and_repeated_when_it_fails(opened: Opened[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inproc, "SWEEP_S", 0.05)
    monkeypatch.setattr(outbox, "RETRY_MS", (50, 50, 50))
    done: list[bytes] = []

    async def note(payload: bytes) -> None:
        done.append(payload)
        if b"twice" in payload and done.count(payload) == 1:
            raise OSError("the first time it cannot be")

    async def scenario(db: Database) -> None:
        jobs = inproc.InprocJobs(db)
        jobs.take({"note": note})
        await jobs.start()
        jobs.wake(await db.write(_stage, "once", clock.now_ms()))
        await db.write(_stage, "twice", clock.now_ms())  # nobody is told: the sweep finds it
        for _ in range(200):
            if len(done) == 3:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        await jobs.close()
        assert sorted(done) == [b'{"key":"once"}', b'{"key":"twice"}', b'{"key":"twice"}']
        left = await db.read(lambda tx: tx.all("SELECT n FROM outbox"))
        assert left == []

    opened(scenario)


def test_an_unknown_job_waits_for_a_program_that_knows_it(tmp_path: Path, opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> None:
        jobs = inproc.InprocJobs(db)
        jobs.take({})
        await jobs.start()
        jobs.wake(await db.write(_stage, "later", clock.now_ms()))
        await asyncio.sleep(0.2)
        await jobs.close()
        (row,) = await db.read(lambda tx: tx.all("SELECT attempts, due_at FROM outbox"))
        assert row.attempts == 1
        assert row.due_at > clock.now_ms()

    opened(scenario)
