"""Holds the shared parts of the programs with one question: their servers, and the print of the result."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from statistics import quantiles
from typing import Any

import uvloop
import world
from raw import allow_many_sockets
from reference import referred
from rig import ground, served
from turns import ROUNDS, Prepared, Turns, in_turns

SMALL = 10_000
"""Messages of the database that replaces an empty one where a question needs something to read."""


Asks = Callable[[Any], Prepared]
"""Prepares a question on a server."""


def shown(name: str, question: Asks, small: int = 0, *, has_reference: bool = False, rounds: int = ROUNDS) -> None:
    """Asks an empty (or small) and a lived-in server in turns, on PostgreSQL if the command line asks, and prints."""
    allow_many_sockets()
    with ExitStack() as stack:
        under = stack.enter_context(ground()) if "postgres" in sys.argv else None
        subjects = {
            "small" if small else "empty": stack.enter_context(served(small, under)),
            "lived-in": stack.enter_context(served(world.MESSAGES, under)),
            **({"reference": stack.enter_context(referred())} if has_reference else {}),
        }
        turns = uvloop.run(in_turns({kind: question(one) for kind, one in subjects.items()}, rounds))
    print("\n".join(lines(name, turns)))


def lines(name: str, turns: Turns) -> list[str]:
    """Returns lines: each server's cost of one operation, the middle half of the rounds, its ratio to the first."""
    first, said = next(iter(turns.found)), []
    for one, found in turns.found.items():
        low, _, high = quantiles([1e6 * spent.whole for spent in found])
        own = f", {1e6 * turns.own(one):.0f} of it the server" if turns.own(one) < turns.cost(one) else ""
        ratio = f": {turns.ratio(one, first):.2f} times {first}" if one != first else ""
        said.append(f"{name}, {one}: {1e6 * turns.cost(one):.0f} µs CPU ({low:.0f} to {high:.0f}){own}{ratio}")
    return said
