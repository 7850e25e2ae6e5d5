"""What all measurements share: the real server on an empty or a lived-in database, people, groups, CPU time."""

import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import world

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from messenger.db.pages import check
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import Served, started
from tests.world import PASSWORD, Person, World, client

__all__ = ["Ground", "Person", "Served", "World", "cpu", "ground", "helper", "resident", "served"]

SOCKETS_EACH = 100


class Ground:
    """A PostgreSQL and a Redis for servers to stand on."""

    def __init__(self, cluster: Cluster, redis: RedisServer) -> None:
        self.cluster, self.redis = cluster, redis
        self._kept: dict[int, str] = {}

    def fresh(self, messages: int = 0) -> dict[str, str]:
        """Settings of the processes of a server on a new database: empty, or lived-in with so many messages."""
        database = self._copy(messages) if messages else self.cluster.create_database()
        return {"DATABASE_URL": database, "BUS_URL": self.redis.url, "SECRET_KEY": "x" * 32}

    def _copy(self, messages: int) -> str:
        if messages not in self._kept:
            self._kept[messages] = self.cluster.create_database()
            world.make(self._kept[messages], messages)
        return self.cluster.create_database(self._kept[messages])

    def cpu(self) -> tuple[float, float]:
        """Seconds of PostgreSQL, all its processes, and of Redis so far."""
        return sum(map(cpu, self.cluster.pids)), cpu(self.redis.pid)


@contextmanager
def ground() -> Iterator[Ground]:
    """Both, until the block ends, with the settings they come with."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Cluster.started() as cluster,
        RedisServer.started(Path(folder)) as redis,
    ):
        yield Ground(cluster, redis)


@contextmanager
def served(messages: int = 0, under: Ground | None = None, **settings: str) -> Iterator[Served]:
    """A server without rate limits, until the block ends; its folder is thrown away.

    Its database is embedded, or `under` has it; empty, or lived-in with so many messages.
    """
    with tempfile.TemporaryDirectory() as folder:
        if under:
            settings |= under.fresh(messages)
        elif messages:
            shutil.copytree(world.kept(messages), folder, dirs_exist_ok=True)
        with started(
            Path(folder),
            RATE_LIMITS="off",
            LOG_LEVEL="warning",
            MAX_SOCKETS_PER_USER=str(SOCKETS_EACH),
            MAX_CONNECTIONS_PER_ADDRESS="100000",
            **settings,
        ) as server:
            if "DATABASE_URL" not in settings:
                _await_check(server)
            yield server


def resident(server: Served, number: int) -> Person:
    """Signs in one of the people of a lived-in database."""
    email = f"{number}@example.org"
    answer = client(server).post("/api/auth/login", json={"email": email, "password": PASSWORD})
    return Person(server, answer.raise_for_status().json(), email)


def _await_check(server: Served) -> None:
    """Wait until a server has checked its file, as it does after each start at low priority: that takes CPU of others."""
    deadline = time.monotonic() + 120
    while not check.place_of(server.folder / "messenger.db").exists():
        assert time.monotonic() < deadline, "the server did not check its database"
        time.sleep(0.1)


def cpu(pid: int) -> float:
    """User and system seconds of a process so far."""
    return sum(psutil.Process(pid).cpu_times()[:2])


@contextmanager
def helper(work, *arguments):  # type: ignore[no-untyped-def]
    """A process that runs `work(pipe, *arguments)`; yields it and our end of the pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    try:
        yield process, ours
    finally:
        process.terminate()
        process.join()
