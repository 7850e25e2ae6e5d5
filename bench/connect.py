"""Measures the cost of connecting as a person in a thousand chats.

`.venv/bin/python bench/connect.py [CHATS] [postgres]`. One person, whose socket is opened and closed repeatedly: each
time a process subscribes to all of those chats and unsubscribes, with `postgres` in Redis. The figure is CPU of one
opening and closing, as in `send.py`, in an empty and in a lived-in database.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from program import shown
from raw import Reader, connected
from rig import Server, Spent
from turns import MANY, Turn

CHATS, TIMES = 1000, 4


@asynccontextmanager
async def come_and_go(server: Server, chats: int = CHATS) -> AsyncIterator[Turn]:
    """Connects a person in `chats` chats and disconnects."""
    (person,) = await server.people(1)
    token = person["access_token"]
    await server.chats(token, ({"kind": "group", "name": str(n), "member_ids": []} for n in range(chats)))

    async def turn() -> Spent:
        before = server.spent()
        for _ in range(TIMES):
            (reader,) = await connected(Reader, server.port, [token])
            reader.transport.close()
            await asyncio.sleep(0.05)
        return server.spent().since(before).each(TIMES)

    yield turn


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word.isdecimal()]
    shown("connect", partial(come_and_go, chats=int(words[0])) if words else come_and_go, rounds=MANY)
