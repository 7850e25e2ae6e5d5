"""What do a page of messages, the list of chats and a read mark cost in a large database?

`.venv/bin/python bench/asks.py [MESSAGES] [postgres]`. The questions of a person in 53 chats, in a lived-in database of 25,000
messages and in one of `MESSAGES`, a million unless said otherwise. A page is 50 messages from the middle of a long
chat, asked for by one reader and by eight; a mark is moved by one message at a backlog of a tenth of all messages. The
figures are CPU of the server process for one answer (user and system, all threads), and answers by the clock.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import count, islice

import uvloop
import world
from raw import Asker, request
from rig import Ground, Served, cpu, ground, resident, served

SMALL = 25_000
"""The least in which groups are as long as in a million."""
PAGES, LISTS, MARKS = 1600, 400, 400


def _pages(token: str, chat_id: int, head: int) -> Iterator[bytes]:
    """Requests of pages around the middle of a chat, each another."""
    return (
        request("GET", f"/api/chats/{chat_id}/messages?before={head // 2 + n % (head // 4)}&limit=50", token)
        for n in count(0, 7)
    )


async def _ask(server: Served, requests: Iterator[bytes], most: int, readers: int = 1) -> tuple[float, float]:
    """Answers CPU-seconds for one of `most` answers, and how many there were by the clock in a second."""
    parts = [islice(requests, most // readers) for _ in range(readers)]
    before, began = cpu(server.pid), time.monotonic()
    await asyncio.gather(*[Asker.ask(server.port, part) for part in parts])
    return (cpu(server.pid) - before) / most, most / (time.monotonic() - began)


def run(messages: int, under: Ground | None = None) -> dict[str, tuple[float, float]]:
    """One run on a copy of a database: of each question CPU-seconds and answers in a second."""
    far = world.backlog(messages)
    with served(messages, under) as server:
        token = resident(server, world.BEHIND).tokens["access_token"]

        async def ask() -> dict[str, tuple[float, float]]:
            chats = (request("GET", "/api/chats?limit=50", token) for _ in count())
            marks = (request("PUT", f"/api/chats/{far.id}/read", token, {"seq": seq}) for seq in count(1))
            pages = _pages(token, far.id, far.messages)
            await _ask(server, pages, 100)
            return {
                "page, 1 reader": await _ask(server, pages, PAGES),
                "page, 8 readers": await _ask(server, pages, PAGES, 8),
                "list of chats": await _ask(server, chats, LISTS),
                "mark at a backlog": await _ask(server, marks, MARKS),
            }

        return uvloop.run(ask())


def measure(messages: int = world.MESSAGES, under: Ground | None = None) -> dict[str, float]:
    """Both runs: of each question CPU in the large database over that in the small one."""
    small, large = run(SMALL, under), run(messages, under)
    for name, (spent, rate) in large.items():
        was, rated = small[name]
        print(
            f"asks: {name}: {1e6 * spent:.0f} µs CPU among {messages} messages, {1e6 * was:.0f} among {SMALL} "
            f"({'PostgreSQL' if under else 'embedded'}; {rate:.0f}/s and {rated:.0f}/s): {spent / was:.2f} times"
        )
    return {name: spent / small[name][0] for name, (spent, _) in large.items()}


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word.isdecimal()]
    with ground() if "postgres" in sys.argv else nullcontext() as below:
        measure(int(words[0]) if words else world.MESSAGES, below)
