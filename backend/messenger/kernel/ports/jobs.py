"""Later work: rows of the outbox, run by whoever is awake."""

from collections.abc import Sequence
from typing import Protocol


class Jobs(Protocol):
    """A driver of jobs. All calls on the event loop.

    A row is run at least once, by one runner at a time, and repeated after a failure or the death of its runner.
    """

    def wake(self, row_ids: Sequence[int]) -> None:
        """Say that these outbox rows are committed. Never waits, never raises: a hint, and what is lost is swept up."""

    async def start(self) -> None:
        """Begin. Whatever else is needed may be away: then it is tried again and again."""

    async def close(self) -> None:
        """Stop. Rows that run are given a few seconds to finish; others repeat what they did not."""
