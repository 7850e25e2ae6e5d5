"""Measures the cost of a message on a server of two processes, beside one of one process.

`.venv/bin/python bench/workers.py [pairs]`. The people of `send.py` on PostgreSQL and Redis, on a server with one
process and on one with `--workers 2` in turns, each in an empty database and in a lived-in one. The figure is CPU of
one message, of all processes, of PostgreSQL and of Redis.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import send
import uvloop
import world
from program import lines
from rig import Ground, Server, ground, served
from turns import in_turns


@contextmanager
def both(under: Ground, messages: int = 0) -> Iterator[dict[str, Server]]:
    """Runs a server of one process and one of two, until the block ends."""
    with served(messages, under) as one, served(messages, under, WORKERS="2") as two:
        yield {"one process": one, "two processes": two}


if __name__ == "__main__":
    question = send.pairs if "pairs" in sys.argv else send.company
    with ground() as below:
        for among in (0, world.MESSAGES):
            with both(below, among) as servers:
                turns = uvloop.run(in_turns({name: question(server) for name, server in servers.items()}))
            print("\n".join(lines(f"workers, {'lived-in' if among else 'empty'}", turns)))
