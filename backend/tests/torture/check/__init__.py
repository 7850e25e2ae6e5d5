"""Checks the notes of clients against the invariants of `docs/guarantees.md`: pure, in one pass over the lines."""

from collections.abc import Iterable

from tests.torture.check import devices, marks, sends
from tests.torture.check.index import Break, Index, Line

__all__ = ["Break", "Index", "Line", "check"]

CHECKS = (*sends.CHECKS, *devices.CHECKS, *marks.CHECKS)


def check(lines: Iterable[Line]) -> list[Break]:
    """Returns all breaks, the smallest witness of each kind first.

    O(n log n) in the lines: an append-only log whose answers name the place needs no search for an order.
    """
    index = Index(lines)
    found = [one for part in CHECKS for one in part(index)]
    return sorted(found, key=lambda one: len(one.witness))
