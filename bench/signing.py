"""Measures how long messages take while four people sign in.

`.venv/bin/python bench/signing.py [postgres]`. Eleven people of one group send, one message in flight each; then the
same while four others sign in repeatedly, at the full cost of a password. The figures are the median and the 99th
percentile of the time to the acknowledgement (ms), in an empty and in a lived-in database, and CPU of the server
process for one message without the sign-ins and for one sign-in.
"""

import asyncio
import sys
import time
from contextlib import nullcontext
from itertools import repeat, takewhile
from statistics import median, quantiles

import uvloop
import world
from raw import Asker, Sender, connected, request
from rig import Ground, Server, ground, served

from messenger.features.sessions.settings import PASSWORD_MEMORY_KIB
from tests.world import PASSWORD

PEOPLE, SIGNING = 11, 4
SECONDS = 3.0


class Timed(Sender):
    """Sends with one message in flight, and keeps how long each took (s)."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.took: list[float] = []
        self._sent_at = 0.0

    def _send(self, most: int) -> None:
        now = time.monotonic()
        if self._sent_at:
            self.took.append(now - self._sent_at)
        self._sent_at = now
        super()._send(most)


async def _send(server: Server, seats: list[tuple[str, int]]) -> tuple[list[float], float]:
    """Returns how long messages took (s), and CPU-seconds of the server meanwhile."""
    senders = await connected(Timed, server.port, [token for token, _ in seats])
    before, until = server.spent(), time.monotonic() + SECONDS
    await asyncio.gather(
        *(sender.begin(chat_id, 1, until) for sender, (_, chat_id) in zip(senders, seats, strict=True))
    )
    spent = server.spent().since(before).own
    for sender in senders:
        sender.transport.close()
    return [one for sender in senders for one in sender.took], spent


async def _sign_in(server: Server, email: str, until: float) -> None:
    """Signs in until a time."""
    body = request("POST", "/api/auth/login", "", {"email": email, "password": PASSWORD})
    await Asker.ask(server.port, takewhile(lambda _: time.monotonic() < until, repeat(body)))


async def _both(server: Server) -> tuple[list[float], list[float], float, float]:
    """Returns the seconds of each message without and with sign-ins; CPU-seconds of a message and of a sign-in."""
    seats = await server.seats(1, PEOPLE)
    emails = [one["user"]["email"] for one in (await server.people(PEOPLE + SIGNING))[PEOPLE:]]
    alone, spent = await _send(server, seats)
    asked, until = Asker.answered, time.monotonic() + SECONDS
    sign_ins = asyncio.gather(*(_sign_in(server, one, until) for one in emails))
    (beside, both), _ = await asyncio.gather(_send(server, seats), sign_ins)
    each = spent / len(alone)
    return alone, beside, each, (both - each * len(beside)) / (Asker.answered - asked)


def run(messages: int = 0, under: Ground | None = None) -> float:
    """Makes one run; returns the 99th percentile with sign-ins, over that without."""
    with served(messages, under, PASSWORD_MEMORY_KIB=str(PASSWORD_MEMORY_KIB)) as server:
        alone, beside, each, hash_ = uvloop.run(_both(server))
    (p50, p99), (half, most) = [(median(took), quantiles(took, n=100)[98]) for took in (alone, beside)]
    print(
        f"signing: p50 {1000 * half:.1f} ms, p99 {1000 * most:.1f} ms while four people sign in, {1000 * p50:.1f} and "
        f"{1000 * p99:.1f} without ({'PostgreSQL' if under else 'embedded'}, {'lived-in' if messages else 'empty'}; CPU: "
        f"{1e6 * each:.0f} µs a message, {1000 * hash_:.0f} ms a sign-in): {most / p99:.1f} times"
    )
    return most / p99


if __name__ == "__main__":
    with ground() if "postgres" in sys.argv else nullcontext() as below:
        for among in (0, world.MESSAGES):
            run(among, below)
