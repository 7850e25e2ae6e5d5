"""Measures the same questions in groups of ten to five thousand people.

`.venv/bin/python bench/members.py [postgres]`. One server with groups of 10, 100, 1,000 and 5,000 people. Ten of each
are connected and send, with four messages in flight each; a person requests a page of its 50 newest messages and the
list of chats, moves a read mark, and adds 40 people. The figures are CPU of one message, answer or person, as in
`send.py`.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from itertools import count, islice
from typing import Any, Final

import uvloop
from program import lines
from raw import Asker, Sender, allow_many_sockets, connected, request
from rig import SETTLE_S, Server, Spent, ground, served
from turns import MANY, ROUNDS, Turn, in_turns

SIZES = (10, 100, 1000, 5000)
TALKING, DEPTH, SECONDS, AT_ONCE = 10, 4, 0.25, 200
PAGES, MARKS, JOINED, JOINS = 50, 25, 10, 4
SPARE = JOINED * JOINS * (3 * MANY + 1)


class Crowd:
    """Holds a group of a size, whose first members send; `others` are not in it."""

    def __init__(self, server: Server, chat_id: int, people: list[dict[str, Any]], others: Iterator[int]) -> None:
        self.server, self.chat_id, self.people, self._others = server, chat_id, people, others
        self._token = people[0]["access_token"]

    @classmethod
    async def made(cls, server: Server, size: int, others: Iterator[int]) -> "Crowd":
        """Makes a new group of `size` of the server's people."""
        people = await server.people(size)
        ids = [one["user"]["id"] for one in people]
        token = people[0]["access_token"]
        (chat_id,) = await server.chats(token, [{"kind": "group", "name": f"Crowd {size}", "member_ids": []}])
        path = f"/api/chats/{chat_id}"
        parts = (ids[first : first + AT_ONCE] for first in range(1, size, AT_ONCE))
        await Asker.ask(server.port, (request("POST", f"{path}/members", token, {"user_ids": part}) for part in parts))
        return cls(server, chat_id, people, others)

    @asynccontextmanager
    async def message(self) -> AsyncIterator[Turn]:
        """Lets ten people send."""
        tokens = [one["access_token"] for one in self.people[:TALKING]]
        senders = await connected(Sender, self.server.port, tokens)

        async def turn() -> Spent:
            before, acked, until = self.server.spent(), Sender.acked, time.monotonic() + SECONDS
            await asyncio.gather(*(sender.begin(self.chat_id, DEPTH, until) for sender in senders))
            await asyncio.sleep(SETTLE_S)
            return self.server.spent().since(before).each(Sender.acked - acked)

        yield turn
        for sender in senders:
            sender.transport.close()

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Turn]:
        """Reads the newest messages."""
        asked = request("GET", f"/api/chats/{self.chat_id}/messages?limit=50", self._token)
        yield lambda: self._ask(iter([asked] * PAGES), PAGES)

    @asynccontextmanager
    async def mark(self) -> AsyncIterator[Turn]:
        """Moves a read mark by one."""
        path = f"/api/chats/{self.chat_id}/read"
        marks = (request("PUT", path, self.people[1]["access_token"], {"seq": seq}) for seq in count(1))
        yield lambda: self._ask(islice(marks, MARKS), MARKS)

    @asynccontextmanager
    async def join(self) -> AsyncIterator[Turn]:
        """Adds a few people."""
        path = f"/api/chats/{self.chat_id}/members"

        async def turn() -> Spent:
            parts = [list(islice(self._others, JOINED)) for _ in range(JOINS)]
            asked = (request("POST", path, self._token, {"user_ids": part}) for part in parts)
            return await self._ask(asked, JOINED * JOINS)

        yield turn

    async def _ask(self, asked: Iterator[bytes], number: int) -> Spent:
        before = self.server.spent()
        await Asker.ask(self.server.port, asked)
        await asyncio.sleep(SETTLE_S)
        return self.server.spent().since(before).each(number)


QUESTIONS: Final = {"message": Crowd.message, "page": Crowd.page, "mark": Crowd.mark, "join": Crowd.join}
"""The first question makes the messages for the next ones."""
ROUNDS_OF: Final = {"join": MANY}


async def crowds(server: Server, sizes: Sequence[int] = SIZES) -> dict[str, Crowd]:
    """Returns groups of these sizes, by their names. People to add are not in the smaller ones, or new."""
    most = max(sizes)
    newest = [one["user"]["id"] for one in await server.people(most + SPARE)]
    made = {}
    for size in sizes:
        others = newest[-SPARE:] if size == most else newest[most - SPARE : most]
        made[f"{size} members"] = await Crowd.made(server, size, iter(others))
    return made


if __name__ == "__main__":
    allow_many_sockets()
    with ground() if "postgres" in sys.argv else nullcontext() as below, served(0, below) as here:
        groups = uvloop.run(crowds(here))
        for name, ask in QUESTIONS.items():
            turns = uvloop.run(
                in_turns({size: ask(crowd) for size, crowd in groups.items()}, ROUNDS_OF.get(name, ROUNDS))
            )
            print("\n".join(lines(f"in a group, {name}", turns)))
