"""Later work: rows of the outbox, run by whoever is awake."""

from collections.abc import Sequence
from typing import Protocol


class Jobs(Protocol):
    """A driver of jobs."""

    def wake(self, row_ids: Sequence[int]) -> None:
        """Say that these outbox rows are committed. A hint: rows that nobody was told of are swept up."""

    async def start(self) -> None:
        """Begin to run rows."""

    async def close(self) -> None:
        """Finish the running rows and stop."""
