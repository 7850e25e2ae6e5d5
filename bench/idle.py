"""Measures the memory of an idle, signed-in socket.

`.venv/bin/python bench/idle.py [SOCKETS]`. Resident memory of the server process before and after the sockets are
opened, a hundred for each account; one socket of each account is open before, so that the cost of an account is not
counted. In an empty and in a lived-in database.
"""

import asyncio
import sys

import psutil
import uvloop
import world
from raw import Reader, allow_many_sockets, connected
from rig import SOCKETS_EACH, Server, served

SOCKETS = 2000


async def open_and_look(server: Server, sockets: int) -> float:
    """Opens the sockets, waits until it is quiet, and returns KiB for each."""
    people = await server.people(sockets // SOCKETS_EACH)
    process = psutil.Process(server.pid)
    alone = process.memory_info().rss
    tokens = [one["access_token"] for one in people]
    first = await connected(Reader, server.port, tokens)
    await asyncio.sleep(1)
    before, spent = process.memory_info().rss, server.spent()
    more = await connected(Reader, server.port, [token for token in tokens for _ in range(SOCKETS_EACH - 1)])
    spent = server.spent().since(spent).each(len(more))
    await asyncio.sleep(2)
    each = (process.memory_info().rss - before) / len(more) / 1024
    print(
        f"idle: {each:.1f} KiB a socket ({len(more)} beside {len(first)}, {'lived-in' if server.messages else 'empty'}; "
        f"server {alone / 2**20:.0f} MiB without any; a sign-in costs {1e6 * spent.own:.0f} µs CPU)"
    )
    for reader in (*first, *more):
        reader.transport.close()
    return each


def measure(messages: int = 0, sockets: int = SOCKETS) -> float:
    """Makes one run on a fresh server; returns KiB of resident memory for each idle socket."""
    allow_many_sockets()
    with served(messages) as server:
        return uvloop.run(open_and_look(server, sockets))


if __name__ == "__main__":
    for among in (0, world.MESSAGES):
        measure(among, int(sys.argv[1]) if len(sys.argv) > 1 else SOCKETS)
