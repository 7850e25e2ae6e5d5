"""What does it cost to bring a thousand people into a group?

`.venv/bin/python bench/join.py [postgres]`. Five requests of 200 people each, who have just registered, for each of ten
groups, in an empty and in a lived-in database. The figure is CPU of the server process for one person in one group (user
and system, all threads).
"""

import asyncio
import sys
import time
from contextlib import nullcontext

import uvloop
import world
from raw import Asker, request
from rig import Ground, Served, World, cpu, ground, served

GROUPS, PEOPLE, AT_ONCE = 10, 1000, 200
JOINED = GROUPS * PEOPLE


def run(messages: int, under: Ground | None = None) -> float:
    """One run on a fresh server, empty or with so many messages of others: CPU-seconds for one person."""
    with served(messages, under) as server:
        owner, *people = World(server).people(*(f"p{n}" for n in range(PEOPLE + 1)))
        chats = [World(server).group(owner) for _ in range(GROUPS)]
        token, ids = owner.tokens["access_token"], [one.id for one in people]
        asked = [
            request("POST", f"/api/chats/{chat_id}/members", token, {"user_ids": ids[first : first + AT_ONCE]})
            for chat_id in chats
            for first in range(0, PEOPLE, AT_ONCE)
        ]
        spent, took = uvloop.run(_join(server, asked))
        assert owner.get(f"/api/chats/{chats[-1]}")["member_count"] == PEOPLE + 1
    print(
        f"join: {1e6 * spent / JOINED:.0f} µs CPU a person ({'PostgreSQL' if under else 'embedded'}, "
        f"{'lived-in' if messages else 'empty'}; {JOINED} in {took:.2f} s)"
    )
    return spent / JOINED


async def _join(server: Served, asked: list[bytes]) -> tuple[float, float]:
    """Answers CPU-seconds of the server and seconds by the clock for all requests."""
    before, began = cpu(server.pid), time.monotonic()
    await Asker.ask(server.port, iter(asked))
    took = time.monotonic() - began
    await asyncio.sleep(1)  # what the server does after its answer belongs to it
    return cpu(server.pid) - before, took


def measure(under: Ground | None = None) -> float:
    """Both runs: CPU in a lived-in database over that in an empty one."""
    empty, lived_in = run(0, under), run(world.MESSAGES, under)
    print(f"join: in a lived-in database {lived_in / empty:.2f} times as much CPU as in an empty one")
    return lived_in / empty


if __name__ == "__main__":
    with ground() if "postgres" in sys.argv else nullcontext() as below:
        measure(below)
