"""Counts how values spread over ranges, cheaply enough for a hot path."""

from bisect import bisect_left
from typing import Final

SECONDS: Final = (0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0)
"""Upper ends of the ranges of durations (s)."""


class Spread:
    """Counts of values by range. One thread adds; `counts` has one more range, without an end, than `ends`."""

    __slots__ = ("counts", "ends", "total")

    def __init__(self, ends: tuple[float, ...] = SECONDS) -> None:
        self.ends = ends
        self.counts = [0] * (len(ends) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Counts a value in the first range whose end it does not exceed."""
        self.counts[bisect_left(self.ends, value)] += 1
        self.total += value
