"""The three verbs: read, write, batch. A transaction is a function handed to the database."""

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec, TypeVar, cast

from sqlalchemy import QueuePool, make_url
from sqlalchemy.exc import DBAPIError

from messenger.db import patience, witness
from messenger.db.batch import SIZES, Batch
from messenger.db.crew.crew import Crew
from messenger.db.engine import open_engine
from messenger.db.lanes import Lane, Outcome, Times, Work, told
from messenger.db.pages.check import Check, Checked
from messenger.db.pages.keeper import Pages
from messenger.db.patience import RETRY_AFTER_MS, Patience, is_answered
from messenger.db.replica import NotHere, Replica
from messenger.db.tx import Hooks, Tx
from messenger.db.witness import Witness
from messenger.kernel.errors import AppError, Damaged, Unavailable
from messenger.kernel.events import Envelope, Topic
from messenger.kernel.signing import Seals
from messenger.kernel.spread import Spread

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W")

LANES: Final = {"sqlite": 1, "postgresql": 4}
"""Writer threads. SQLite has one writer.

On PostgreSQL more than four lanes a process only compete for the interpreter (measured).
"""
BATCH_LANES: Final = 2
"""Lanes, where there are more, that run only plural verbs: larger batches cost less (`bench/results.md`), and none
waits behind an ordinary verb. There are two, so that a chat that is locked in the database delays only half of them.
The processes of a crew have one each, and each has chats of its own.
"""
READERS: Final = {"sqlite": 2, "postgresql": 4}
"""Threads that read; the witness has a connection of its own beside them.

On SQLite they use the CPU where others wait for the database, and compete for the interpreter: with four, eight callers
got 741 pages a second at 1.49 ms of CPU each, with two 947 at 1.07 (`bench/results.md`).
"""


class Pool(NamedTuple):
    """The connections of one kind: those that may be open, and those in use."""

    size: int
    used: int


class Database:
    """The database of one process. `committed(envelopes, outbox rows)` is called on the event loop after every commit.

    `times` and `sizes` measure the lanes and the batches.
    """

    def __init__(self, url: str, hooks: Hooks, replica_url: str = "", crew: Crew | None = None) -> None:
        """Takes the address and the hooks; `crew`: the processes of this machine that write to this database too."""
        self._hooks, self.crew = hooks, crew
        self._replica = Replica(replica_url, hooks) if replica_url else None
        self._kind = make_url(url).get_backend_name()
        self._writes = open_engine(url, writes=True, size=LANES[self._kind])
        self._reads = open_engine(url, writes=False, size=READERS[self._kind] + 1)
        self._readers = ThreadPoolExecutor(READERS[self._kind], thread_name_prefix="reader")
        self._lanes: list[Lane] = []
        self._turn = itertools.count()
        self._batches: dict[Callable[..., Any], Batch[Any, Any]] = {}
        self._path = Path(make_url(url).database or "") if self._kind == "sqlite" else None
        self._pages: Pages | None = None
        self._check: Check | None = None
        self._witness: Witness | None = None
        self.times, self.sizes = Times(), Spread(SIZES)

    async def open(
        self,
        committed: Callable[[Sequence[Envelope], Sequence[int]], None],
        witness_path: Path | None = None,
    ) -> None:
        """Checks the database and starts the lanes. Raises `DatabaseRefused`.

        `witness_path`: the file of the second record of the head (embedded databases only); such a database is also
        checked.
        """
        loop = asyncio.get_running_loop()
        self._patience = Patience()
        if self._path is not None:
            self._pages = await loop.run_in_executor(self._readers, Pages, self._path)
        if witness_path is not None and self._pages is not None:
            self._witness = await loop.run_in_executor(self._readers, self._testify, witness_path)
            self._check = Check(self._pages)
            self._check.start()
        for _ in range(LANES[self._kind]):
            lane = Lane(self._writes, self._hooks, loop, committed, self._ended, self.times)
            lane.start()
            self._lanes.append(lane)
        if self.crew is not None:
            self.crew.open(self._batch_here)

    async def close(self) -> None:
        """Finishes the queued work, then closes every connection."""
        loop = asyncio.get_running_loop()
        if self.crew is not None:
            await self.crew.close()
        self._patience.close()
        if self._check is not None:
            await loop.run_in_executor(None, self._check.stop)
        for lane in self._lanes:
            lane.stop()
        for lane in self._lanes:
            await loop.run_in_executor(None, lane.join)
        self._readers.shutdown()
        if self._witness is not None:
            await loop.run_in_executor(None, self._witness.close)
        if self._replica is not None:
            self._replica.close()
        self._writes.dispose()
        self._reads.dispose()
        if self._pages is not None:
            await loop.run_in_executor(None, self._pages.close)

    async def read(self, function: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Returns the value of `function(tx, …)` on a snapshot; it must not write.

        Raises `Unavailable` after `PATIENCE_S`.
        """
        loop = asyncio.get_running_loop()
        run = copy_context().run  # for the log and traces
        try:
            async with asyncio.timeout(patience.PATIENCE_S):
                return await loop.run_in_executor(
                    self._readers, run, self._read, lambda tx: function(tx, *args, **kwargs)
                )
        except TimeoutError:
            raise Unavailable(retry_after_ms=RETRY_AFTER_MS) from None

    async def read_aside(self, known: Callable[[Tx], Mapping[Topic, int]], function: Callable[[Tx], R]) -> R:
        """Returns the value of `function(tx)`, from the replica where there is one that is far enough.

        `known(tx)` checks on the primary whether the caller may read, and returns the streams that the answer depends
        on with their heads: an older snapshot is not used.
        """
        if self._replica is not None and self._replica.is_asked:
            heads = await self.read(known)
            try:
                return await self._replica.read(heads, function)
            except NotHere:
                pass
        return await self.read(function)

    async def write(self, function: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Returns the value of `function(tx, …)` after its commit. The function may run twice, so it must only use
        `tx`.

        Raises `Unavailable` after `PATIENCE_S`: a function that had not begun by then will not run; one that had may
        still commit.
        """
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._patience.add(future)

        def run(tx: Tx) -> R:
            if is_answered(future):
                raise Unavailable(retry_after_ms=RETRY_AFTER_MS)
            return function(tx, *args, **kwargs)

        def settle(value: Any, error: BaseException | None) -> None:
            if future.done():
                return  # the caller went away, or was refused and may repeat; the commit is kept
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

        lanes = self._lanes[self._batch_lanes :] or self._lanes
        lane = lanes[next(self._turn) % len(lanes)]
        lane.put(Work(run, settle, copy_context()))
        return await future

    def batch(
        self, function: Callable[[Tx, list[W]], list[R | AppError]], wish: W, *, lane: int
    ) -> "asyncio.Future[R]":
        """Returns a future of the answer to one wish of a plural verb: many wishes, one commit (see `Batch`).

        `lane` chooses the writer. It is the chat's id, so that a chat has one writer among the processes of a crew.
        """
        writer = self.crew.writer(lane) if self.crew is not None else None
        return writer.ask(function, wish, lane) if writer is not None else self._batch_here(function, wish, lane)

    def _batch_here(
        self, function: Callable[[Tx, list[Any]], list[Any]], wish: Any, lane: int
    ) -> "asyncio.Future[Any]":
        batch = self._batches.get(function)
        if batch is None:
            lanes = self._lanes[: self._batch_lanes]
            batch = self._batches[function] = Batch(lanes, function, self.sizes, self._patience)
        return batch.add(wish, lane)

    @property
    def _batch_lanes(self) -> int:
        return BATCH_LANES if self.crew is None else 1

    @property
    def seals(self) -> Seals:
        """Returns the seals of its events."""
        return self._hooks.seals

    @property
    def checked(self) -> Checked | None:
        """Returns the findings of the last check of an embedded database.

        `None` before the first, and for PostgreSQL.
        """
        return self._check.found if self._check is not None else None

    def pools(self) -> dict[str, Pool]:
        """Returns the connections for reading, for writing, and to the replica."""
        engines = {"read": self._reads, "write": self._writes}
        if self._replica is not None:
            engines["replica"] = self._replica.engine
        pools = {kind: cast(QueuePool, engine.pool) for kind, engine in engines.items()}
        return {kind: Pool(pool.size(), pool.checkedout()) for kind, pool in pools.items()}

    def _read(self, function: Callable[[Tx], R], *, is_again: bool = False) -> R:
        try:
            with self._reads.connect() as conn, conn.begin():
                return function(Tx(conn, self._hooks))
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated and not is_again:
                return self._read(function, is_again=True)  # the connection had ended unnoticed; the next one is new
            known = told(error)
            self._suspect(known)
            if known is error:
                raise
            raise known from error

    def _ended(self, outcome: Outcome, error: BaseException | None) -> None:
        """Counts the outcome of a transaction. Called on a lane, after each of its transactions."""
        if error is not None:
            self._suspect(error)
            return
        if outcome.envelopes and self._witness is not None:
            self._witness.note()
        if self._pages is not None:
            self._pages.committed()

    def _suspect(self, error: BaseException) -> None:
        """Asks for a check of the database after an error that says it is damaged, or that was not foreseen."""
        if self._check is not None and (isinstance(error, Damaged) or not isinstance(error, AppError)):
            self._check.ask(is_certain=isinstance(error, Damaged))

    def _testify(self, path: Path) -> Witness:
        self._read(lambda tx: witness.check(tx, path))
        return Witness(path, lambda: self._read(witness.place))
