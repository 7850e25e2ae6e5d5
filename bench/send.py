"""Measures the cost of a durable message.

`.venv/bin/python bench/send.py [DEPTH] [pairs] [postgres]`. Six groups of eleven people, with four messages in flight
for each, or with `pairs` a hundred pairs with one message in flight on each side. The figure is CPU of one message: of
the server process (user and system, all threads), and with `postgres` of PostgreSQL and Redis too, in an empty database
and in one with a million messages of others, beside the reference program with the same clients.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from program import shown
from raw import Sender, connected
from rig import SETTLE_S, Spent, Subject
from turns import Turn

SECONDS = 0.25


@asynccontextmanager
async def talk(subject: Subject, groups: int, size: int, depth: int) -> AsyncIterator[Turn]:
    """Lets all people send in `chats` chats of `people` people, each with `depth` messages in flight."""
    seats = await subject.seats(groups, size)
    senders = await connected(Sender, subject.port, [token for token, _ in seats])

    async def turn() -> Spent:
        before, acked, until = subject.spent(), Sender.acked, time.monotonic() + SECONDS
        await asyncio.gather(
            *(sender.begin(chat_id, depth, until) for sender, (_, chat_id) in zip(senders, seats, strict=True))
        )
        await asyncio.sleep(SETTLE_S)
        return subject.spent().since(before).each(Sender.acked - acked)

    yield turn
    for sender in senders:
        sender.transport.close()


company = partial(talk, groups=6, size=11, depth=4)
pairs = partial(talk, groups=100, size=2, depth=1)

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word.isdecimal()]
    question = pairs if "pairs" in sys.argv else company
    shown("send", partial(question, depth=int(words[0])) if words else question, has_reference=True)
