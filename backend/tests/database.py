"""Opens a migrated database of either kind in the test's own process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, MetaData, create_engine, event

from messenger.db.database import Database
from messenger.db.sql import Sql
from messenger.db.tx import Hooks
from messenger.kernel.events import Envelope
from tests import migrated

R = TypeVar("R")
Opened = Callable[[Callable[[Database], Awaitable[R]]], R]


KINDS = ["sqlite", "postgresql", "pooled"]
"""SQLite, PostgreSQL, and PostgreSQL through PgBouncer in transaction mode."""


@pytest.fixture(params=KINDS)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Returns the address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/messenger.db"
    return _reached(request, request.getfixturevalue("cluster").create_database())


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Returns the address of a migrated database of each kind."""
    if request.param == "sqlite":
        migrated.embedded(tmp_path)
        return f"sqlite:///{tmp_path}/messenger.db"
    return _reached(request, migrated.scaled(request.getfixturevalue("cluster")))


def _reached(request: pytest.FixtureRequest, database: str) -> str:
    return database if request.param == "postgresql" else str(request.getfixturevalue("pooler").url(database))


class Commits:
    """Collects the envelopes of each commit, in order."""

    def __init__(self) -> None:
        self.envelopes: list[list[Envelope]] = []
        self.woken: list[int] = []

    def __call__(self, envelopes: Sequence[Envelope], woken: Sequence[int]) -> None:
        self.envelopes.append(list(envelopes))
        self.woken.extend(woken)


@pytest.fixture
def commits() -> Commits:
    """Returns a new `Commits`."""
    return Commits()


@pytest.fixture
def opened(url: str, commits: Commits) -> Opened[Any]:
    """Returns `opened(scenario)`, which runs `await scenario(database)` and then closes the database."""

    def run(scenario: Callable[[Database], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            database = Database(url, Hooks())
            await database.open(commits)
            try:
                return await scenario(database)
            finally:
                await database.close()

        return asyncio.run(whole())

    return run


def everything_in(url: str) -> str:
    """Returns every row of every table as text, to search for words that must be gone."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        rows = [row for table in tables.sorted_tables for row in connection.execute(table.select())]
    engine.dispose()
    return "\n".join(map(str, rows))


COUNTED: ContextVar[list[str] | None] = ContextVar("COUNTED", default=None)
"""The statements collected so far by the task that counts."""


@contextmanager
def statements(*engines: Engine) -> Iterator[list[str]]:
    """Collects the statements of databases until the block ends: those of `Sql`, and `BEGIN`, which SQLAlchemy adds.

    Only those of the calling task and of the work it begins: a transaction runs in the context of its caller, so
    upkeep and background jobs that run meanwhile are not counted.
    """
    seen: list[str] = []
    run = Sql.run

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if COUNTED.get() is seen:
            seen.append(" ".join(statement.split()))

    def noted(sql: Sql, statement: str, params: Any = None) -> Any:
        if sql.conn.engine in engines:
            note(None, None, statement)
        return run(sql, statement, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sql, "run", noted)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        counting = COUNTED.set(seen)
        try:
            yield seen
        finally:
            COUNTED.reset(counting)
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)
