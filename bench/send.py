"""How many durable messages with ten recipients each does the server handle per CPU-second?

`.venv/bin/python bench/send.py [DEPTH]`. Six groups of eleven people, one socket each; every socket keeps `DEPTH`
messages in flight. The figure is messages over the server process's own CPU time (user and system, all threads).
"""

import asyncio
import sys
import time

import uvloop
from raw import Reader, Sender, connected
from rig import Served, World, cpu, served

GROUPS, PEOPLE, DEPTH = 6, 11, 4
WARM_S, SECONDS = 1.0, 5.0


async def talk(server: Served, seats: list[tuple[str, int]], depth: int) -> float:
    """Everybody talks; messages per CPU-second between the warm-up and the end."""
    senders = await connected(Sender, server.port, [token for token, _ in seats])
    began = time.monotonic()
    for sender, (_, chat_id) in zip(senders, seats, strict=True):
        sender.begin(chat_id, depth, began + WARM_S + SECONDS + 0.5)
    await asyncio.sleep(WARM_S)
    cpu_before, acked, heard, since = cpu(server.pid), Sender.acked, Reader.heard, time.monotonic()
    await asyncio.sleep(SECONDS)
    spent, took = cpu(server.pid) - cpu_before, time.monotonic() - since
    messages, deliveries = Sender.acked - acked, Reader.heard - heard
    await asyncio.gather(*(sender.done for sender in senders))
    print(
        f"send: {messages / spent:.0f} messages/CPU-s ({len(seats)} senders, {depth} in flight each; "
        f"{messages / took:.0f}/s, {deliveries / took:.0f} deliveries/s, CPU {100 * spent / took:.0f} %)"
    )
    return messages / spent


def measure(depth: int = DEPTH) -> float:
    """One run on a fresh server: durable messages per CPU-second."""
    with served() as server:
        world = World(server)
        seats = []
        for _ in range(GROUPS):
            people = world.people(*(f"p{n}" for n in range(PEOPLE)))
            chat_id = world.group(*people)
            seats += [(one.tokens["access_token"], chat_id) for one in people]
        return uvloop.run(talk(server, seats, depth))


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else DEPTH)
