"""Asks all questions in turns, and compares the ratios with `budgets.toml`.

`make bench`, or `run.py [keep] [PART …] [QUESTION …]`. It takes some twenty minutes on two cores, and half a
minute for each lived-in database, once a day where it is embedded. Parts: `embedded`, `postgres`, `members`,
`processes`, `storm`, `rest`; all of them when none is named. Other words name the questions to ask. A question over its
budget is asked for twice as many rounds more, and all count. `keep` asks all for that long, and writes the results into
`budgets.toml` instead.
"""

import re
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import asks
import bus
import connect
import elsewhere
import fanout
import idle
import join
import members
import send
import signing
import storm
import uvloop
import workers
import world
from program import SMALL, Asks, lines
from raw import allow_many_sockets
from reference import referred
from rig import Ground, ground, served
from turns import MANY, ROUNDS, Prepared, Turns, in_turns

BUDGETS: Final = Path(__file__).with_name("budgets.toml")
MIDDLE: Final = 100_000
EMPTY: Final[dict[str, Asks]] = {
    "message": send.company,
    "pairs": send.pairs,
    "fanout": fanout.fan_out,
    "join": join.join,
    "connect": connect.come_and_go,
}
"""Questions of people who signed up for them: asked on empty databases too."""
OLD: Final[dict[str, Asks]] = {
    "page": asks.pages,
    "page_of_8": asks.pages_of_eight,
    "list": asks.lists,
    "mark": asks.marks,
}
"""Questions of people of lived-in databases: asked on lived-in databases of several sizes."""
KNOWN: Final = {"message", "pairs", "fanout"}
"""Questions that the reference program knows; beside others it is asked for pages."""
ROUNDS_OF: Final = {"join": MANY, "connect": MANY}
FLAT: Final = ("_lived_in", "_lived_in_postgres", "_members")
"""Ends of the names of ratios that should be 1."""
GROWING: Final = {"message", *OLD}
"""Questions that are asked on databases of all sizes."""


class Budgets:
    """Holds the kept budgets and the results of this run."""

    def __init__(self, words: set[str]) -> None:
        self._text = BUDGETS.read_text()
        kept = tomllib.loads(self._text)
        self._most = {name: kept["times"] * value for name, value in kept["kept"].items()}
        self._names = words - PARTS.keys() - {"keep"}
        self.found: dict[str, float] = {}
        self.is_kept = "keep" in words

    def asked(self, questions: Mapping[str, Asks]) -> list[tuple[str, Asks]]:
        """Returns the questions that the command line names, or all."""
        return [(name, ask) for name, ask in questions.items() if name in self._names or not self._names]

    def ask(
        self, name: str, questions: Mapping[str, Prepared], ratios: Mapping[str, tuple[str, str]], rounds: int = ROUNDS
    ) -> Turns:
        """Asks in turns; a ratio is of one server's cost to another's, by the name of its budget."""

        def is_within(turns: Turns) -> bool:
            return not self.is_kept and all(turns.ratio(*pair) <= self._most[budget] for budget, pair in ratios.items())

        began = time.monotonic()
        turns = uvloop.run(in_turns(questions, rounds, is_within))
        print("\n".join(lines(name, turns)), f"\n{name}: {time.monotonic() - began:.0f} s", flush=True)
        self.found |= {budget: turns.ratio(*pair) for budget, pair in ratios.items()}
        return turns

    def exceeded(self) -> bool:
        """Prints all ratios, and returns whether one is over its budget."""
        over = {name for name, value in self.found.items() if value > self._most[name]}
        for name, value in self.found.items():
            print(f"{name}: {value:.2f} (at most {self._most[name]:.2f}){' EXCEEDED' if name in over else ''}")
        return bool(over)

    def keep(self) -> None:
        """Writes the results. Less than 1 for more of others is chance."""
        for name, found in self.found.items():
            value = max(found, 1.0) if name.endswith(FLAT) else found
            self._text = re.sub(rf"^{name} = .*$", f"{name} = {value:.3f}", self._text, flags=re.MULTILINE)
        BUDGETS.write_text(self._text)


def of_embedded(budgets: Budgets, _: Ground) -> None:
    """Asks the questions of one person to one process, embedded, at all sizes, beside the reference program."""
    with ExitStack() as stack:
        reference = stack.enter_context(referred())
        servers = {
            "empty": stack.enter_context(served()),
            f"{SMALL}": stack.enter_context(served(SMALL)),
            f"{MIDDLE}": stack.enter_context(served(MIDDLE)),
            "lived-in": stack.enter_context(served(world.MESSAGES)),
        }
        for name, question in budgets.asked(EMPTY | OLD):
            least = "empty" if name in EMPTY else f"{SMALL}"
            sizes = dict.fromkeys((least, *((f"{SMALL}", f"{MIDDLE}") if name in GROWING else ()), "lived-in"))
            alike = question if name in KNOWN else asks.pages
            asked = {"reference": alike(reference), **{kind: question(servers[kind]) for kind in sizes}}
            ratios = {name: (least, "reference"), f"{name}_lived_in": ("lived-in", least)}
            budgets.ask(name, asked, ratios, ROUNDS_OF.get(name, ROUNDS))


def of_postgres(budgets: Budgets, under: Ground) -> None:
    """Asks the same on PostgreSQL and Redis, beside an embedded database."""
    for least, questions in {0: EMPTY, SMALL: OLD}.items():
        if not budgets.asked(questions):
            continue
        with served(least) as small, served(least, under) as alike, served(world.MESSAGES, under) as large:
            servers = {"embedded": small, "PostgreSQL": alike, "PostgreSQL, lived-in": large}
            for name, question in budgets.asked(questions):
                asked = {kind: question(one) for kind, one in servers.items()}
                ratios = {
                    f"{name}_postgres": ("PostgreSQL", "embedded"),
                    f"{name}_lived_in_postgres": ("PostgreSQL, lived-in", "PostgreSQL"),
                }
                budgets.ask(f"{name} on PostgreSQL", asked, ratios, ROUNDS_OF.get(name, ROUNDS))


def of_members(budgets: Budgets, _: Ground) -> None:
    """Asks the same in small and in large groups."""
    least, most = members.SIZES[0], members.SIZES[-1]
    with served() as server:
        groups = uvloop.run(members.crowds(server, (least, most)))
        for name, question in budgets.asked(members.QUESTIONS):
            pair = (f"{most} members", f"{least} members")
            asked = {size: question(crowd) for size, crowd in groups.items()}
            budgets.ask(f"{name} in a group", asked, {f"{name}_members": pair}, members.ROUNDS_OF.get(name, ROUNDS))


def of_processes(budgets: Budgets, under: Ground) -> None:
    """Asks with readers on another process, and of a server of two processes."""
    for kind, among in {"": 0, "_lived_in": world.MESSAGES}.items():
        with elsewhere.couples(under, among) as both:
            asked = {name: elsewhere.talk(couple) for name, couple in both.items()}
            budgets.ask(f"elsewhere{kind}", asked, {f"elsewhere{kind}": ("two processes", "one process")}, MANY)
        with workers.both(under, among) as servers:
            asked = {name: send.pairs(server) for name, server in servers.items()}
            budgets.ask(f"workers{kind}", asked, {f"workers{kind}": ("two processes", "one process")})


def of_storm(budgets: Budgets, _: Ground) -> None:
    """Asks the question in which all people come back."""
    with served() as empty, served(world.MESSAGES) as lived_in, referred() as reference:
        asked = {
            "reference": asks.pages(reference, seconds=1),
            "empty": storm.storm(empty),
            "lived-in": storm.storm(lived_in),
        }
        ratios = {"storm": ("empty", "reference"), "storm_lived_in": ("lived-in", "empty")}
        budgets.ask("storm", asked, ratios, MANY)


def of_rest(budgets: Budgets, under: Ground) -> None:
    """Measures memory, and times by the clock, which depend on the machine and have no budget."""
    budgets.found["socket_kib"] = idle.measure()
    budgets.found["socket_kib_lived_in"] = idle.measure(world.MESSAGES)
    bus.measure(under)
    for below in (None, under):
        for among in (0, world.MESSAGES):
            signing.run(among, below)


PARTS: Final[dict[str, Callable[[Budgets, Ground], Any]]] = {
    "embedded": of_embedded,
    "postgres": of_postgres,
    "members": of_members,
    "processes": of_processes,
    "storm": of_storm,
    "rest": of_rest,
}


def main() -> None:
    """Measures, compares with the budgets, and exits with 1 when one is exceeded."""
    words = set(sys.argv[1:])
    budgets, began = Budgets(words), time.monotonic()
    allow_many_sockets()
    with ground() as under:
        for name, ask in PARTS.items():
            if name in words or not words & PARTS.keys():
                ask(budgets, under)
    is_over = budgets.exceeded()
    print(f"{time.monotonic() - began:.0f} s")
    if budgets.is_kept:
        budgets.keep()
    elif is_over:
        sys.exit(1)


if __name__ == "__main__":
    main()
