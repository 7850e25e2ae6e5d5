"""Keeps the sums: records the pages that a checkpoint is about to write, then lets it run.

Compares the file with them.
"""

import contextlib
import logging
import os
import sqlite3
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from messenger.db.engine import DatabaseRefused
from messenger.db.pages.sums import DAMAGED, UNKNOWN, Head, Sums, sum_of
from messenger.db.pages.wal import Extent, Wal

log = logging.getLogger("messenger.db")

CHECKPOINT_FRAMES: Final = 2000
"""A log so long (8 MiB) is written into the file.

Twice SQLite's own limit: pages that change often are written, and summed, half as often.
"""
CROWDED_FRAMES: Final = 65_536
"""A reader that keeps the log so long (256 MiB) has read for too long."""
_CHUNK: Final = 64
"""Pages that are compared at once: the lane may wait for these."""
_UNREADABLE: Final = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CHANGES_AT: Final = (24, 92)
"""The two places on the first page that say how often the database has changed."""
ADVICE: Final = (
    "Stop the server, keep the damaged file, and restore a backup (docs/self-hosting.md, “A damaged database”)."
)


class Compared(NamedTuple):
    """The result of a comparison: pages compared, those of them without a known sum before, and damaged ones."""

    pages: int
    learned: int
    damaged: list[int]


class Pages:
    """The sums of one database file, whose only process this is. Opens it first and closes it last. `reader` checks it.

    Every checkpoint is made here, so that no page reaches the file before its sum is on the disk: until then the log
    holds it, and the next start notes it from there. Raises `DatabaseRefused` for a file that is no longer a database.
    """

    def __init__(self, database: Path) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self.path = database
        self.reader: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._waiting: set[int] = set()
        self._is_whole = True
        self._last, self._due = 0, CHECKPOINT_FRAMES
        try:
            self._connection = _connect(database)
            (self._page_size,) = self._connection.execute("PRAGMA page_size").fetchone()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNREADABLE:
                raise DatabaseRefused(f"The database {database} is damaged ({error}). {ADVICE}") from None
            raise DatabaseRefused(f"The database {database} cannot be opened ({error}).") from None
        # SQLite's locks end with the first of these files that is closed: they stay open as long as the connection.
        self._file = os.open(database, os.O_RDONLY)
        self._wal = Wal(database, self._page_size)
        self._sums = Sums(Path(f"{database}-sums"))
        self._begin()

    def committed(self) -> None:
        """Checkpoints when the log is long enough. On the lane, between transactions: nothing is being written."""
        frames = self._wal.frames()
        if frames < self._last:
            self._due = CHECKPOINT_FRAMES
        self._last = frames
        if frames < self._due:
            return
        self._due = frames + CHECKPOINT_FRAMES
        try:
            if frames > CROWDED_FRAMES:
                self.interrupt()
            self._checkpoint()
        except Exception:  # the lane must go on
            log.exception("the log could not be brought into the database; it keeps everything until the next time")

    def interrupt(self) -> None:
        """Interrupts the statement that reads for a check."""
        if (reader := self.reader) is not None:
            with contextlib.suppress(sqlite3.ProgrammingError):  # it has just been closed
                reader.interrupt()

    def compare(self, pause: Callable[[], bool]) -> Compared:
        """Compares every page of the file with its sum; a page without one is trusted.

        `pause()` runs between pieces; true ends the comparison.
        """
        seen = learned = 0
        while data := self._compare(seen + 1):
            seen, learned = seen + data[0], learned + data[1]
            if pause():
                break
        with self._lock:
            damaged = self._sums.damaged()
            self._write()
        return Compared(seen, learned, damaged)

    def image(self, page: int) -> bytes:
        """Returns the bytes of a page in the file."""
        return os.pread(self._file, self._page_size, (page - 1) * self._page_size)

    def close(self) -> None:
        """Writes the log into the file, when no other connection is left."""
        with contextlib.suppress(OSError, sqlite3.Error):
            self._checkpoint()
            if self._is_whole:
                changes = _changes(os.pread(self._file, 100, 0))
                self._sums.write(Head(self._page_size, self._noted, is_closed=True, changes=changes))
        self._connection.close()
        self._wal.close()
        self._sums.close()
        os.close(self._file)

    def _begin(self) -> None:
        """Trusts the sums if they are of this file, and records the pages that a killed process left in the log."""
        here, kept = self._wal.extent(), self._sums.head
        if kept is None or not self._is_ours(kept, here):
            if kept is not None:
                log.warning(
                    "%s was replaced, or written by another program: it is not compared with the sums",
                    self.path,
                )
            self._sums.forget()
        # From the first frame on, though some were recorded: it is unknown which of them are in the file already.
        self._noted = Extent(here.salts, 0)
        # Sets a count of changes that no copy of this file has, and a log whose salts are known.
        with contextlib.suppress(sqlite3.OperationalError, OSError):  # a full disk: the log keeps everything
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            self._connection.execute(f"PRAGMA user_version = {(version + 1) % 2**31}")
            self._checkpoint()

    def _is_ours(self, kept: Head, here: Extent) -> bool:
        if kept.page_size != self._page_size:
            return False
        if kept.is_closed:
            changes = _changes(os.pread(self._file, 100, 0))
            return (here.frames == 0 or here == kept.wal) and changes in (0, kept.changes)
        grown = (here.salts[0] - kept.wal.salts[0]) % 2**32
        return here.salts == kept.wal.salts or grown == 1

    def _checkpoint(self) -> None:
        with self._lock:
            self._note()
            self._write()
            busy, frames, done = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._is_whole = not busy and frames == done
            if self._is_whole:
                self._waiting.clear()

    def _note(self) -> None:
        here = self._wal.extent()
        if here.salts != self._noted.salts:
            if not self._is_whole:
                log.warning("another program brought the log into %s: its pages are trusted as they are", self.path)
                self._sums.forget()
            self._noted = Extent(here.salts, 0)
        if here.frames > self._noted.frames:
            for page, image in self._wal.images(self._noted.frames, here.frames):
                self._sums.put(page, sum_of(image))
                self._waiting.add(page)
        self._noted = here

    def _write(self) -> None:
        self._sums.write(Head(self._page_size, self._noted))

    def _compare(self, first: int) -> tuple[int, int] | None:
        """Returns how many pages from `first` on were compared, and how many of them were new.

        `None` at the end of the file.
        """
        learned = 0
        with self._lock:
            data = memoryview(os.pread(self._file, _CHUNK * self._page_size, (first - 1) * self._page_size))
            count = len(data) // self._page_size
            for place in range(count):
                page, entry = first + place, sum_of(data[place * self._page_size : (place + 1) * self._page_size])
                known = self._sums.get(page)
                if known in (entry, DAMAGED) or page in self._waiting:
                    continue
                learned += known == UNKNOWN
                self._sums.put(page, entry if known == UNKNOWN else DAMAGED)
        return (count, learned) if count else None


@contextmanager
def opened(database: Path) -> Iterator[Pages]:
    """Keeps the sums of a database file while the block runs. Raises `DatabaseRefused`."""
    pages = Pages(database)
    try:
        yield pages
    finally:
        pages.close()


def _connect(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return connection


def _changes(head: bytes) -> int:
    """Returns how often the database has changed, by its first page; 0 where the two places disagree (damage)."""
    if len(head) < 100:
        return 0
    first, second = (struct.unpack_from(">I", head, at)[0] for at in _CHANGES_AT)
    return int(first) if first == second else 0
