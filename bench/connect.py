"""What does it cost to connect when one is in a thousand chats?

`.venv/bin/python bench/connect.py [CHATS]`. One person, whose socket is opened and closed again and again: with it a
process begins and ends to hear all of those chats. Embedded, and with PostgreSQL and Redis, where hearing means
subscribing. The figures are CPU of the server process for one time there and back, and the wait for `resumed`; and for
how long the event loop serves no others meanwhile: CPU of its longest callback, in the process of the bench.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import uvloop
from raw import Reader, connected
from rig import Ground, Served, World, cpu, ground, served

from messenger.assembly import migrate
from tests.inside import Inside, Recorder, inside

CHATS, TIMES, TURNS = 1000, 60, 5


async def _come_and_go(server: Served, token: str) -> tuple[float, float]:
    """CPU-seconds for one time, and the median wait (s)."""
    waits, before = [], cpu(server.pid)
    for _ in range(TIMES):
        began = time.monotonic()
        (reader,) = await connected(Reader, server.port, [token])
        waits.append(time.monotonic() - began)
        reader.transport.close()
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    return (cpu(server.pid) - before) / TIMES, median(waits)


def run(chats: int, under: Ground | None = None) -> float:
    """One run on a fresh server: milliseconds of CPU for one connection."""
    with served(under=under) as server:
        person = World(server).person("ann")
        for n in range(chats):
            person.http.post("/api/chats", json={"kind": "group", "name": str(n), "member_ids": []}).raise_for_status()
        redis = under.cpu()[1] if under else 0.0
        spent, wait = uvloop.run(_come_and_go(server, person.tokens["access_token"]))
        beside = f", Redis {1000 * (under.cpu()[1] - redis) / TIMES:.1f} ms" if under else ""
    print(
        f"connect: {1000 * spent:.1f} ms CPU with {chats} chats ({'PostgreSQL and Redis' if under else 'embedded'}; "
        f"wait {1000 * wait:.0f} ms{beside})"
    )
    return 1000 * spent


class Deaf(Recorder):
    """A socket that only sees that it was resumed."""

    def send(self, data: bytes) -> int:
        if b'"type":"resumed"' in data[-99:]:
            self.frames.append({"type": "resumed"})
        return 0


@contextmanager
def _callbacks() -> Iterator[list[float]]:
    """CPU-seconds of each callback that the loop of asyncio runs, until the block ends."""
    run, took = asyncio.Handle._run, [0.0]

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        took.append(time.thread_time() - began)

    asyncio.Handle._run = timed  # type: ignore[method-assign]
    try:
        yield took
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]


async def _stay(app: Inside, token: str) -> float:
    """CPU-seconds of the longest callback while somebody connects and leaves."""
    device = Deaf(app.app.state.entry.gateway.session())
    with _callbacks() as took:
        device.session.opened(device)
        device.tell("hello", {"token": token})
        await device.until("resumed")
        asyncio.get_running_loop().call_soon(device.session.closed)
        await asyncio.sleep(0.2)
    return max(took)


async def _hold(chats: int, settings: dict[str, str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with inside(Path(folder), **settings) as app:
            _, token = await app.person("ann")
            for n in range(chats):
                await app.call("POST", "/api/chats", {"kind": "group", "name": str(n), "member_ids": []}, token)
            return median([await _stay(app, token) for _ in range(TURNS)])


def hold(chats: int, under: Ground | None = None) -> None:
    """For how long the event loop is held while one connects and leaves."""
    settings = {name.lower(): value for name, value in under.fresh().items()} if under else {}
    if under:
        migrate.upgrade(settings["database_url"])
    longest = asyncio.run(_hold(chats, settings))
    where = "PostgreSQL and Redis" if under else "embedded"
    print(f"connect: the event loop is held for {1000 * longest:.1f} ms CPU at most with {chats} chats ({where})")


def measure(under: Ground, chats: int = CHATS) -> float:
    """What a connection costs on PostgreSQL and Redis, over what it costs embedded."""
    run(1, under)
    share = run(chats, under) / run(chats)
    print(f"connect: with {chats} chats {share:.1f} times as much CPU as embedded")
    return share


if __name__ == "__main__":
    with ground() as below:
        many = int(sys.argv[1]) if len(sys.argv) > 1 else CHATS
        measure(below, many)
        hold(many)
        hold(many, below)
