"""The time, in milliseconds since 1970 UTC; replaceable in tests. No order depends on it (R14)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


def _system_ms() -> int:
    return time.time_ns() // 1_000_000


_source: Callable[[], int] = _system_ms


def now_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return _source()


def replace_source(source: Callable[[], int] | None) -> None:
    """Take the time from `source` (tests), or from the system again with `None`."""
    global _source
    _source = source or _system_ms


def text(ms: int) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`, the form of every time on the wire."""
    seconds, rest = divmod(ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def text_or_none(ms: int | None) -> str | None:
    """Like `text`; `None` stays `None`."""
    return None if ms is None else text(ms)


def parse(value: str) -> int:
    """Milliseconds of an RFC 3339 text. Raises `ValueError` for anything else or a time without a zone."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    return int(moment.timestamp() * 1000)
