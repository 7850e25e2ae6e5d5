"""Background jobs: rows of the outbox, run by any process that is ready."""

from collections.abc import Sequence
from typing import Protocol


class Jobs(Protocol):
    """A driver of jobs. All calls are made on the event loop.

    A row is run at least once, by one runner at a time, and repeated after a failure or the death of its runner.
    """

    def wake(self, row_ids: Sequence[int]) -> None:
        """Announces that these outbox rows are committed.

        Never waits, never raises: it is a hint, and a sweep finds lost ones.
        """

    async def start(self) -> None:
        """Starts the runner. The services it needs may be away: then they are tried again and again."""

    async def close(self) -> None:
        """Stops the runner.

        Rows that run get a few seconds to finish; those that do not finish are repeated by other runners.
        """
