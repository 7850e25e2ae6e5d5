"""Holds the id of the request, frame or job that the current code serves, and opens spans of its work.

The log and traces use both.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, Final, Protocol

from messenger.kernel.ids import new_id

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The id of a request, a frame or a job; empty for work that the server does by itself.

Background jobs keep it (`db/outbox.py`).
"""


def fresh() -> str:
    """Returns a new id for a piece of work that begins here."""
    return f"{new_id():x}"


class Span(Protocol):
    """A part of the work as a trace shows it."""

    def say(self, name: str = "", **facts: str | int) -> None:
        """Gives the span a better name, now that it is known, and facts."""


class Untraced:
    """The span that `span` returns while tracing is off."""

    def __enter__(self) -> "Untraced":
        return self

    def __exit__(self, *_: Any) -> None:
        """Ends nothing."""

    def say(self, name: str = "", **facts: str | int) -> None:
        """Ignores the name and the facts."""


_UNTRACED: Final = Untraced()
_open: Callable[[str], AbstractContextManager[Span]] = lambda _: _UNTRACED  # noqa: E731


def span(name: str) -> AbstractContextManager[Span]:
    """Opens a span, which lasts until the block ends."""
    return _open(name)


def replace_spans(opener: Callable[[str], AbstractContextManager[Span]] | None) -> None:
    """Opens every span with `opener`, or with none again (`None`)."""
    global _open
    _open = opener or (lambda _: _UNTRACED)
