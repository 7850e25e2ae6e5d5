"""Writes a table of another checkout beside this one: every question to both, in turns of one run.

`.venv/bin/python bench/compare.py CHECKOUT [sqlite] [postgres] [NAME …]`, e.g. a worktree of an earlier commit; it runs
with the packages of this one and may have no other tables. Names ask only those questions. It takes some five minutes
on each database; once a day each makes its lived-in databases, by its own migrations. The table is Markdown, CPU of one
operation in µs, the median of the rounds (on PostgreSQL with that of PostgreSQL and Redis), and the ratio as `turns.py`
takes it.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvloop
import world
from program import SMALL
from raw import allow_many_sockets
from rig import Ground, Server, ground, served
from run import EMPTY, OLD
from turns import Turns, in_turns

ROUNDS = 5
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL with Redis"}
HEAD = """| question | {0}: before | now | times | {1}: before | now | times | now, {1} over {0} |
|---|---|---|---|---|---|---|---|"""


@contextmanager
def _servers(programs: dict[str, Path], sizes: dict[str, int], under: Ground | None) -> Iterator[dict[str, Server]]:
    """Runs a server of each program on a database of each size."""
    with ExitStack() as stack:
        yield {
            f"{when}, {kind}": stack.enter_context(served(messages, under, program))
            for kind, messages in sizes.items()
            for when, program in programs.items()
        }


def _row(name: str, turns: Turns, kinds: list[str]) -> str:
    cells = [name]
    for kind in kinds:
        before, now = f"before, {kind}", f"now, {kind}"
        cells += [f"{1e6 * turns.cost(one):,.0f}" for one in (before, now)]
        cells.append(f"{turns.ratio(now, before):.2f}")
    cells.append(f"{turns.ratio(f'now, {kinds[1]}', f'now, {kinds[0]}'):.2f}")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Prints a table for each database and each kind of question."""
    programs = {"before": Path(sys.argv[1]).resolve(), "now": world.ROOT}
    words = set(sys.argv[2:])
    names = words - DATABASES.keys() or EMPTY.keys() | OLD.keys()
    allow_many_sockets()
    with ground() as below:
        for database in [one for one in DATABASES if one in words or not words & DATABASES.keys()]:
            under = below if database == "postgres" else None
            for least, questions in {0: EMPTY, SMALL: OLD}.items():
                kinds = [
                    "lived-in" if size == world.MESSAGES else f"{size:,}" if size else "empty"
                    for size in (least, world.MESSAGES)
                ]
                asked = {name: question for name, question in questions.items() if name in names}
                if not asked:
                    continue
                with _servers(programs, dict(zip(kinds, (least, world.MESSAGES), strict=True)), under) as servers:
                    print(f"\n{DATABASES[database]}\n\n{HEAD.format(*kinds)}", flush=True)
                    for name, question in asked.items():
                        turns = uvloop.run(in_turns({kind: question(one) for kind, one in servers.items()}, ROUNDS))
                        print(_row(name, turns, kinds), flush=True)


if __name__ == "__main__":
    main()
