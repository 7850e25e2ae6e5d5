"""Measures the cost of a delivery through two processes.

`.venv/bin/python bench/elsewhere.py`. Six groups of eleven people; one of each writes, 44 messages in flight. First all
sockets are on one process, then the writers are on one and all reading sockets on another, which receives through
Redis; in turns, on PostgreSQL, in an empty and in a lived-in database. The figure is CPU of the server processes for
one message.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvloop
import world
from program import lines
from raw import Reader, Sender, connected
from rig import SETTLE_S, Ground, Server, Spent, ground, served
from turns import MANY, Turn, in_turns

GROUPS, PEOPLE, DEPTH, SECONDS = 6, 11, 44, 0.25


class Couple:
    """Holds two processes of one server; clients read on one of them."""

    def __init__(self, writes: Server, reads: Server) -> None:
        self.writes, self.reads, self.port = writes, reads, writes.port

    def spent(self) -> Spent:
        """Returns the CPU so far, with that of the databases."""
        wrote = self.writes.spent()
        return wrote if self.reads is self.writes else Spent(wrote.own + self.reads.spent().own, wrote.beside)

    async def seats(self, groups: int, size: int) -> list[tuple[str, int]]:
        """Makes new chats, and returns their seats."""
        return await self.writes.seats(groups, size)


@asynccontextmanager
async def talk(couple: Couple) -> AsyncIterator[Turn]:
    """Lets one member of each group write on one process, and all members read on one."""
    seats = await couple.seats(GROUPS, PEOPLE)
    readers = await connected(Reader, couple.reads.port, [token for token, _ in seats])
    writing = seats[::PEOPLE]
    senders = await connected(Sender, couple.writes.port, [token for token, _ in writing])

    async def turn() -> Spent:
        before, acked, until = couple.spent(), Sender.acked, time.monotonic() + SECONDS
        await asyncio.gather(
            *(sender.begin(chat_id, DEPTH, until) for sender, (_, chat_id) in zip(senders, writing, strict=True))
        )
        await asyncio.sleep(SETTLE_S)
        return couple.spent().since(before).each(Sender.acked - acked)

    yield turn
    for socket in (*readers, *senders):
        socket.transport.close()


@contextmanager
def couples(under: Ground, messages: int = 0) -> Iterator[dict[str, Couple]]:
    """Runs two processes of one server, until the block ends: as one that does both, and as two."""
    settings = under.fresh(messages)
    with served(messages, under, **settings) as one, served(messages, under, **settings) as other:
        yield {"one process": Couple(one, one), "two processes": Couple(one, other)}


if __name__ == "__main__":
    with ground() as below:
        for among in (0, world.MESSAGES):
            with couples(below, among) as both:
                turns = uvloop.run(in_turns({name: talk(couple) for name, couple in both.items()}, MANY))
            print("\n".join(lines(f"elsewhere, {'lived-in' if among else 'empty'}", turns)))
