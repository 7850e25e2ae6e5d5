"""Runs background jobs that leave traces, in a process of its own: `python -m tests.later …`."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import start_blocking_portal

from messenger.adapters.jobs import celery, inproc
from messenger.adapters.jobs.inproc import InprocJobs, Run
from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.tx import Hooks

BACKEND = Path(__file__).parents[1]


def traces(folder: Path) -> list[str]:
    """Returns the traces of the jobs, in order."""
    path = folder / "traces"
    return path.read_text().split() if path.exists() else []


def runs(folder: Path) -> dict[str, Run]:
    """Runs the job `note`, which leaves its key. `twice…` fails once; `slow…` waits for the file `go`."""

    def leave(trace: str) -> None:
        descriptor = os.open(folder / "traces", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(descriptor, f"{trace}\n".encode())
        os.close(descriptor)

    async def note(payload: bytes) -> None:
        key = json.loads(payload)["key"]
        if key.startswith("slow"):
            leave(f"{key}-begun")
            for _ in range(3000):
                if (folder / "go").exists():
                    break
                await asyncio.sleep(0.02)
        leave(key)
        if key.startswith("twice") and traces(folder).count(key) == 1:
            raise OSError("the first time it cannot be")

    return {"note": note}


def hasten(sweep_s: float) -> None:
    """Shortens times for tests."""
    inproc.SWEEP_S = sweep_s  # type: ignore[misc]
    if sweep_s < 60:  # without a sweep nothing waits for the end of a claim, and a slow run must not lose its own
        outbox.CLAIM_MS = 1500  # type: ignore[misc]
    outbox.RETRY_MS = (50, 50, 50)  # type: ignore[misc, assignment]


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[InprocJobs]:
    """Yields a runner on a database."""
    db = Database(url, Hooks())
    await db.open(lambda _envelopes, _woken: None)
    jobs = InprocJobs(db, runs(folder))
    await jobs.start()
    try:
        yield jobs
    finally:
        await jobs.close()
        await db.close()


def main(database: str, jobs_url: str, folder: Path, sweep_s: float) -> None:
    """Runs rows until the process must stop."""
    hasten(sweep_s)

    def ready() -> None:
        print("ready", flush=True)

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(opened(database, folder)) as jobs,
    ):
        if jobs_url.startswith("inproc"):
            ready()
            time.sleep(3600)
        celery.consume(jobs_url, lambda n: portal.call(jobs.run_row, n), ready)


@contextmanager
def runner(database: str, jobs_url: str, folder: Path, sweep_s: float) -> Iterator[subprocess.Popen[Any]]:
    """Starts the process, and ends it when the block ends."""
    command = [sys.executable, "-m", "tests.later", database, jobs_url, str(folder), str(sweep_s)]
    with (folder / "runner.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=BACKEND, stdout=subprocess.PIPE, stderr=log)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n", (folder / "runner.log").read_text()
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]))
