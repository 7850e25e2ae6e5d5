"""What does a delivery cost that goes through two processes?

`.venv/bin/python bench/elsewhere.py`. Six groups of eleven people; one of each writes, 44 messages in flight. Once all
sockets are on one process, once the writers are on one and everybody's reading sockets on another, which hears
through Redis. Both ways stand on PostgreSQL. The figure is CPU of the server processes for one message.
"""

import asyncio
import time

import uvloop
from raw import Reader, Sender, connected
from rig import Ground, Served, World, cpu, ground, served

GROUPS, PEOPLE, DEPTH = 6, 11, 44
WARM_S, SECONDS = 1.0, 4.0


async def _talk(writes: Served, reads: Served, seats: list[tuple[str, int]], readers: list[str]) -> float:
    """CPU-seconds of both processes for each message."""
    listening = await connected(Reader, reads.port, readers)
    senders = await connected(Sender, writes.port, [token for token, _ in seats])
    began = time.monotonic()
    for sender, (_, chat_id) in zip(senders, seats, strict=True):
        sender.begin(chat_id, DEPTH, began + WARM_S + SECONDS + 0.5)
    await asyncio.sleep(WARM_S)

    def now() -> tuple[float, ...]:
        return cpu(writes.pid), cpu(reads.pid), Reader.heard, Sender.acked, time.monotonic()

    before = now()
    await asyncio.sleep(SECONDS)
    wrote, read, heard, messages, took = (b - a for a, b in zip(before, now(), strict=True))
    await asyncio.gather(*(sender.done for sender in senders))
    for one in (*listening, *senders):
        one.transport.close()
    is_two = reads is not writes
    both = wrote + read if is_two else wrote
    parts = f" ({1e6 * wrote / messages:.0f} where written, {1e6 * read / messages:.0f} where heard)"
    print(
        f"{'two processes' if is_two else 'one process'}: {1e6 * both / messages:.0f} µs a message{parts if is_two else ''}, "
        f"{heard / messages:.1f} deliveries each, {messages / took:.0f}/s"
    )
    return both / messages


def _run(under: Ground, *, two: bool) -> float:
    settings = under.fresh()
    with served(**settings) as writes, served(**settings) as other:
        world = World(writes)
        seats, readers = [], []
        for _ in range(GROUPS):
            people = world.people(*(f"p{n}" for n in range(PEOPLE)))
            seats.append((people[0].tokens["access_token"], world.group(*people)))
            readers += [one.tokens["access_token"] for one in people]
        return uvloop.run(_talk(writes, other if two else writes, seats, readers))


def measure(under: Ground) -> float:
    """One run of both: CPU of a message whose hearers are elsewhere, over that of one whose hearers are here."""
    share = _run(under, two=True) / _run(under, two=False)
    print(f"elsewhere: a message through two processes costs {share:.2f} times one in one process")
    return share


if __name__ == "__main__":
    with ground() as below:
        measure(below)
