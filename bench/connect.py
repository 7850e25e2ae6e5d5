"""What does it cost to connect when one is in a thousand chats?

`.venv/bin/python bench/connect.py [CHATS]`. One person, whose socket is opened and closed again and again: with it a
process begins and ends to hear all of those chats. Embedded, and with PostgreSQL and Redis, where hearing means
subscribing. The figures are CPU of the server process for one time there and back, and the wait for `resumed`.
"""

import asyncio
import sys
import time
from statistics import median

import uvloop
from raw import Reader, connected
from rig import Ground, Served, World, cpu, ground, served

CHATS, TIMES = 1000, 60


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


def measure(under: Ground, chats: int = CHATS) -> float:
    """What a connection costs on PostgreSQL and Redis, over what it costs embedded."""
    run(1, under)
    share = run(chats, under) / run(chats)
    print(f"connect: with {chats} chats {share:.1f} times as much CPU as embedded")
    return share


if __name__ == "__main__":
    with ground() as below:
        measure(below, int(sys.argv[1]) if len(sys.argv) > 1 else CHATS)
