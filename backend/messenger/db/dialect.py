"""Holds every difference between SQLite and PostgreSQL that the code above would otherwise have to know."""

from collections import namedtuple
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from sqlalchemy import Dialect as SqlDialect
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError

_POSTGRES_RETRY: Final = frozenset({"40001", "40P01", "23505"})
"""Serialisation failure, deadlock, a unique row that exists already: the transaction did nothing and may run again."""
_POSTGRES_DAMAGED: Final = frozenset({"XX001", "XX002"})
"""A damaged page or table; a damaged index."""
_SQLITE_DAMAGED: Final = frozenset({11, 26})
"""`SQLITE_CORRUPT` and `SQLITE_NOTADB`; extended codes add bits above the last byte."""

Columns = tuple[tuple[str, str], ...]


@cache
def rowset(dialect: str, param: str, columns: Columns) -> str:
    """Returns a table expression named as `param` over the JSON array of objects bound to `:param`.

    `columns` are (name, SQL type) pairs; types: `BIGINT`, `INTEGER`, `TEXT`.
    """
    if dialect == "postgresql":
        shape = ", ".join(f"{name} {type_}" for name, type_ in columns)
        return f"json_to_recordset(CAST(:{param} AS json)) AS {param}({shape})"
    picks = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name, _ in columns)
    return f"(SELECT {picks} FROM json_each(:{param})) AS {param}"


@cache
def insertion(dialect: str, table: str, columns: Columns) -> str:
    """Returns a statement that writes rows: on PostgreSQL it runs once, with all rows as a rowset `w`; on SQLite once
    for each row.

    The driver of PostgreSQL handles each row's parameters in turn, at twice the price; in SQLite's driver that is free.
    """
    names = ", ".join(name for name, _ in columns)
    if dialect == "postgresql":
        return f"INSERT INTO {table} ({names}) SELECT {names} FROM {rowset(dialect, 'w', columns)}"
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name, _ in columns)})"


def rows(dialect: str, cursor: Any, fetched: list[Any]) -> list[Any]:
    """Returns rows whose columns are also attributes."""
    if not fetched:
        return fetched
    if dialect == "postgresql":
        result = cursor.pgresult  # its names alone; `description` would make an object of each column
        columns = tuple([result.fname(place).decode() for place in range(result.nfields)])
    else:
        columns = tuple([column[0] for column in cursor.description])
    make = _named(columns)
    return [make(row) for row in fetched]


@cache
def _named(columns: tuple[str, ...]) -> Callable[[Any], Any]:
    kind: Any = namedtuple("Record", columns, rename=True)  # type: ignore[misc]
    make: Callable[[Any], Any] = kind._make
    return make


def locks(dialect: str) -> str:
    """Returns the clause that locks the selected rows until the commit (SQLite has only one writer)."""
    return " FOR NO KEY UPDATE" if dialect == "postgresql" else ""


def is_repeatable(error: DBAPIError) -> bool:
    """Returns whether the same function may run again: after a deadlock, a serialisation failure, a row that exists
    already.

    The next run sees that row: another process committed it first. An id that was drawn twice is drawn anew.
    """
    if getattr(error.orig, "sqlstate", None) in _POSTGRES_RETRY:
        return True
    return isinstance(error, IntegrityError) and str(error.orig).startswith("UNIQUE ")


def is_away(error: BaseException) -> bool:
    """Returns whether the database was unable to do it now.

    Then it is away, full, busy for too long, or ended the connection.
    """
    return isinstance(error, OperationalError | InterfaceError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def is_damaged(error: BaseException) -> bool:
    """Returns whether the database was unable to read its own data: a damaged page, index or text."""
    return bool(damage_of(error))


def damage_of(error: BaseException) -> str:
    """Returns the message of a damaged database, without texts that people wrote; empty for every other error."""
    found = getattr(error, "orig", error)
    if getattr(found, "sqlite_errorcode", 0) & 0xFF in _SQLITE_DAMAGED:
        return str(found)
    state = getattr(found, "sqlstate", None)
    if state in _POSTGRES_DAMAGED:
        return f"SQLSTATE {state}"
    # The driver quotes the text.
    return "a text that is no UTF-8" if str(found).startswith("Could not decode to UTF-8") else ""


def is_unkeepable(error: BaseException) -> bool:
    """Returns whether a value came from outside that no column can hold: a NUL, half a surrogate pair, a number of too
    many digits.

    Doors refuse such values by their schemas; this separates the values that a schema missed from faults of our own.
    """
    return isinstance(error, DataError | OverflowError | UnicodeEncodeError)


def is_locked(error: DBAPIError) -> bool:
    """Returns whether another transaction held a lock of PostgreSQL for longer than a statement may wait."""
    return getattr(error.orig, "sqlstate", None) == "55P03"


def name(dialect: SqlDialect) -> str:
    """Returns `sqlite` or `postgresql`."""
    return dialect.name
