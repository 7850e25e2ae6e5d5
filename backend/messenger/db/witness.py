"""A second record of the journal's head, beside the database: notices one that was rewound or damaged.

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
from typing import Final

from messenger.db import journal
from messenger.db.engine import DatabaseRefused
from messenger.db.sql import Sql
from messenger.kernel.events import place_of

log = logging.getLogger("messenger.db")

INTERVAL_S: Final = 0.1


class Witness:
    """Writes (epoch, row number, checksum) of the newest journal entry, at most every 100 ms and at stop.

    `newest()` answers row number and frame of that entry. It is asked here and not by the lane, which would pay a
    statement for each commit.
    """

    def __init__(self, path: Path, epoch: int, newest: Callable[[], tuple[int, str]]) -> None:
        self._path, self._epoch, self._newest = path, epoch, newest
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write_often, name="witness", daemon=True)
        self._thread.start()

    def note(self) -> None:
        """Something was committed. Any thread."""
        self._wake.set()

    def close(self) -> None:
        """Write what is left and stop."""
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
            n, frame = self._newest()
            if n:
                _write(self._path, self._epoch, n, frame)
        except Exception:  # the next commit tries again
            log.exception("the record beside the database could not be written")


def check(sql: Sql, path: Path) -> None:
    """Refuse a database that stands behind its record. Raises `DatabaseRefused`."""
    if not path.exists():
        return
    record = json.loads(path.read_text())
    if record["epoch"] != journal.epoch(sql):
        return  # the operator began a new history line
    row = sql.first("SELECT frame FROM journal WHERE n = :n", {"n": record["n"]})
    newest, _ = journal.last_entry(sql)
    pruned = row is None and newest >= record["n"]
    if pruned or (row is not None and _checksum(row[0]) == record.get("place", _checksum(row[0]))):
        return
    raise DatabaseRefused(
        "The database is older than what this server had already confirmed (a restored backup, or a damaged disk). "
        "Run `web-messenger accept-rewind` to go on with it: every device will load its chats anew."
    )


def _write(path: Path, epoch: int, n: int, frame: str) -> None:
    temporary = path.with_suffix(".new")
    with temporary.open("w") as file:
        json.dump({"epoch": epoch, "n": n, "place": _checksum(frame)}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _checksum(frame: str) -> str:
    """Of the place alone: the words of a deleted message are taken out of its entry."""
    return hashlib.sha256(place_of(frame).encode()).hexdigest()
