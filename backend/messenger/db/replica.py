"""Reads from a copy of the database that may be behind, only when it is as far as the caller must see."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError

from messenger.db import dialect, journal
from messenger.db.engine import DatabaseRefused, open_engine
from messenger.db.tx import Hooks, Tx
from messenger.kernel.events import Topic

log = logging.getLogger("messenger.db")

R = TypeVar("R")

READERS: Final = 4
PATIENCE_S: Final = 1.0
"""Seconds that an answer may take; then the primary is asked, and the replica is left alone for `AWAY_S`."""
AWAY_S: Final = 5.0
BEHIND_S: Final = 0.2


class NotHere(Exception):
    """The replica cannot answer this: it is away, or behind."""


class Replica:
    """The replica of one process. It may be away at any time, also at the start."""

    def __init__(self, url: str, hooks: Hooks) -> None:
        self._hooks = hooks
        self.engine = open_engine(url, writes=False, size=READERS)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="replica")
        self._not_before = 0.0

    @property
    def is_asked(self) -> bool:
        """Returns whether the replica is worth a try now."""
        return time.monotonic() >= self._not_before

    async def read(self, known: Mapping[Topic, int], function: Callable[[Tx], R]) -> R:
        """Returns the value of `function(tx)` on a snapshot that has at least these changes of streams.

        Raises `NotHere`.
        """
        task = asyncio.get_running_loop().run_in_executor(self._readers, self._read, known, function)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await task
        except NotHere:
            self._rest(BEHIND_S)
            raise
        except (TimeoutError, DatabaseRefused) as error:
            self._lost(error)
            raise NotHere from None
        except DBAPIError as error:
            if not dialect.is_away(error):
                raise
            self._lost(error.orig)
            raise NotHere from None

    def close(self) -> None:
        """Closes the connections; running reads are not waited for."""
        self._readers.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()

    def _read(self, known: Mapping[Topic, int], function: Callable[[Tx], R]) -> R:
        with self.engine.connect() as conn, conn.begin():
            tx = Tx(conn, self._hooks)
            found = journal.heads(tx, known.keys())
            if any(found.get(topic, -1) < ev for topic, ev in known.items()):
                raise NotHere
            return function(tx)

    def _lost(self, reason: Any) -> None:
        log.warning("the replica (DATABASE_REPLICA_URL) does not answer; the primary is read: %r", reason)
        self._rest(AWAY_S)

    def _rest(self, seconds: float) -> None:
        self._not_before = time.monotonic() + seconds
