"""Holds the shared parts of all measurements: real servers on empty and lived-in databases, people, chats, CPU time."""

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psutil
import world
from raw import Asker, request

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from messenger.db.pages import check
from tests.ports_free import free_port
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import Served, run
from tests.world import PASSWORD

SOCKETS_EACH = 100
SETTLE_S = 0.05
"""The time after the last answer of a turn, for the server's later work."""


class Spent(NamedTuple):
    """Holds the CPU-seconds of the processes of a server, and of the databases beside it."""

    own: float
    beside: float = 0.0

    @property
    def whole(self) -> float:
        """Returns both together."""
        return self.own + self.beside

    def since(self, before: "Spent") -> "Spent":
        """Returns the CPU since another reading."""
        return Spent(self.own - before.own, self.beside - before.beside)

    def each(self, number: float) -> "Spent":
        """Returns the share of one of `count` operations."""
        return Spent(self.own / number, self.beside / number)


class Subject(Protocol):
    """Describes anything that can be measured: a server, or the reference program."""

    port: int

    def spent(self) -> Spent:
        """Returns the CPU so far."""
        ...

    async def seats(self, groups: int, size: int) -> list[tuple[str, int]]:
        """Makes chats of people; returns for each seat its token and the chat's id. Of two people: direct chats."""
        ...


class Ground:
    """Runs a PostgreSQL and a Redis for servers."""

    def __init__(self, cluster: Cluster, redis: RedisServer) -> None:
        self.cluster, self.redis = cluster, redis
        self._kept: dict[tuple[int, Path], str] = {}

    def fresh(self, messages: int = 0, program: Path = world.ROOT) -> dict[str, str]:
        """Returns settings of a server on a new database: empty, or lived-in with `messages` messages."""
        database = self._copy(messages, program) if messages else self.cluster.create_database()
        if not messages:
            world.migrate(database, program)
        return {"DATABASE_URL": database, "BUS_URL": self.redis.url, "SECRET_KEY": "x" * 32}

    def _copy(self, messages: int, program: Path) -> str:
        kept = self._kept.get((messages, program))
        if kept is None:
            kept = self._kept[messages, program] = self.cluster.create_database()
            world.make(kept, messages, program)
        return self.cluster.create_database(kept)

    def spent(self) -> float:
        """Returns the CPU-seconds of PostgreSQL, all its processes, and of Redis so far."""
        return sum(map(cpu, self.cluster.pids)) + cpu(self.redis.pid)


@contextmanager
def ground() -> Iterator[Ground]:
    """Runs both with their default settings, until the block ends."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Cluster.started() as cluster,
        RedisServer.started(Path(folder)) as redis,
    ):
        yield Ground(cluster, redis)


class Server(Served):
    """Runs a server whose program may be of another checkout."""

    port: int

    def __init__(
        self, folder: Path, settings: dict[str, str], program: Path, under: Ground | None, messages: int
    ) -> None:
        self._program, self._under, self.messages = program, under, messages
        self._people: list[dict[str, Any]] = []
        self._numbers = count(1)
        port = free_port()
        spawn = partial(run, program=program / "backend")
        super().__init__(folder, port, os.environ | {"PORT": str(port), "DATA_DIR": str(folder)} | settings, spawn)

    def start(self) -> None:
        """Starts the process and waits until it answers and has checked its file, which takes CPU of others."""
        began = time.time()
        super().start()
        if self._under or not (self._program / "backend" / "messenger" / "db" / "pages").exists():
            return
        checked, deadline = check.place_of(self.folder / "messenger.db"), time.monotonic() + 120
        while not (checked.exists() and checked.stat().st_mtime > began):
            assert time.monotonic() < deadline, "the server did not check its database"
            time.sleep(0.05)

    def spent(self) -> Spent:
        """Returns the CPU of all its processes so far, with that of PostgreSQL and Redis, which others may use too."""
        family = (self.pid, *(one.pid for one in psutil.Process(self.pid).children()))
        return Spent(sum(map(cpu, family)), self._under.spent() if self._under else 0.0)

    async def people(self, number: int) -> list[dict[str, Any]]:
        """Returns `access_token` and `user` of each of `count` people who signed up here.

        They are the same each time.
        """
        more = range(len(self._people), number)
        if more:
            bodies = ({"email": f"new{n}@example.org", "password": PASSWORD, "name": f"Anna {n}"} for n in more)
            asked = (request("POST", "/api/auth/register", "", body) for body in bodies)
            self._people += map(json.loads, await Asker.ask(self.port, asked))
        return self._people[:number]

    async def resident(self, number: int) -> dict[str, Any]:
        """Signs in one of the people of a lived-in database; returns `access_token` and `user`."""
        body = {"email": f"{number}@example.org", "password": PASSWORD}
        (answer,) = await Asker.ask(self.port, iter([request("POST", "/api/auth/login", "", body)]))
        signed_in: dict[str, Any] = json.loads(answer)
        return signed_in

    async def chats(self, token: str, bodies: Iterable[dict[str, Any]]) -> list[int]:
        """Makes chats, and returns their ids."""
        asked = (request("POST", "/api/chats", token, body) for body in bodies)
        return [json.loads(answer)["id"] for answer in await Asker.ask(self.port, asked)]

    async def seats(self, groups: int, size: int) -> list[tuple[str, int]]:
        people, seats = await self.people(groups * size), []
        for first in range(0, groups * size, size):
            part = people[first : first + size]
            ids = [one["user"]["id"] for one in part]
            direct = {"kind": "direct", "user_id": ids[-1]}
            group = {"kind": "group", "name": f"Den {next(self._numbers)}", "member_ids": ids[1:]}
            (chat_id,) = await self.chats(part[0]["access_token"], [direct if size == 2 else group])
            seats += [(one["access_token"], chat_id) for one in part]
        return seats


@contextmanager
def served(
    messages: int = 0, under: Ground | None = None, program: Path = world.ROOT, /, **settings: str
) -> Iterator[Server]:
    """Runs a server without rate limits, until the block ends, and removes its folder.

    Its database is embedded, or in `under`; empty, or lived-in with `messages` messages. Its program is that of a
    checkout.
    """
    with tempfile.TemporaryDirectory() as folder:
        if under and "DATABASE_URL" not in settings:
            settings |= under.fresh(messages, program)
        elif messages and not under:
            shutil.copytree(world.kept(messages, program), folder, dirs_exist_ok=True)
        usual = {
            "RATE_LIMITS": "off",
            "LOG_LEVEL": "warning",
            "ACCESS_TOKEN_TTL": "1d",
            "MAX_SOCKETS_PER_USER": str(SOCKETS_EACH),
            "MAX_CONNECTIONS_PER_ADDRESS": "100000",
            "PASSWORD_MEMORY_KIB": str(world.MEMORY_KIB),
        }
        server = Server(Path(folder), usual | settings, program, under, messages)
        try:
            yield server
        finally:
            server.stop()


def cpu(pid: int) -> float:
    """Returns user and system seconds of a process so far, all threads and those that ended, in ns."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # CPUCLOCK_SCHED of another process, as clock_getcpuclockid gives it
    except OSError:
        return 0.0  # a process of PostgreSQL that ended meanwhile


@contextmanager
def helper(work, *arguments):  # type: ignore[no-untyped-def]
    """Runs `work(pipe, *arguments)` in a process; yields it and our end of the pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    try:
        yield process, ours
    finally:
        process.terminate()
        process.join()
