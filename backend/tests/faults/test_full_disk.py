"""Tests a database that cannot grow: writes are refused and change nothing, and go on when there is room."""

import asyncio
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from messenger.assembly import migrate
from messenger.db import engine
from messenger.db.database import Database
from messenger.db.engine import open_engine
from messenger.db.tx import Hooks, Tx
from messenger.kernel.errors import Unavailable
from tests.server import Served
from tests.world import client


def _grow(tx: Tx, key: str) -> None:
    tx.run("INSERT INTO facts (key, value) VALUES (:key, :value)", {"key": key, "value": "x" * 200_000})


def _count(tx: Tx) -> Any:
    row = tx.first("SELECT count(*) FROM facts WHERE key LIKE 'big%'")
    return row and row[0]


def test_readiness_names_the_disk(serve_alone: Callable[..., Served]) -> None:
    """A limit on the size of files acts like a full disk."""
    server = serve_alone()

    def ready() -> tuple[int, dict[str, str]]:
        answer = client(server).get("/api/readyz")
        return answer.status_code, answer.json()["checks"]

    assert ready() == (200, {"database": "ok", "disk": "ok"})
    least, most = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, most))
    _until(lambda: ready() == (503, {"database": "ok", "disk": "unavailable"}))
    assert client(server).get("/api/healthz").status_code == 200
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (least, most))
    _until(lambda: ready()[0] == 200)
    assert not [path for path in server.folder.iterdir() if path.name.startswith(".ready")]


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_full_disk_refuses_and_forgets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own page limit gives the same error as a full disk (SQLITE_FULL)."""
    url = f"sqlite:///{tmp_path}/messenger.db"
    migrate.upgrade(url)
    sqlite = open_engine(url, writes=True, size=1)
    with sqlite.connect() as connection:
        most = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one()) + 60
    sqlite.dispose()
    ordinary = engine._pragmas
    monkeypatch.setattr(engine, "_pragmas", lambda writes: [*ordinary(writes), f"max_page_count={most}"])

    async def scenario() -> None:
        database = Database(url, Hooks())
        await database.open(lambda _envelopes, _woken: None)
        await database.write(_grow, "big1")
        with pytest.raises(Unavailable):
            await database.write(_grow, "big2")
        assert await database.read(_count) == 1
        await database.write(lambda tx: tx.run("DELETE FROM facts WHERE key = 'big1'"))
        await database.write(_grow, "big3")
        assert await database.read(_count) == 1
        await database.close()

    asyncio.run(scenario())
