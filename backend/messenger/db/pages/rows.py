"""Finds the rows on a page, by SQLite's form of a leaf (https://sqlite.org/fileformat2.html)."""

import struct
from typing import Final

_TABLE_LEAF: Final = 13
_CELLS_AT: Final = 8


def rows_of(page: bytes) -> tuple[int, int] | None:
    """Returns the first and last row number on a leaf of a table.

    `None` for every other page, or one that is too damaged.
    """
    if not page or page[0] != _TABLE_LEAF:
        return None
    try:
        (count,) = struct.unpack_from(">H", page, 3)
        first, last = (_row(page, _CELLS_AT + 2 * place) for place in (0, count - 1))
    except (IndexError, struct.error):
        return None
    return (first, last) if 0 < first <= last else None


def _row(page: bytes, pointer: int) -> int:
    """Returns the row number of a cell, which follows the size of its content."""
    (at,) = struct.unpack_from(">H", page, pointer)
    _, at = _number(page, at)
    return _number(page, at)[0]


def _number(page: bytes, at: int) -> tuple[int, int]:
    """Returns a number of variable length and the position after it: seven bits a byte, of the ninth all eight."""
    found = 0
    for _ in range(8):
        found = found << 7 | page[at] & 0x7F
        at += 1
        if page[at - 1] < 0x80:
            return found, at
    return found << 8 | page[at], at + 1
