"""Checks an embedded database after the start and every night.

Compares its pages with their sums, then runs SQLite's own check.
"""

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from messenger.db import dialect
from messenger.db.pages.keeper import ADVICE, CROWDED_FRAMES, Pages
from messenger.db.pages.rows import rows_of
from messenger.kernel import clock

log = logging.getLogger("messenger.db")

NIGHT_HOUR: Final = 3
"""The hour of the nightly check, by the clock of the machine."""
LOOK_S: Final = 60.0
"""How often the check looks whether it is night; requests that fail cannot ask for a check more often."""
PAUSE_S: Final = 0.002
"""The pause between the pieces of a comparison: other threads read and write."""
_NICE: Final = 15
_NAMED: Final = 20
_MET: Final = "a request met data that could not be read"


class Checked(msgspec.Struct, frozen=True):
    """The findings of a check.

    When it ended (ms), how many pages it saw, which were damaged, their tables, and SQLite's messages.
    """

    at: int
    pages: int
    damaged: list[int] = []
    owners: list[str] = []
    said: list[str] = []
    is_owed: bool = False
    """Whether a closer check, of pages that were trusted without a sum, did not come to its end."""

    @property
    def is_damaged(self) -> bool:
        """Returns whether something is wrong."""
        return bool(self.damaged or self.said)

    def sentence(self) -> str:
        """Returns the damage in one sentence."""
        count, said = len(self.damaged), self.said[:3]
        numbers = ", ".join(map(str, self.damaged[:_NAMED])) + (", …" if count > _NAMED else "")
        owners = f" of {', '.join(self.owners)}" if self.owners else ""
        parts = [f"{count} of its pages are not what the server wrote ({numbers}{owners})"] if count else []
        return "; ".join([*parts, *said]) + (", …" if len(self.said) > len(said) else "")


class Check(threading.Thread):
    """Checks at low priority and keeps the findings, in memory and beside the database for the doctor."""

    def __init__(self, pages: Pages) -> None:
        super().__init__(name="check", daemon=True)
        self._pages = pages
        self._place = place_of(pages.path)
        self.found = read(pages.path)
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._is_certain = self._was_ended = False

    def ask(self, *, is_certain: bool) -> None:
        """Asks for a check soon, since something went wrong.

        `is_certain`: the database itself reported damage. Any thread.
        """
        if is_certain and not self._is_certain:
            self._is_certain = True
            self.found = Checked(clock.now_ms(), 0, said=[_MET])
            self._wake.set()
        elif self.found is None or not self.found.is_damaged:
            self._wake.set()

    def stop(self) -> None:
        """Ends at once, also in the middle of a check."""
        self._stopping.set()
        self._wake.set()
        while self.is_alive():
            self._pages.interrupt()
            self.join(0.05)

    def run(self) -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        while not self._stopping.is_set():
            began = time.monotonic()
            next_at = night_after(clock.now_ms())
            try:
                self._check()
            except Exception:
                log.exception("the database could not be checked; it will be tried again")
            took = time.monotonic() - began
            self._stopping.wait(max(took, LOOK_S - took))
            while not (self._stopping.is_set() or self._wake.is_set() or clock.now_ms() >= next_at):
                self._wake.wait(LOOK_S)
            self._wake.clear()

    def _check(self) -> None:
        compared = self._pages.compare(lambda: self._stopping.wait(PAUSE_S))
        # Pages that are trusted without a sum are checked more closely, once.
        is_thorough = bool(compared.learned) or self.found is None or self.found.is_owed or self._is_certain
        self._was_ended = False
        said = self._structure("integrity_check" if is_thorough else "quick_check")
        owners = self._owners(compared.damaged) if compared.damaged else []
        if self._stopping.is_set():
            return
        said += [_MET] if self._is_certain else []
        found = Checked(clock.now_ms(), compared.pages, compared.damaged, owners, said, is_thorough and self._was_ended)
        if found.is_damaged:
            log.error("the database %s is damaged: %s. %s", self._pages.path, found.sentence(), ADVICE)
        self.found = found
        self._place.write_bytes(msgspec.json.encode(found))

    def _structure(self, pragma: str) -> list[str]:
        """Returns SQLite's messages for each table: one at a time, since the log cannot be reset while one is read."""
        said = []
        with self._reading() as connection:
            try:
                tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
                for table in ("sqlite_schema", *tables):
                    if not self._stopping.wait(PAUSE_S):
                        said += self._table(connection, f'PRAGMA {pragma}("{table}")')
            except sqlite3.DatabaseError as error:
                if not dialect.is_damaged(error):
                    raise
                said.append(str(error))
        return said

    def _owners(self, pages: list[int]) -> list[str]:
        """Returns the tables and indexes of damaged pages, and the rows on them where this SQLite can tell."""
        with self._reading() as connection, contextlib.suppress(sqlite3.DatabaseError):
            numbers = ", ".join(map(str, pages[:_NAMED]))
            found = connection.execute(f"SELECT name, pageno FROM dbstat WHERE pageno IN ({numbers})").fetchall()
            return list(dict.fromkeys(_named(name, rows_of(self._pages.image(page))) for name, page in found))
        return []

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._pages.path, isolation_level=None, check_same_thread=False)
        self._pages.reader = connection
        try:
            connection.execute("PRAGMA query_only=ON")
            yield connection
        finally:
            self._pages.reader = None
            connection.close()

    def _table(self, connection: sqlite3.Connection, statement: str) -> list[str]:
        try:
            return [line for (line,) in connection.execute(statement) if line != "ok"]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            self._was_ended = True
            if not self._stopping.is_set():
                log.warning("%s was ended: more than %d pages were written meanwhile", statement, CROWDED_FRAMES)
            return []


def _named(owner: str, rows: tuple[int, int] | None) -> str:
    return f"{owner} rows {rows[0]} to {rows[1]}" if rows else owner


def place_of(database: Path) -> Path:
    """Returns the path of the last findings about a database."""
    return Path(f"{database}-checked")


def read(database: Path) -> Checked | None:
    """Returns the last findings; `None` when there are none that can be read."""
    try:
        return msgspec.json.decode(place_of(database).read_bytes(), type=Checked)
    except (OSError, msgspec.DecodeError):
        return None


def has_sums(database: Path) -> bool:
    """Returns whether a server has begun to keep sums of a database."""
    return Path(f"{database}-sums").is_file()


def forget(database: Path) -> None:
    """Deletes the sums and findings of a database that was replaced. No server may run."""
    for suffix in ("-sums", "-checked"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def night_after(now_ms: int) -> int:
    """Returns when the next night is (ms)."""
    now = datetime.fromtimestamp(now_ms / 1000).astimezone()
    night = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return int((night if night > now else night + timedelta(days=1)).timestamp() * 1000)
