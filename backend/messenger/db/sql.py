"""A connection with its dialect: what a store function speaks SQL through."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, TextClause, text
from sqlalchemy.sql import Executable

from messenger.db import dialect as dialects
from messenger.kernel import codec

Record = Row[*tuple[Any, ...]]
"""A row of any statement; its columns are attributes too."""

_statements: dict[str, TextClause] = {}


class Sql:
    """Runs statements on one connection. Written statements are parsed once and kept by their text."""

    __slots__ = ("conn", "dialect")

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.dialect = dialects.name(conn.dialect)

    def run(self, statement: Executable | str, params: Any = None) -> CursorResult[Any]:
        """Run a statement; a list of parameter sets runs it for each."""
        if isinstance(statement, str):
            kept = _statements.get(statement)
            if kept is None:
                kept = _statements[statement] = text(statement)
            statement = kept
        return self.conn.execute(statement, params)

    def all(self, statement: Executable | str, params: Mapping[str, Any] | None = None) -> Sequence[Record]:
        """All rows."""
        return self.run(statement, params).all()

    def first(self, statement: Executable | str, params: Mapping[str, Any] | None = None) -> Record | None:
        """The first row, or `None`."""
        return self.run(statement, params).first()

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
