"""Keeps a second record of the journal's head, outside of the database, and notices a database that was rewound or
damaged.

Rule R12 (docs/guarantees.md): a flipped bit in SQLite's log loses commits silently, and a restored backup looks
healthy; the record outside the database says how far it had been.
"""

import hashlib
import json
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from messenger.db import journal
from messenger.db.engine import DatabaseRefused
from messenger.db.sql import Sql
from messenger.kernel.events import place_of

log = logging.getLogger("messenger.db")

INTERVAL_S: Final = 0.1


class Place(NamedTuple):
    """The head of a database: its epoch, and row number and frame of the newest journal entry.

    In an empty journal these are 0 and "".
    """

    epoch: int
    n: int
    frame: str


def place(sql: Sql) -> Place:
    """Returns the head of the database."""
    return Place(journal.epoch(sql), *journal.last_entry(sql))


class Witness:
    """Writes (epoch, row number, checksum) of the newest journal entry, at most every 100 ms and at stop.

    `ask()` returns the head of the database. It is called here and not by the lane, which would pay a statement for
    each commit.
    """

    def __init__(self, path: Path, ask: Callable[[], Place]) -> None:
        self._path, self._ask = path, ask
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write_often, name="witness", daemon=True)
        self._thread.start()

    def note(self) -> None:
        """Notes that something was committed. Any thread."""
        self._wake.set()

    def close(self) -> None:
        """Writes what is left and stops."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def _write_often(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait()
            self._wake.clear()
            self._record()
            self._stopping.wait(INTERVAL_S)
        if self._wake.is_set():
            self._record()

    def _record(self) -> None:
        try:
            found = self._ask()
            if found.n:
                write(self._path, found)
        except Exception:  # the next commit tries again
            log.exception("the record beside the database could not be written")


def check(sql: Sql, path: Path) -> None:
    """Refuses a database that is behind its record. Raises `DatabaseRefused`, also for a record that cannot be read."""
    record = _read(path)
    if record is None:
        return
    here = place(sql)
    if record.epoch < here.epoch:
        return  # the operator began a new history line, or an older record was restored
    row = sql.first("SELECT frame FROM journal WHERE n = :n", {"n": record.n})
    is_kept = row is not None and record.place in ("", _checksum(row[0]))
    # An older version deleted all rows of a quiet journal, then numbered its rows from 1 again.
    is_forgotten = row is None and (here.n >= record.n or (here.n == 0 and _has_changes(sql)))
    if record.epoch == here.epoch and (is_kept or is_forgotten):
        return
    raise DatabaseRefused(
        "The database is older than what this server had already confirmed (a restored backup of the database alone, "
        "or a damaged disk). Run `web-messenger accept-rewind` to go on with it: every device will load its chats anew."
    )


def recorded_epoch(path: Path) -> int:
    """Returns the epoch of the record; 0 when there is none, or it cannot be read."""
    try:
        record = _read(path)
    except DatabaseRefused:
        return 0
    return record.epoch if record is not None else 0


def write(path: Path, found: Place) -> None:
    """Writes the record of a head, whole or not at all."""
    temporary = path.with_suffix(".new")
    with temporary.open("w") as file:
        json.dump({"epoch": found.epoch, "n": found.n, "place": _checksum(found.frame)}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


class _Record(msgspec.Struct):
    """The record as it is stored."""

    epoch: int
    n: int
    place: str = ""


def _read(path: Path) -> _Record | None:
    """Returns the record; `None` without one. Raises `DatabaseRefused`."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Record)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DatabaseRefused(
            f"The record beside the database, {path}, cannot be read ({error}), so nothing shows that the database is "
            "the newest. Run `web-messenger accept-rewind` to write it anew: every device will load its chats anew."
        ) from None


def _has_changes(sql: Sql) -> bool:
    return sql.first("SELECT 1 FROM streams WHERE ev > 0 LIMIT 1") is not None


def _checksum(frame: str) -> str:
    """Returns the checksum of the fixed part of a frame alone.

    The text of a deleted message is removed from its entry.
    """
    return hashlib.sha256(place_of(frame).encode()).hexdigest()
