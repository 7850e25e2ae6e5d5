"""Tests the contract of background jobs for every driver (I16).

A job is done once when all goes well, and repeated when it fails, whichever process dies.
"""

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from messenger.adapters.jobs import inproc
from messenger.adapters.jobs.celery import TASK, CeleryJobs, make_app
from messenger.adapters.jobs.inproc import InprocJobs
from messenger.db import outbox
from messenger.db.database import Database
from messenger.db.outbox import Staged
from messenger.db.tx import Hooks, Tx
from messenger.kernel import clock
from messenger.kernel.ports.jobs import Jobs
from tests import later, migrated
from tests.later import traces
from tests.proxy import Proxy
from tests.redis_server import RedisServer

NEVER_S = 3600.0
pytestmark = pytest.mark.timeout(90)


def _stage(tx: Tx, keys: tuple[str, ...], now: int, again: bool, heavy: bool) -> list[int]:
    return outbox.stage(tx, [Staged("note", {"key": key}, key, now, again=again, heavy=heavy) for key in keys])


class Office:
    """Holds a database, a driver that wakes the runner, and the traces of the jobs."""

    def __init__(self, db: Database, jobs: Jobs, folder: Path) -> None:
        self.db, self.jobs, self.folder = db, jobs, folder
        self.runner: subprocess.Popen[Any] | None = None

    async def stop(self) -> None:
        """Stops the runner, and waits for its end."""
        if self.runner is None:
            await self.jobs.close()
            return
        self.runner.terminate()
        assert await asyncio.to_thread(self.runner.wait, 20) == 0

    async def stage(self, *keys: str, again: bool = False, heavy: bool = False) -> list[int]:
        """Commits jobs."""
        return await self.db.write(_stage, keys, clock.now_ms(), again, heavy)

    async def until(self, *wanted: str) -> None:
        """Waits until exactly these traces are there, in any order."""
        deadline = time.monotonic() + 30
        while sorted(traces(self.folder)) != sorted(wanted):
            assert time.monotonic() < deadline, traces(self.folder)
            await asyncio.sleep(0.02)

    async def left(self, count: int) -> None:
        """Waits until so many jobs are left: a trace is there before its job is taken off the list."""
        deadline = time.monotonic() + 30
        while len(await self.db.read(lambda tx: tx.all("SELECT n FROM outbox"))) > count:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)


Scenario = Callable[[Office], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Yields a Redis that these tests may kill."""
    with RedisServer.started(tmp_path_factory.mktemp("redis")) as running:
        yield running


class Ground:
    """Makes offices: addresses and a folder."""

    def __init__(self, database: str, jobs_url: str, folder: Path) -> None:
        self.database, self.jobs_url, self.folder = database, jobs_url, folder

    @asynccontextmanager
    async def office(self, sweep_s: float | None) -> AsyncIterator[Office]:
        """Opens an office with a runner that sweeps at this interval; with `None` without a runner."""
        db = Database(self.database, Hooks())
        await db.open(lambda _envelopes, _woken: None)
        async with AsyncExitStack() as stack:
            is_celery = self.jobs_url.startswith("celery")
            jobs: Jobs = CeleryJobs(self.jobs_url) if is_celery else InprocJobs(db, later.runs(self.folder))
            office = Office(db, jobs, self.folder)
            if sweep_s is not None:
                if is_celery:
                    args = (self.database, self.jobs_url, self.folder, sweep_s)
                    office.runner = stack.enter_context(later.runner(*args))
                else:
                    later.hasten(sweep_s)
                await jobs.start()
            yield office
            await jobs.close()
        await db.close()

    def run(self, scenario: Scenario, sweep_s: float | None) -> None:
        """Runs a scenario in an office of its own."""

        async def whole() -> None:
            async with self.office(sweep_s) as office:
                await scenario(office)

        asyncio.run(whole())


@pytest.fixture(params=["inproc on sqlite", "inproc on postgresql", "celery on postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    driver, _, kind = request.param.partition(" on ")
    for module, name in ((inproc, "SWEEP_S"), (outbox, "CLAIM_MS"), (outbox, "RETRY_MS")):
        monkeypatch.setattr(module, name, getattr(module, name))  # restored: `hasten` changes it
    database = f"sqlite:///{tmp_path}/messenger.db"
    if kind == "postgresql":
        database = migrated.scaled(request.getfixturevalue("cluster"))
    else:
        migrated.embedded(tmp_path)
    url = "inproc://"
    if driver == "celery":
        server: RedisServer = request.getfixturevalue("broker")
        url = f"celery+{server.url}"
        with redis.Redis(port=server.port) as client:
            client.flushall()
    return Ground(database, url, tmp_path)


def test_work_is_done_when_woken_and_once_however_often_woken(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        rows = await office.stage("one", "two", "three")
        for _ in range(3):
            office.jobs.wake(rows)
        await office.until("one", "two", "three")
        await office.left(0)
        office.jobs.wake(rows)
        again = await office.stage("four")
        office.jobs.wake(again)
        await office.until("one", "two", "three", "four")

    ground.run(scenario, NEVER_S)


def test_unannounced_work_is_found(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        await office.stage(*(f"key{n}" for n in range(20)))
        await office.until(*(f"key{n}" for n in range(20)))
        await office.left(0)

    ground.run(scenario, 0.2)


def test_work_that_failed_is_repeated(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("twice"))
        await office.until("twice", "twice")
        await office.left(0)

    ground.run(scenario, 0.2)


def test_slow_work_does_not_hold_up_the_rest(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("slow1", "slow2"))
        await office.until("slow1-begun", "slow2-begun")
        for n in range(6):
            office.jobs.wake(await office.stage(f"quick{n}"))
        quick = [f"quick{n}" for n in range(6)]
        await office.until("slow1-begun", "slow2-begun", *quick)
        (office.folder / "go").touch()
        await office.until("slow1-begun", "slow2-begun", "slow1", "slow2", *quick)
        await office.left(0)

    ground.run(scenario, NEVER_S)


def test_heavy_work_has_one_place_of_its_own(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("slow1", heavy=True))
        await office.until("slow1-begun")
        office.jobs.wake(await office.stage("slow2", "slow3", heavy=True))
        quick = [f"quick{n}" for n in range(6)]
        office.jobs.wake(await office.stage(*quick))
        await office.until("slow1-begun", *quick)
        (office.folder / "go").touch()
        await office.until("slow1-begun", "slow1", "slow2-begun", "slow2", "slow3-begun", "slow3", *quick)
        await office.left(0)

    ground.run(scenario, NEVER_S)


@pytest.mark.parametrize("ground", ["inproc on sqlite", "inproc on postgresql"], indirect=True)
def test_heavy_work_begins_while_all_other_places_are_taken(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        slow = [f"slow{n}" for n in range(inproc.AT_ONCE)]
        begun = [f"{key}-begun" for key in slow]
        office.jobs.wake(await office.stage(*slow))
        await office.until(*begun)
        office.jobs.wake([*await office.stage("quick"), *await office.stage("slow-heavy", heavy=True)])
        await office.until(*begun, "slow-heavy-begun")
        (office.folder / "go").touch()
        await office.until(*begun, *slow, "slow-heavy-begun", "slow-heavy", "quick")
        await office.left(0)

    ground.run(scenario, NEVER_S)


def test_the_claim_of_heavy_work_is_renewed(ground: Ground) -> None:
    """A claim is short, so that the work of a runner that died is soon free."""

    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("slow", heavy=True))
        await office.until("slow-begun")
        seen: set[int] = set()
        deadline = time.monotonic() + 30
        while len(seen) < 5:
            assert time.monotonic() < deadline
            row = await office.db.read(lambda tx: tx.first("SELECT due_at, attempts FROM outbox"))
            assert row is not None
            assert row.attempts == 1, "no other runner claimed it"
            seen.add(row.due_at)
            await asyncio.sleep(0.05)
        (office.folder / "go").touch()
        await office.until("slow-begun", "slow")
        await office.left(0)

    ground.run(scenario, 0.2)


def test_work_that_is_asked_for_while_it_runs_is_run_once_more(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("slow", again=True))
        await office.until("slow-begun")
        for _ in range(3):
            office.jobs.wake(await office.stage("slow", again=True))
        (office.folder / "go").touch()
        await office.until("slow-begun", "slow", "slow-begun", "slow")
        await office.left(0)

    ground.run(scenario, NEVER_S)


def test_work_of_a_runner_that_died_is_done_by_another(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        args = (ground.database, ground.jobs_url, ground.folder, 0.2)
        rows = await office.stage("slow", "one")
        with later.runner(*args) as process:
            office.jobs.wake(rows)
            await office.until("slow-begun", "one")
            await office.left(1)
            process.send_signal(signal.SIGKILL)
            process.wait()
        (office.folder / "go").touch()
        with later.runner(*args):
            await office.until("slow-begun", "one", "slow-begun", "slow")
            await office.left(0)

    ground.run(scenario, None)


def test_work_that_runs_when_told_to_stop_is_finished(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("slow"))
        await office.until("slow-begun")
        stopping = asyncio.create_task(office.stop())
        await asyncio.sleep(0.2)
        (office.folder / "go").touch()
        await stopping
        await office.until("slow-begun", "slow")
        await office.left(0)

    ground.run(scenario, NEVER_S)


def test_an_unknown_job_waits_for_a_program_that_knows_it(ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        staged = [Staged("of a later version", {}, "k", clock.now_ms())]
        office.jobs.wake(await office.db.write(outbox.stage, staged))
        deadline = time.monotonic() + 20
        while not (row := await office.db.read(lambda tx: tx.first("SELECT attempts FROM outbox"))) or not row.attempts:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        office.jobs.wake(await office.stage("one"))
        await office.until("one")
        assert await office.db.read(lambda tx: tx.first("SELECT job FROM outbox")) is not None

    ground.run(scenario, 0.2)


def test_work_that_never_ends_is_ended(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inproc, "LONGEST_S", 0.2)

    async def scenario(office: Office) -> None:
        async with later.opened(ground.database, ground.folder) as jobs:
            (row,) = await office.stage("slow")
            await jobs.run_row(row)
            found = await office.db.read(lambda tx: tx.first("SELECT attempts FROM outbox"))
            assert found is not None
            assert found.attempts == 1

    ground.run(scenario, None)


@pytest.fixture
def celery_ground(request: pytest.FixtureRequest, tmp_path: Path, broker: RedisServer) -> Ground:
    database = migrated.scaled(request.getfixturevalue("cluster"))
    with redis.Redis(port=broker.port) as client:
        client.flushall()
    return Ground(database, f"celery+{broker.url}", tmp_path)


def test_what_redis_forgot_is_done(celery_ground: Ground, broker: RedisServer) -> None:
    """Redis is flushed while numbers wait, and away when jobs are committed: the rows decide."""

    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("one"))
        with redis.Redis(port=broker.port) as client:
            deadline = time.monotonic() + 10
            while not client.llen("messenger.jobs"):
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
            client.flushall()
        with later.runner(celery_ground.database, celery_ground.jobs_url, office.folder, 0.2):
            await office.until("one")
            broker.kill()
            for n in range(5):
                office.jobs.wake(await office.stage(f"away{n}"))
            await office.until("one", *(f"away{n}" for n in range(5)))
            broker.start()

    celery_ground.run(scenario, None)


def test_a_worker_finds_its_redis_again(celery_ground: Ground, broker: RedisServer) -> None:
    async def scenario(office: Office) -> None:
        office.jobs.wake(await office.stage("before"))
        await office.until("before")
        broker.kill()
        await asyncio.sleep(1)
        broker.start()
        deadline = time.monotonic() + 30
        n = 0
        while not any(trace.startswith("after") for trace in traces(office.folder)):
            assert time.monotonic() < deadline, "nothing came through Redis any more"
            office.jobs.wake(await office.stage(f"after{(n := n + 1)}"))
            await asyncio.sleep(0.3)

    celery_ground.run(scenario, NEVER_S)


@pytest.mark.timeout(30)
def test_a_redis_that_hangs_does_not_hold_up_a_stop(broker: RedisServer) -> None:
    async def scenario(port: int) -> None:
        jobs = CeleryJobs(f"celery+redis://127.0.0.1:{port}")
        await jobs.start()
        jobs.wake([1])
        jobs.wake([2])
        await asyncio.sleep(0.5)  # its thread now waits for an answer
        await jobs.close()

    with Proxy.opened(broker.port) as proxy, proxy.stalled():
        asyncio.run(scenario(proxy.port))


def test_the_same_number_twice_in_redis_is_one_job(celery_ground: Ground) -> None:
    async def scenario(office: Office) -> None:
        (row,) = await office.stage("one")
        app = make_app(celery_ground.jobs_url)
        for _ in range(5):
            app.send_task(TASK, (row,))
        app.send_task("messenger.unknown", ("x",))
        app.send_task(TASK, ("no number",))
        app.close()
        args = (celery_ground.database, celery_ground.jobs_url, office.folder, NEVER_S)
        with later.runner(*args):
            await office.until("one")
            office.jobs.wake(await office.stage("two"))
            await office.until("one", "two")
        with redis.Redis(port=int(celery_ground.jobs_url.rpartition(":")[2])) as client:
            assert b'"no number"' not in b"".join(client.lrange("messenger.jobs", 0, -1))

    celery_ground.run(scenario, None)
