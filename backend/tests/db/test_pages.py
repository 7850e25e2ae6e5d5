"""Tests the pages of an embedded database: summed before they reach the file, compared at night, without delays."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messenger.assembly import migrate
from messenger.db.database import Database
from messenger.db.pages import check, keeper
from messenger.db.pages.keeper import Pages
from messenger.db.tx import Hooks, Tx
from messenger.kernel import clock

PAGE = 4096
DAY_MS = 86_400_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Returns the folder of a migrated database."""
    migrate.upgrade(f"sqlite:///{tmp_path}/messenger.db")
    return tmp_path / "messenger.db"


@pytest.fixture
def pages(path: Path) -> Iterator[Pages]:
    with keeper.opened(path) as opened:
        yield opened


@pytest.fixture
def night() -> Iterator[Callable[[], None]]:
    """Yields `night()`, which lets a day pass."""
    moved = 0

    def pass_a_day() -> None:
        nonlocal moved
        moved += DAY_MS
        now = clock._system_ms() + moved
        clock.replace_source(lambda: now)

    yield pass_a_day
    clock.replace_source(None)


def _write(tx: Tx, key: str) -> None:
    tx.run("INSERT INTO facts (key, value) VALUES (:key, :value)", {"key": key, "value": key * 3000})


def _damage(path: Path) -> int:
    """Flips a bit in the middle of the newest page, and returns its number."""
    number = path.stat().st_size // PAGE
    with path.open("r+b") as file:
        file.seek((number - 1) * PAGE + 2000)
        (was,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([was ^ 1]))
    return number


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_was_committed_is_known_and_what_was_not_is_damage(path: Path) -> None:
    async def scenario() -> None:
        database = Database(f"sqlite:///{path}", Hooks())
        await database.open(lambda _envelopes, _woken: None)
        for n in range(1200):
            await database.write(_write, f"{n}")
        await database.close()

    asyncio.run(scenario())
    assert path.stat().st_size > 2000 * PAGE, "the log was copied into the file several times"
    with keeper.opened(path) as pages:
        compared = pages.compare(lambda: False)
        assert (compared.learned, compared.damaged) == (0, [])
    number = _damage(path)
    for _ in range(2):
        with keeper.opened(path) as pages:
            assert pages.compare(lambda: False).damaged == [number]
    # Later writes to this file may come from damaged data: it stays damaged until it is replaced.
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("VACUUM")
    connection.close()
    with keeper.opened(path) as pages:
        assert pages.compare(lambda: False).damaged == []


def test_it_is_checked_at_night(pages: Pages, night: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "LOOK_S", 0.01)
    checking = check.Check(pages)
    checking.start()
    try:
        _until(lambda: checking.found is not None)
        assert checking.found is not None
        assert not checking.found.is_damaged
        first = checking.found
        number = _damage(pages.path)
        assert checking.found is first
        night()
        _until(lambda: checking.found is not first)
        assert checking.found.damaged == [number]
        assert check.read(pages.path) == checking.found
    finally:
        checking.stop()


def test_what_went_wrong_is_checked_without_waiting_for_the_night(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "LOOK_S", 0.01)
    checking = check.Check(pages)
    checking.start()
    try:
        _until(lambda: checking.found is not None)
        number = _damage(pages.path)
        checking.ask(is_certain=False)
        _until(lambda: checking.found is not None and checking.found.damaged == [number])
    finally:
        checking.stop()


def test_sends_and_the_stop_do_not_wait_for_a_check(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """During a check that never ends, sends go on, the log is copied into the file, and the server stops."""
    monkeypatch.setattr(check, "PAUSE_S", 3600)

    async def scenario() -> None:
        database = Database(f"sqlite:///{path}", Hooks())
        await database.open(lambda _envelopes, _woken: None, path.with_name("witness.json"))
        for n in range(600):
            await database.write(_write, f"{n}")
        assert database.checked is None, "the check goes on"
        await database.close()

    asyncio.run(scenario())
    assert path.stat().st_size > 600 * PAGE


def test_a_check_ends_before_the_log_grows_without_bound(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "CROWDED_FRAMES", 2000)
    ended = threading.Event()

    async def scenario() -> None:
        database = Database(f"sqlite:///{path}", Hooks())
        await database.open(lambda _envelopes, _woken: None)
        assert database._pages is not None
        reader = threading.Thread(target=_read_for_ever, args=(database._pages, ended))
        reader.start()
        _until(lambda: database._pages is not None and database._pages.reader is not None)
        n = 0
        while not ended.is_set():
            n += 1
            await database.write(_write, f"{n}")
        reader.join()
        for more in range(600):
            await database.write(_write, f"and {more}")
        assert path.with_name("messenger.db-wal").stat().st_size < 8000 * PAGE
        await database.close()

    asyncio.run(scenario())


def _read_for_ever(pages: Pages, ended: threading.Event) -> None:
    connection = sqlite3.connect(pages.path, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM facts").fetchone()
    pages.reader = connection
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        connection.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    pages.reader = None
    connection.close()
    ended.set()


def test_the_next_night() -> None:
    now = clock.now_ms()
    night = check.night_after(now)
    assert now < night <= now + DAY_MS + 3_600_000
    assert check.night_after(night) > night
