"""Holds the servers of a run, the proxies in front of them, and their faults."""

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.catcher import Catcher
from tests.postgres import Cluster
from tests.proxy import Proxy
from tests.redis_server import RedisServer
from tests.server import Served, ended, started
from tests.torture import files, serve
from tests.torture.notes import Notes

COMMON = {
    "RATE_LIMITS": "off",
    "MAIL_FROM": "Our server <messenger@example.org>",
    "ACCESS_TOKEN_TTL": "12h",
    "MAX_SOCKETS_PER_USER": "100",
    "MAX_CONNECTIONS_PER_ADDRESS": "100000",
}
ARMED = "armed"
"""The file with which a planted fault begins to work: not while people register and join."""
Fault = Callable[[], Awaitable[None]]


class Ground:
    """Holds servers and their components. `faults`: their possible faults, by name."""

    def __init__(self, notes: Notes, servers: list[Served], proxies: list[Proxy], catcher: Catcher) -> None:
        self._notes, self.servers, self.proxies, self.catcher = notes, servers, proxies, catcher
        self.on_restored: Callable[[], None] = lambda: None
        self.faults: dict[str, Fault] = {
            "kill": self.kill,
            "restart": self.restart,
            "cut replies": self.cut_replies,
            "break connections": self.break_connections,
        }

    @property
    def urls(self) -> list[str]:
        """Returns the proxies."""
        return [f"http://127.0.0.1:{proxy.port}" for proxy in self.proxies]

    @property
    def straight(self) -> list[str]:
        """Returns the servers themselves."""
        return [server.url for server in self.servers]

    async def kill(self) -> None:
        """Kills a server and starts it again."""
        server = random.choice(self.servers)
        server.kill()
        await self.begin(server)

    async def restart(self) -> None:
        """Terminates a server and starts it again."""
        server = random.choice(self.servers)
        await asyncio.to_thread(server.stop)
        await self.begin(server)

    async def cut_replies(self) -> None:
        """Loses every tenth answer with its connection, for a second."""
        for proxy in self.proxies:
            proxy.losing = 0.1
        await asyncio.sleep(1)
        for proxy in self.proxies:
            proxy.losing = 0

    async def break_connections(self) -> None:
        """Breaks all connections, and refuses new ones for a moment."""
        with ExitStack() as stack:
            for proxy in self.proxies:
                stack.enter_context(proxy.cut())
            await asyncio.sleep(0.2)

    async def begin(self, server: Served) -> None:
        """Starts a server again, as an operator would: after a rewind with `accept-rewind`.

        No fault here damages a disk.
        """
        if "is damaged" in server.log.read_text():
            self._notes("trouble", status=500, code="server.damaged", asked="the check of the database")
        try:
            await asyncio.to_thread(server.start)
        except AssertionError as refusal:
            if "accept-rewind" not in str(refusal):
                raise
            await self.accept(server)
            await asyncio.to_thread(server.start)

    async def accept(self, server: Served, **settings: str) -> None:
        """Lets the operator go on with an older database."""
        self._notes("operator", action="accept-rewind")
        accepted = await asyncio.to_thread(ended, server.folder, "accept-rewind", **settings)
        accepted.check_returncode()

    def restored(self, since: float) -> None:
        """Notes that a copy was restored: changes confirmed since its beginning are undone."""
        self._notes("operator", action="restore", since=since)
        self.on_restored()


class Embedded(Ground):
    """Runs one process on SQLite, with the layer under its files."""

    def __init__(self, notes: Notes, server: Served, proxy: Proxy, catcher: Catcher, layer: Path) -> None:
        super().__init__(notes, [server], [proxy], catcher)
        self._server, self._layer = server, layer
        self.faults |= {"power cut": self.power_cut, "full disk": self.full_disk, "restore": self.restore}

    async def power_cut(self) -> None:
        """Cuts the power: unsynced writes are forgotten, except those written back early."""
        self._server.kill()
        files.cut(self._server.folder, self._layer)
        await self.begin(self._server)

    async def full_disk(self) -> None:
        """Fails all writes to the database for a while."""
        flag = self._layer / files.FULL_FLAG
        flag.touch()
        await asyncio.sleep(0.5)
        flag.unlink()

    async def restore(self) -> None:
        """Restores a copy of the database that is a second old."""
        folder, copy = self._server.folder, self._layer / "copy.db"
        await asyncio.to_thread(self._server.stop)
        since = self._notes.now()
        shutil.copy(folder / "messenger.db", copy)
        await self.begin(self._server)
        await asyncio.sleep(1)
        await asyncio.to_thread(self._server.stop)
        shutil.copy(copy, folder / "messenger.db")
        self.restored(since)
        await self.begin(self._server)


class Scaled(Ground):
    """Runs two processes on PostgreSQL and Redis."""

    def __init__(
        self,
        notes: Notes,
        servers: list[Served],
        proxies: list[Proxy],
        catcher: Catcher,
        below: tuple[Cluster, RedisServer],
    ) -> None:
        super().__init__(notes, servers, proxies, catcher)
        self._cluster, self._redis = below
        self.faults |= {
            "kill redis": self.kill_redis,
            "kill postgresql": self.kill_postgres,
            "restore": self.restore,
            "forgotten restore": self.restore_and_forget,
        }

    async def restore(self) -> None:
        """Restores a dump that was taken a second ago, while the servers ran."""
        await self._restore(is_accepted=True)

    async def restore_and_forget(self) -> None:
        """Restores a dump without `accept-rewind`: returning devices must prove it."""
        await self._restore(is_accepted=False)

    async def _restore(self, *, is_accepted: bool) -> None:
        url, dump = self.servers[0].database, self.servers[0].folder / "dump"
        since = self._notes.now()
        await asyncio.to_thread(self._cluster.dump, url, dump)
        await asyncio.sleep(1)
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in self.servers))
        await asyncio.to_thread(self._cluster.load, url, dump)
        self.restored(since)
        if is_accepted:
            await self.accept(self.servers[0], DATABASE_URL=url)
        await asyncio.gather(*map(self.begin, self.servers))

    async def kill_redis(self) -> None:
        """Kills Redis, and starts it again empty."""
        self._redis.kill()
        await asyncio.to_thread(self._redis.start)

    async def kill_postgres(self) -> None:
        """Kills PostgreSQL, and starts it again."""
        await asyncio.to_thread(self._cluster.kill)
        await asyncio.to_thread(self._cluster.start)


@contextmanager
def embedded(folder: Path, notes: Notes, seed: int, plant: str = "") -> Iterator[Ground]:
    """Runs a ground of one process, until the block ends."""
    layer, data = folder / "layer", folder / "data"
    data.mkdir(parents=True)
    own = {serve.FILES: str(layer), serve.SEED: str(seed), serve.PLANT: plant, serve.ARMED: str(folder / ARMED)}
    with (
        Catcher().running() as catcher,
        started(data, serve.rigged, **COMMON, **own, MAIL_URL=_mail(catcher)) as server,
        Proxy.opened(server.port) as proxy,
    ):
        yield Embedded(notes, server, proxy, catcher, layer)


@contextmanager
def scaled(folder: Path, notes: Notes, _seed: int, plant: str = "") -> Iterator[Ground]:
    """Runs a ground of two processes with a PostgreSQL and a Redis of their own, until the block ends."""
    for name in ("redis", "one", "two"):
        (folder / name).mkdir(parents=True)
    with ExitStack() as stack:
        cluster = stack.enter_context(Cluster.started())
        redis = stack.enter_context(RedisServer.started(folder / "redis"))
        catcher = stack.enter_context(Catcher().running())
        shared = COMMON | {
            "DATABASE_URL": cluster.create_database(),
            "BUS_URL": redis.url,
            "LIMITS_URL": redis.url,
            "SECRET_KEY": "x" * 32,
            "MAIL_URL": _mail(catcher),
            serve.PLANT: plant,
            serve.ARMED: str(folder / ARMED),
        }
        servers = [stack.enter_context(started(folder / name, serve.rigged, **shared)) for name in ("one", "two")]
        proxies = [stack.enter_context(Proxy.opened(server.port)) for server in servers]
        yield Scaled(notes, servers, proxies, catcher, (cluster, redis))


def _mail(catcher: Catcher) -> str:
    return f"smtp://127.0.0.1:{catcher.port}?starttls=never"
