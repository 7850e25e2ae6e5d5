"""Engines: how connections are opened, and what is refused before the first of them serves."""

import logging
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url

log = logging.getLogger("messenger.db")

SQLITE_FLOOR: Final = (3, 35, 0)
"""`RETURNING` came with 3.35."""
POSTGRES_FLOOR: Final = 150000
LOCK_TIMEOUT_MS: Final = 5_000
STATEMENT_TIMEOUT_MS: Final = 30_000


class DatabaseRefused(Exception):
    """The database cannot be used; the message says in one sentence what is wrong and what to do."""


def open_engine(url: str, *, writes: bool, size: int, statement_ms: int = STATEMENT_TIMEOUT_MS) -> Engine:
    """An engine for the lanes (`writes`) or for reads, with at most `size` connections.

    `statement_ms`: how long PostgreSQL may take for one statement; 0 for as long as it likes (migrations).
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, writes=writes, size=size)
    return _open_postgres(url, writes=writes, size=size, statement_ms=statement_ms)


def _open_sqlite(url: str, *, writes: bool, size: int) -> Engine:
    if sqlite3.sqlite_version_info < SQLITE_FLOOR:
        raise DatabaseRefused(
            f"SQLite {sqlite3.sqlite_version} is too old; use a Python that has SQLite 3.35 or newer."
        )
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=size, max_overflow=0, pool_timeout=30, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # We say BEGIN ourselves: the driver's own transactions would start too late for a read snapshot.
        connection.isolation_level = None
        for pragma in _pragmas(writes):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _pragmas(writes: bool) -> list[str]:
    common = ["busy_timeout=5000", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-8192"]
    if writes:
        # FULL: an acknowledged message survives a power cut (docs/decisions/0004-journal-is-truth.md).
        return ["journal_mode=WAL", "synchronous=FULL", *common]
    return [*common, "query_only=ON"]


def _open_postgres(url: str, *, writes: bool, size: int, statement_ms: int) -> Engine:
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={statement_ms}"
    if not writes:
        options += " -c default_transaction_read_only=on"
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, and parameters are what people write
        pool_pre_ping=not writes,
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        connect_args={"options": options, "connect_timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def _check(connection: Any, _record: Any) -> None:
        if connection.info.server_version < POSTGRES_FLOOR:
            raise DatabaseRefused("PostgreSQL 15 or newer is needed.")

    return engine
