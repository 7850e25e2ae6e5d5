"""How much memory does an idle, signed-in socket cost? `.venv/bin/python bench/idle.py [SOCKETS]`

Resident memory of the server process before and after the sockets are opened, a hundred for each account.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import psutil
from raw import allow_many_sockets, connected

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from tests.server import started  # noqa: E402
from tests.world import World  # noqa: E402

SOCKETS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
EACH = 100


async def open_and_look(port: int, tokens: list[str], process: psutil.Process) -> None:
    """Open the sockets, wait until it is quiet, print the difference."""
    first = await connected(port, tokens[::EACH])
    await asyncio.sleep(1)
    before = process.memory_info().rss
    began = time.monotonic()
    rest = await connected(port, [token for place, token in enumerate(tokens) if place % EACH])
    took = time.monotonic() - began
    await asyncio.sleep(2)
    grown = process.memory_info().rss - before
    print(f"{len(rest)} idle sockets beside {len(first)}: {grown / len(rest) / 1024:.1f} KiB each;", end=" ")
    print(f"server {process.memory_info().rss / 2**20:.0f} MiB; {len(rest) / took:.0f} sign-ins/s")


def main() -> None:
    """Start, sign in, measure, stop."""
    allow_many_sockets()
    environment = {"RATE_LIMITS": "off", "LOG_LEVEL": "warning", "MAX_SOCKETS_PER_USER": str(EACH)}
    with started(Path(tempfile.mkdtemp()), **environment) as server:
        people = World(server).people(*(f"p{n}" for n in range(SOCKETS // EACH)))
        tokens = [one.tokens["access_token"] for one in people for _ in range(EACH)]
        asyncio.run(open_and_look(server.port, tokens, psutil.Process(server.pid)))


if __name__ == "__main__":
    main()
