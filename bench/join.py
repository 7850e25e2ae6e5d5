"""Measures the cost of adding a thousand people to a group.

`.venv/bin/python bench/join.py [postgres]`. Five requests of 200 people each, for a new group in each turn, in an empty
and in a lived-in database. The figure is CPU for one person, as in `send.py`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from program import shown
from raw import Asker, request
from rig import Server, Spent
from turns import MANY, Turn

PEOPLE, AT_ONCE = 1000, 200
BEHIND_S = 0.3
"""The time after an answer in which the server's work still counts."""


@asynccontextmanager
async def join(server: Server) -> AsyncIterator[Turn]:
    """Adds a thousand people to a group."""
    owner, *people = await server.people(PEOPLE + 1)
    token, ids = owner["access_token"], [one["user"]["id"] for one in people]

    async def turn() -> Spent:
        (chat_id,) = await server.chats(token, [{"kind": "group", "name": "all", "member_ids": []}])
        asked = (
            request("POST", f"/api/chats/{chat_id}/members", token, {"user_ids": ids[first : first + AT_ONCE]})
            for first in range(0, PEOPLE, AT_ONCE)
        )
        before = server.spent()
        await Asker.ask(server.port, asked)
        await asyncio.sleep(BEHIND_S)
        return server.spent().since(before).each(PEOPLE)

    yield turn


if __name__ == "__main__":
    shown("join", join, rounds=MANY)
