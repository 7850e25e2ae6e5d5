"""Limits and opaque cursors of lists."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from messenger.kernel import codec
from messenger.kernel.errors import PageInvalid

PAGE_DEFAULT: Final = 50
PAGE_MAX: Final = 200
PAGE_MAX_BYTES: Final = 1024 * 1024
"""Bytes of the items of a page: the server holds an answer until the client has read it."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,17}")


class CursorPage(msgspec.Struct):
    """The cursor of the next page of a list; `None` at its end."""

    next_cursor: str | None = None


class Page(NamedTuple):
    """The page of a list that a caller asks for: at most `limit` items after `cursor` (empty: from the start)."""

    limit: int = PAGE_DEFAULT
    cursor: str = ""


def page_of(query: Mapping[str, str]) -> Page:
    """Returns the page that the `limit` and `cursor` of a query string ask for. Raises `PageInvalid`."""
    limit = query.get("limit", str(PAGE_DEFAULT))
    if not limit.isdecimal() or len(limit) > 4 or not 1 <= int(limit) <= PAGE_MAX:
        raise PageInvalid(reason=f"limit is 1 to {PAGE_MAX}", max=PAGE_MAX)
    return Page(int(limit), query.get("cursor", ""))


def seq_of(query: Mapping[str, str], name: str) -> int:
    """Returns a seq that a caller names, 0 without one. Raises `PageInvalid`."""
    value = query.get(name, "0")
    if not value.isdecimal() or len(value) > 16:
        raise PageInvalid(reason=f"{name} is a seq")
    return int(value)


def fitting(items: Sequence[Any], most: int = PAGE_MAX_BYTES) -> int:
    """Returns how many items, from the first on, fit into `most` bytes of JSON; at least one, where there is one."""
    if len(codec.encode(items)) <= most:
        return len(items)  # the usual case, in one call
    for place, item in enumerate(items):
        most -= len(codec.encode(item))
        if most < 0 and place:
            return place
    return len(items)


def to_cursor(*parts: int | str) -> str:
    """Returns an opaque cursor of a list's sort key."""
    text = "\x1f".join(str(part) for part in parts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def from_cursor(cursor: str, count: int) -> list[str]:
    """Returns the `count` parts of the sort key. Raises `PageInvalid` for a cursor we did not make."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = raw.decode().split("\x1f")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise PageInvalid(reason="cursor") from None
    if len(parts) != count or "\0" in raw.decode():
        raise PageInvalid(reason="cursor")
    return parts


def int_from_cursor(part: str) -> int:
    """Returns a number of a cursor.

    Raises `PageInvalid` for a text that is no number, or one too large for a column.
    """
    if not _NUMBER.fullmatch(part):
        raise PageInvalid(reason="cursor")
    return int(part)
