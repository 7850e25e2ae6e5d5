"""How much memory does an idle, signed-in socket cost?

`.venv/bin/python bench/idle.py [SOCKETS]`. Resident memory of the server process before and after the sockets are
opened, a hundred for each account; one socket of each account is open before, so that what an account costs is not
counted.
"""

import asyncio
import sys
import time

import psutil
import uvloop
from raw import Reader, allow_many_sockets, connected
from rig import SOCKETS_EACH, Served, World, cpu, served

SOCKETS = 2000


async def open_and_look(server: Served, tokens: list[str]) -> float:
    """Open the sockets, wait until it is quiet; KiB each."""
    process = psutil.Process(server.pid)
    alone = process.memory_info().rss
    first = await connected(Reader, server.port, tokens[::SOCKETS_EACH])
    await asyncio.sleep(1)
    before, spent, began = process.memory_info().rss, cpu(server.pid), time.monotonic()
    rest = [token for place, token in enumerate(tokens) if place % SOCKETS_EACH]
    more = await connected(Reader, server.port, rest)
    spent, took = cpu(server.pid) - spent, time.monotonic() - began
    await asyncio.sleep(2)
    each = (process.memory_info().rss - before) / len(more) / 1024
    print(
        f"idle: {each:.1f} KiB a socket ({len(more)} beside {len(first)}; server {alone / 2**20:.0f} MiB without any; "
        f"a sign-in costs {1e6 * spent / len(more):.0f} µs CPU, {len(more) / took:.0f}/s)"
    )
    return each


def measure(sockets: int = SOCKETS) -> float:
    """One run on a fresh server: KiB of resident memory for each idle socket."""
    allow_many_sockets()
    with served() as server:
        people = World(server).people(*(f"p{n}" for n in range(sockets // SOCKETS_EACH)))
        tokens = [one.tokens["access_token"] for one in people for _ in range(SOCKETS_EACH)]
        return uvloop.run(open_and_look(server, tokens))


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else SOCKETS)
