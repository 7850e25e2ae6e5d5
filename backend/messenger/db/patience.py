"""Limits how long a caller waits for the database.

Then the answer is "not now", and work that has not begun is not done.
"""

import asyncio
from collections import deque
from typing import Any, Final

from messenger.kernel.errors import Unavailable

PATIENCE_S: Final = 5.0
"""Seconds from the call to the answer: collecting, the lane, the connection, locks and the commit together."""
RETRY_AFTER_MS: Final = 1000


class Patience:
    """Answers futures with `Unavailable` that are not done after `PATIENCE_S`. One timer for all: they end in order."""

    def __init__(self) -> None:
        """Starts on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._waits: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, future: "asyncio.Future[Any]", since: float | None = None) -> None:
        """Limits the wait for a future, from now or from the moment `since` (s, the loop's clock)."""
        while self._waits and self._waits[0][1].done():
            self._waits.popleft()
        end = (self._loop.time() if since is None else since) + PATIENCE_S
        self._waits.append((end, future))
        if self._timer is None:
            self._timer = self._loop.call_at(end, self._end)

    def close(self) -> None:
        """Stops the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        now = self._loop.time()
        while self._waits and (self._waits[0][0] <= now or self._waits[0][1].done()):
            _, future = self._waits.popleft()
            if not future.done():
                future.set_exception(Unavailable(retry_after_ms=RETRY_AFTER_MS))
        self._timer = self._loop.call_at(self._waits[0][0], self._end) if self._waits else None


def is_answered(future: "asyncio.Future[Any]") -> bool:
    """Returns whether the wait has ended, so that nothing may be written for it any more. Any thread.

    A future that its caller cancelled was not refused: its work is done all the same.
    """
    return future.done() and not future.cancelled()
