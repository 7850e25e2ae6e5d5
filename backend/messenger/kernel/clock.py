"""Returns the time in milliseconds since 1970 UTC. Tests can replace the source. No order depends on the time (R14)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

LAST_MS: Final = 253_402_300_799_999
"""The last moment that `text` can write: the end of the year 9999."""
_DAY_MS: Final = 86_400_000
_MINUTES: Final = [f"{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60)]


def _system_ms() -> int:
    return time.time_ns() // 1_000_000


_source: Callable[[], int] = _system_ms


def now_ms() -> int:
    """Returns the milliseconds since 1970 UTC."""
    return _source()


def replace_source(source: Callable[[], int] | None) -> None:
    """Takes the time from `source` (in tests), or from the system again with `None`."""
    global _source
    _source = source or _system_ms


def text(ms: int) -> str:
    """Returns a time as RFC 3339 in UTC with milliseconds and `Z`, the form of every time on the wire."""
    day, rest = divmod(ms, _DAY_MS)
    minute, rest = divmod(rest, 60_000)
    digits = f"{rest:05d}"
    return f"{_date(day)}{_MINUTES[minute]}{digits[:2]}.{digits[2:]}Z"


@lru_cache(1024)
def _date(day: int) -> str:
    """Returns the text of a day, counted from 1970.

    It is cached: a page has many times and few days, and `strftime` costs as much as reading the row.
    """
    return f"{datetime.fromtimestamp(day * _DAY_MS // 1000, UTC):%Y-%m-%dT}"


def text_or_none(ms: int | None) -> str | None:
    """Returns the same as `text`; `None` stays `None`."""
    return None if ms is None else text(ms)


def parse(value: str) -> int:
    """Returns the milliseconds of an RFC 3339 text.

    Raises `ValueError` for any other text, also for a time without a zone.
    """
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone")
    return int(moment.timestamp() * 1000)
