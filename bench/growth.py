"""Writes the table of growth: each question at several sizes of databases and groups.

`.venv/bin/python bench/growth.py`. Databases of 10,000, 100,000 and a million messages, groups of 10 to 5,000 people;
embedded, in turns. The table is Markdown, CPU of one operation in µs, the median of the rounds, and the ratio of the
last size to the first.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import members
import uvloop
import world
from program import SMALL
from raw import allow_many_sockets
from rig import served
from run import EMPTY, MIDDLE, OLD, ROUNDS_OF
from turns import ROUNDS, Prepared, in_turns


def _head(sizes: Sequence[int], what: str) -> None:
    print(f"\n| {what} | {' | '.join(f'{size:,}' for size in sizes)} | last over first |")
    print(f"|---|{'---|' * len(sizes)}---|", flush=True)


def _row(name: str, asked: Mapping[str, Prepared]) -> None:
    turns = uvloop.run(in_turns(asked, ROUNDS_OF.get(name, ROUNDS)))
    first, *_, last = asked
    costs = " | ".join(f"{1e6 * turns.cost(size):,.0f}" for size in asked)
    print(f"| {name} | {costs} | {turns.ratio(last, first):.2f} |", flush=True)


def main() -> None:
    """Prints both tables."""
    allow_many_sockets()
    sizes = (SMALL, MIDDLE, world.MESSAGES)
    with ExitStack() as stack:
        servers = {str(size): stack.enter_context(served(size)) for size in sizes}
        _head(sizes, "messages of the server")
        for name, question in (EMPTY | OLD).items():
            _row(name, {size: question(server) for size, server in servers.items()})
    with served() as server:
        groups = uvloop.run(members.crowds(server))
        _head(members.SIZES, "members of the group")
        for name, ask in members.QUESTIONS.items():
            _row(name, {size: ask(crowd) for size, crowd in groups.items()})


if __name__ == "__main__":
    main()
