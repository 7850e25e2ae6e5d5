"""How many durable messages with ten recipients each does the server handle per CPU-second?

`.venv/bin/python bench/send.py [DEPTH] [pairs] [postgres [two]]`. Six groups of eleven people, or with `pairs` a hundred of two;
every person has one socket, which keeps `DEPTH` messages in flight. The figure is messages over the server process's own
CPU time (user and system, all threads), in an empty database and in one with a million messages of others. With
`postgres` the server stands on PostgreSQL and Redis, whose own CPU is named beside it. With `two` it is asked in turns: of one
process, and of two that share the people, in an empty database.
"""

import asyncio
import sys
import time
from contextlib import nullcontext
from statistics import median

import psutil
import uvloop
import world
from raw import Reader, Sender, connected
from rig import Ground, Served, World, cpu, ground, served

COMPANY, PAIRS = (6, 11), (100, 2)
"""How many groups there are, of how many people."""
DEPTH = 4
WARM_S, SECONDS = 1.0, 5.0
TURNS = 3


async def talk(server: Served, seats: list[tuple[str, int]], depth: int, place: str, under: Ground | None) -> float:
    """Everybody talks; messages per CPU-second between the warm-up and the end."""
    senders = await connected(Sender, server.port, [token for token, _ in seats])
    began = time.monotonic()
    for sender, (_, chat_id) in zip(senders, seats, strict=True):
        sender.begin(chat_id, depth, began + WARM_S + SECONDS + 0.5)
    await asyncio.sleep(WARM_S)

    def now() -> tuple[float, ...]:
        below = under.cpu() if under else (0.0, 0.0)
        return family_cpu(server.pid), *below, Sender.acked, Reader.heard, time.monotonic()

    before = now()
    await asyncio.sleep(SECONDS)
    spent, postgres, redis, messages, deliveries, took = (b - a for a, b in zip(before, now(), strict=True))
    await asyncio.gather(*(sender.done for sender in senders))
    beside = (
        f"; beside it PostgreSQL {1e6 * postgres / messages:.0f} µs, Redis {1e6 * redis / messages:.0f} µs a message"
    )
    print(
        f"send: {messages / spent:.0f} messages/CPU-s ({place}, {len(seats)} senders, {depth} in "
        f"flight each; {messages / took:.0f}/s, {deliveries / took:.0f} deliveries/s, CPU {100 * spent / took:.0f} %"
        f"{beside if under else ''})"
    )
    return messages / spent


def measure(
    depth: int = DEPTH,
    under: Ground | None = None,
    company: tuple[int, int] = COMPANY,
    messages: int = 0,
    processes: int = 1,
) -> float:
    """One run on a fresh server, empty or with so many messages of others: durable messages per CPU-second."""
    groups, size = company
    place = f"{'PostgreSQL' if under else 'embedded'}, {'lived-in' if messages else 'empty'}"
    if processes > 1:
        place += f", {processes} processes"
    with served(messages, under, WORKERS=str(processes)) as server:
        here = World(server)
        seats = []
        for _ in range(groups):
            people = here.people(*(f"p{n}" for n in range(size)))
            chat_id = here.group(*people)
            seats += [(one.tokens["access_token"], chat_id) for one in people]
        return uvloop.run(talk(server, seats, depth, place, under))


def family_cpu(pid: int) -> float:
    """Seconds of a server so far, with the processes that it supervises."""
    return sum(map(cpu, (pid, *(one.pid for one in psutil.Process(pid).children()))))


def main() -> None:
    """Ask as the words of the command say."""
    words = [word for word in sys.argv[1:] if word.isdecimal()]
    depth, company = int(words[0]) if words else DEPTH, PAIRS if "pairs" in sys.argv else COMPANY
    with ground() if "postgres" in sys.argv else nullcontext() as below:
        if "two" in sys.argv:
            found = [measure(depth, below, company, processes=1 + n % 2) for n in range(2 * TURNS)]
            share = median(found[::2]) / median(found[1::2])
            print(f"send: a message through two processes costs {share:.2f} times one in one process (medians of {TURNS})")
            return
        empty, lived_in = (measure(depth, below, company, messages) for messages in (0, world.MESSAGES))
    print(f"send: a message in a lived-in database costs {empty / lived_in:.2f} times one in an empty one")


if __name__ == "__main__":
    main()
