"""Measures the cost of a page of messages, the list of chats and a read mark in a large database.

`.venv/bin/python bench/asks.py [postgres]`. The requests of a person in 53 chats, in lived-in databases of 10,000 and
of a million messages (an empty one has nothing to read). A page is 50 messages from the middle of a long chat, for one
reader and for eight; a mark is moved by one message at a backlog of a tenth of all messages. The figures are CPU of one
answer, as in `send.py`.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count, islice, takewhile

import world
from program import SMALL, shown
from raw import Asker, request
from reference import HISTORY, Reference
from rig import Server, Spent, Subject
from turns import Turn

SECONDS = 0.2
MARKS = 24
"""Marks of a turn: the least backlog, of 1,000 messages, must last for all turns."""


def _pages(token: str, chat_id: int, head: int) -> Iterator[bytes]:
    """Returns requests of pages around the middle of a chat, each a different one."""
    return (
        request("GET", f"/api/chats/{chat_id}/messages?before={head // 2 + n % (head // 4)}&limit=50", token)
        for n in count(0, 7)
    )


async def _ask(
    subject: Subject, requests: Iterator[bytes], readers: int = 1, most: int | None = None, seconds: float = SECONDS
) -> Spent:
    """Returns the CPU of one answer, while `readers` send one request after another, each at most `most`."""
    until = time.monotonic() + seconds
    before, answered = subject.spent(), Asker.answered
    parts = (takewhile(lambda _: time.monotonic() < until, islice(requests, most)) for _ in range(readers))
    await asyncio.gather(*(Asker.ask(subject.port, part) for part in parts))
    return subject.spent().since(before).each(Asker.answered - answered)


@asynccontextmanager
async def pages(subject: Server | Reference, readers: int = 1, seconds: float = SECONDS) -> AsyncIterator[Turn]:
    """Reads a page from the middle of the longest chat of a database."""
    if isinstance(subject, Reference):
        requests = _pages("", 1, HISTORY)
    else:
        far = world.backlog(subject.messages)
        token = (await subject.resident(world.BEHIND))["access_token"]
        requests = _pages(token, far.id, far.messages)
    yield partial(_ask, subject, requests, readers, seconds=seconds)


pages_of_eight = partial(pages, readers=8)


@asynccontextmanager
async def lists(server: Server) -> AsyncIterator[Turn]:
    """Reads the first 50 chats of a person who has unread messages in all of them."""
    token = (await server.resident(world.BEHIND))["access_token"]
    yield partial(_ask, server, (request("GET", "/api/chats?limit=50", token) for _ in count()))


@asynccontextmanager
async def marks(server: Server) -> AsyncIterator[Turn]:
    """Moves a read mark by one, with a tenth of all messages behind."""
    far = world.backlog(server.messages)
    token = (await server.resident(world.BEHIND))["access_token"]
    moved = (request("PUT", f"/api/chats/{far.id}/read", token, {"seq": seq}) for seq in range(1, far.messages))
    yield partial(_ask, server, moved, most=MARKS)


if __name__ == "__main__":
    shown("page", pages, SMALL, has_reference=True)
    shown("page, eight readers", pages_of_eight, SMALL)
    shown("list of chats", lists, SMALL)
    shown("mark", marks, SMALL)
