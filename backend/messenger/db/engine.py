"""Opens connections, and refuses unusable databases before the first request."""

import logging
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url

from messenger.db.sql import Sql

log = logging.getLogger("messenger.db")

SQLITE_FLOOR: Final = (3, 35, 0)
"""`RETURNING` came with 3.35."""
POSTGRES_FLOOR: Final = 150_000
LOCK_TIMEOUT_MS: Final = 5_000
STATEMENT_TIMEOUT_MS: Final = 30_000
IDLE_TIMEOUT_MS: Final = 10_000
"""A transaction whose process is silent for so long is rolled back: a process that hangs must not hold locks."""
_AS_WRITTEN: Final[dict[str, int | str]] = {
    "join_collapse_limit": 1,
    "jit": "off",
    **dict.fromkeys(("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_material"), "off"),
}
"""Tables are joined in the order of the statement, each by its index: the cost of a statement then follows from the
statement, not from the database's statistics. Without statistics it reads all chats to find one (0.3 ms a hundred).
"""
_LINE: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""A network that drops everything is noticed within 20 s (units: libpq's)."""


class DatabaseRefused(Exception):
    """The database cannot be used. The message says in one sentence what is wrong and what to do."""


def open_engine(url: str, *, writes: bool, size: int, is_patient: bool = False) -> Engine:
    """Returns an engine for the lanes (`writes`) or for reads, with at most `size` connections.

    `is_patient`: statements have no time limit (migrations).
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, writes=writes, size=size)
    return _open_postgres(url, writes=writes, size=size, is_patient=is_patient)


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
        # The program sends BEGIN: the driver's own transactions would start too late for a read snapshot.
        connection.isolation_level = None
        for pragma in _pragmas(writes):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        Sql(connection).run("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _pragmas(writes: bool) -> list[str]:
    common = ["busy_timeout=5000", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-8192"]
    if writes:
        # FULL: an acknowledged message survives a power cut (R1, docs/guarantees.md). Checkpoints:
        # `db/pages/keeper.py`.
        return ["journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", *common]
    return [*common, "query_only=ON"]


def _open_postgres(url: str, *, writes: bool, size: int, is_patient: bool) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, and parameters hold what people write
        connect_args={"autocommit": True, **_LINE},
    )
    terms: dict[str, int | str] = {
        "lock_timeout": LOCK_TIMEOUT_MS,
        "statement_timeout": 0 if is_patient else STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": 0 if is_patient else IDLE_TIMEOUT_MS,
        **({} if is_patient else _AS_WRITTEN),
    }
    begin = "BEGIN" if writes else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    # Set once a session. Through a pooler, which gives the session to another client after every transaction, it is
    # sent with each BEGIN in one message.
    pooled_begin = "; ".join([begin, *(f"SET LOCAL {name} = {value}" for name, value in terms.items())])

    @event.listens_for(engine, "connect", insert=True)
    def _check(connection: Any, record: Any) -> None:
        version = connection.info.server_version
        if version < POSTGRES_FLOOR:
            raise DatabaseRefused(
                f"PostgreSQL {version // 10_000} is too old; use PostgreSQL {POSTGRES_FLOOR // 10_000} or newer."
            )
        (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone()
        if pid != connection.info.backend_pid:
            # Behind a pooler the next transaction may run in another session, which has no prepared statements.
            connection.prepare_threshold = None
            record.info["begin"] = pooled_begin
        else:
            connection.execute("; ".join(f"SET {name} = {value}" for name, value in terms.items()))
            record.info["begin"] = begin

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.info["begin"], execution_options={"no_parameters": True})

    return engine
