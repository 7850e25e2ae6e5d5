"""A connection with its dialect: what a store function speaks SQL through."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, Row, text
from sqlalchemy.sql import Executable

from messenger.db import dialect as dialects
from messenger.kernel import codec

Record = Row[*tuple[Any, ...]]
"""A row of any statement; its columns are attributes too."""


class Prepared(NamedTuple):
    """A written statement as the driver takes it, and the names of its parameters by place."""

    text: str
    places: tuple[str, ...] | None
    """`None`: this driver takes them by name."""

    def bound(self, params: Mapping[str, Any]) -> Any:
        """One set of parameters as the driver takes it."""
        return params if self.places is None else tuple([params[name] for name in self.places])


_prepared: dict[tuple[str, str], Prepared] = {}
"""By dialect and text. Half of what a short statement costs is SQLAlchemy's own preparation: it is done once."""


class Sql:
    """Runs statements on one connection. Written statements are prepared once and kept by their text."""

    __slots__ = ("conn", "dialect")

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.dialect = dialects.name(conn.dialect)

    def run(self, statement: Executable | str, params: Any = None) -> CursorResult[Any]:
        """Run a statement; a list of parameter sets runs it for each."""
        if not isinstance(statement, str):
            return self.conn.execute(statement, params)
        prepared = self._prepare(statement)
        if isinstance(params, list):
            return self.conn.exec_driver_sql(prepared.text, [prepared.bound(one) for one in params])
        return self.conn.exec_driver_sql(prepared.text, prepared.bound(params or {}))

    def _prepare(self, statement: str) -> Prepared:
        kept = _prepared.get((self.dialect, statement))
        if kept is None:
            compiled = text(statement).compile(dialect=self.conn.dialect)
            places = tuple(compiled.positiontup or ()) if compiled.positional else None
            kept = _prepared[(self.dialect, statement)] = Prepared(compiled.string, places)
        return kept

    def all(self, statement: Executable | str, params: Mapping[str, Any] | None = None) -> Sequence[Record]:
        """All rows."""
        return self.run(statement, params).all()

    def first(self, statement: Executable | str, params: Mapping[str, Any] | None = None) -> Record | None:
        """The first row, or `None`."""
        return self.run(statement, params).first()

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]], **columns: str) -> None:
        """Write rows with these columns (and their types, as of a rowset), in this order."""
        statement = dialects.insertion(self.dialect, table, tuple(columns.items()))
        self.run(statement, {"w": many(rows)} if self.dialect == "postgresql" else list(rows))

    def rowset(self, param: str, **columns: str) -> str:
        """A table expression over a JSON list bound to `:param` (see `dialect.rowset`); values: `many(rows)`."""
        return dialects.rowset(self.dialect, param, tuple(columns.items()))

    @property
    def locks(self) -> str:
        """The clause that locks selected rows until the commit."""
        return dialects.locks(self.dialect)


def many(rows: Sequence[Mapping[str, Any]]) -> str:
    """The value of a rowset parameter."""
    return codec.encode_text(rows)
