"""Measures how long the event loop serves no others while a person in many chats connects and leaves.

`.venv/bin/python bench/hold.py [CHATS]`. CPU of the longest callback of the loop, in the process of the bench itself,
embedded and with PostgreSQL and Redis. Databases are empty: the data of others does not hold up a loop.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from connect import CHATS
from rig import Ground, ground

from tests.inside import Inside, Recorder, inside

TURNS = 5


class Deaf(Recorder):
    """Notes only that it was resumed."""

    def send(self, data: bytes) -> int:
        if b'"type":"resumed"' in data[-99:]:
            self.frames.append({"type": "resumed"})
        return 0


@contextmanager
def _callbacks() -> Iterator[list[float]]:
    """Collects the CPU-seconds of each callback of asyncio's loop, until the block ends."""
    run, took = asyncio.Handle._run, [0.0]

    def timed(self: asyncio.Handle) -> None:
        began = time.thread_time()
        run(self)
        took.append(time.thread_time() - began)

    asyncio.Handle._run = timed  # type: ignore[method-assign]
    try:
        yield took
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]


async def _stay(app: Inside, token: str) -> float:
    """Returns the CPU-seconds of the longest callback while a person connects and leaves."""
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
    """Measures how long the event loop is held while one person connects and leaves."""
    settings = {name.lower(): value for name, value in under.fresh().items()} if under else {}
    longest = asyncio.run(_hold(chats, settings))
    where = "PostgreSQL and Redis" if under else "embedded"
    print(f"hold: the event loop is held for {1000 * longest:.1f} ms CPU at most with {chats} chats ({where})")


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else CHATS
    hold(many)
    with ground() as below:
        hold(many, below)
