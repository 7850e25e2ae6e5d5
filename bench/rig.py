"""What all measurements share: the real server on an empty database, people, groups, CPU time."""

import multiprocessing
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from messenger.assembly import migrate
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import Served, started
from tests.world import Person, World

__all__ = ["Ground", "Person", "Served", "World", "cpu", "ground", "helper", "served"]

SOCKETS_EACH = 100
USED = """INSERT INTO messages (chat_id, seq, sender_id, kind, text, entities, sent_at, cmid, digest)
    SELECT n / 100, n, n % 1000, 'text', 'Выезд в девять', '[]', n, n::text, '' FROM generate_series(1, 100000) AS n"""
"""Messages of others. Until PostgreSQL has looked at a new table, within a minute, it plans to read all of it."""


class Ground:
    """A PostgreSQL and a Redis for servers to stand on."""

    def __init__(self, cluster: Cluster, redis: RedisServer) -> None:
        self.cluster, self.redis = cluster, redis

    def fresh(self) -> dict[str, str]:
        """Settings of the processes of a server on a new database that looks used."""
        database = self.cluster.create_database()
        migrate.upgrade(database)
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(USED)
            connection.execute("ANALYZE")
        return {"DATABASE_URL": database, "BUS_URL": self.redis.url, "SECRET_KEY": "x" * 32}

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
def served(**settings: str) -> Iterator[Served]:
    """A server without rate limits, until the block ends; its folder is thrown away. Embedded unless settings differ."""
    with (
        tempfile.TemporaryDirectory() as folder,
        started(
            Path(folder),
            RATE_LIMITS="off",
            LOG_LEVEL="warning",
            MAX_SOCKETS_PER_USER=str(SOCKETS_EACH),
            MAX_CONNECTIONS_PER_ADDRESS="100000",
            **settings,
        ) as server,
    ):
        yield server


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
