"""Runs SQL statements on a connection, for the store functions.

SQLAlchemy opens and keeps the connections, begins, commits and names their errors; statements go straight to the
driver. SQLAlchemy's work around a short statement (a context, a result with the types of its columns, events) costs
more than the databases do for it (`bench/results.md`).
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol, cast

from sqlalchemy import Connection, text

from messenger.db import dialect as dialects
from messenger.kernel import codec


class Record(tuple[Any, ...]):
    """A row of any statement; its columns are also attributes."""

    __slots__ = ()
    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class Cursor(Protocol):
    """A statement that the driver has run."""

    rowcount: int

    def execute(self, text: str, params: Any, /) -> Any: ...
    def executemany(self, text: str, params: Any, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def close(self) -> None: ...


class Prepared(NamedTuple):
    """A written statement as the driver takes it."""

    text: str
    bound: Callable[[Mapping[str, Any]], Any]
    """Returns one set of parameters as the driver takes it: by name, or by place."""


def _by_name(params: Mapping[str, Any]) -> Mapping[str, Any]:
    return params


def _by_place(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Returns a getter of the values of these names. Two names and more are got in one call: rows have a dozen."""
    return itemgetter(*names) if len(names) > 1 else lambda params: tuple([params[name] for name in names])


_prepared: dict[tuple[str, str], Prepared] = {}
"""By dialect and text. Half of the cost of a short statement is SQLAlchemy's own preparation: it is done once."""


class Sql:
    """Runs statements on one connection. Written statements are prepared once and kept by their text."""

    __slots__ = ("_open", "conn", "dialect")

    def __init__(self, conn: Connection) -> None:
        """Takes a connection that has begun: nothing begins a transaction here."""
        self.conn = conn
        self.dialect = dialects.name(conn.dialect)
        self._open = cast(Callable[[], Cursor], conn.connection.cursor)

    def run(self, statement: str, params: Any = None) -> Cursor:
        """Runs a statement; a list of parameter sets runs it for each.

        Returns the driver's cursor, with its `rowcount`.
        """
        prepared, cursor = self._prepare(statement), self._open()
        try:
            if isinstance(params, list):
                cursor.executemany(prepared.text, [prepared.bound(one) for one in params])
            else:
                cursor.execute(prepared.text, prepared.bound(params or {}))
        except Exception as error:
            self._fail(error, cursor, statement)
        return cursor

    def _prepare(self, statement: str) -> Prepared:
        kept = _prepared.get((self.dialect, statement))
        if kept is None:
            compiled = text(statement).compile(dialect=self.conn.dialect)
            bound = _by_place(compiled.positiontup or ()) if compiled.positional else _by_name
            kept = _prepared[(self.dialect, statement)] = Prepared(compiled.string, bound)
        return kept

    def all(self, statement: str, params: Mapping[str, Any] | None = None) -> Sequence[Record]:
        """Returns all rows."""
        cursor = self.run(statement, params)
        try:
            return dialects.rows(self.dialect, cursor, cursor.fetchall())
        except Exception as error:
            self._fail(error, cursor, statement)

    def first(self, statement: str, params: Mapping[str, Any] | None = None) -> Record | None:
        """Returns the first row, or `None`."""
        cursor = self.run(statement, params)
        try:
            row = cursor.fetchone()
            found = dialects.rows(self.dialect, cursor, [row]) if row is not None else [None]
            cursor.close()  # a statement with rows left would block the commit
            return found[0]
        except Exception as error:
            self._fail(error, cursor, statement)

    def _fail(self, error: Exception, cursor: Cursor, statement: str) -> NoReturn:
        """Raises an error of the driver as SQLAlchemy does: with the name that both drivers share.

        A connection that is lost leaves its pool, with all that are older.
        """
        if isinstance(error, self.conn.dialect.loaded_dbapi.Error):
            self.conn._handle_dbapi_exception(error, statement, None, cursor, None)  # type: ignore[arg-type]
        raise error

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]], **columns: str) -> None:
        """Writes rows with these columns (and their types, as of a rowset), in this order."""
        statement = dialects.insertion(self.dialect, table, tuple(columns.items()))
        self.run(statement, {"w": many(rows)} if self.dialect == "postgresql" else list(rows))

    def rowset(self, param: str, **columns: str) -> str:
        """Returns a table expression over the JSON list bound to `:param` (see `dialect.rowset`).

        `many(rows)` makes its value.
        """
        return dialects.rowset(self.dialect, param, tuple(columns.items()))

    @property
    def locks(self) -> str:
        """Returns the clause that locks selected rows until the commit."""
        return dialects.locks(self.dialect)


def many(rows: Sequence[Mapping[str, Any]]) -> str:
    """Returns the value of a rowset parameter."""
    return codec.encode_text(rows)
