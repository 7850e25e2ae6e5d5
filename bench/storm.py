"""Measures the cost when all people come back at once after the server was killed.

`.venv/bin/python bench/storm.py [postgres]`. Two thousand people in groups of fifty, a socket each. The server is
killed and started again, and all come back at the same moment with their cursors. The figure is CPU for one of them, as
in `send.py`, in an empty and in a lived-in database; beside it the seconds until the last one had its chats.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from typing import Any

from program import shown
from raw import Reader, connected
from rig import Server, Spent
from turns import MANY, Turn

GROUPS, SIZE, WITHIN_S = 40, 50, 60
waits: dict[Server, list[float]] = {}
"""Seconds until all people were back, of each turn."""


def cursors(greeting: bytes) -> dict[str, Any]:
    """Returns the hello of a client that comes back, with its cursor in each of its streams."""
    text = greeting[greeting.index(b'{"type":"ready"') :].decode(errors="replace")
    ready = json.JSONDecoder().raw_decode(text)[0]["data"]
    seals = ready.get("seals")  # a server without seals takes plain positions
    streams = {one: at if seals is None else [at, seals[one]] for one, at in ready["streams"].items()}
    return {"epoch": ready["epoch"], "streams": streams}


async def _back(server: Server, told: list[tuple[str, dict[str, Any]]]) -> list[Reader]:
    """Returns the sockets, all opened at once."""
    loop = asyncio.get_running_loop()

    async def come(token: str, hello: dict[str, Any]) -> Reader:
        _, reader = await loop.create_connection(lambda: Reader(token, **hello), "127.0.0.1", server.port)
        await reader.ready
        return reader

    async with asyncio.timeout(WITHIN_S):
        return await asyncio.gather(*(come(token, hello) for token, hello in told))


@asynccontextmanager
async def storm(server: Server) -> AsyncIterator[Turn]:
    """Lets all people come back after a kill."""
    tokens = [token for token, _ in await server.seats(GROUPS, SIZE)]
    readers = await connected(Reader, server.port, tokens)
    told = [(token, cursors(reader.greeting)) for token, reader in zip(tokens, readers, strict=True)]
    waits[server] = []

    async def turn() -> Spent:
        server.kill()
        server.start()
        before, began = server.spent(), time.monotonic()
        here = await _back(server, told)
        waits[server].append(time.monotonic() - began)
        spent = server.spent().since(before).each(len(here))
        for reader in here:
            reader.transport.close()
        return spent

    yield turn
    kind = "lived-in" if server.messages else "empty"
    print(f"storm: {len(told)} were back after {median(waits.pop(server)):.1f} s ({kind})")


if __name__ == "__main__":
    shown("storm", storm, rounds=MANY)
