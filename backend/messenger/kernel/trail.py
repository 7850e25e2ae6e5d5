"""On whose behalf the code at hand runs, and how long its parts take: for the log and for traces."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, Final, Protocol

from messenger.kernel.ids import new_id

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""Of a request, a frame or a job; empty for what the server does by itself. Later work carries it on (`db/outbox.py`)."""


def fresh() -> str:
    """An id for something that begins here."""
    return f"{new_id():x}"


class Span(Protocol):
    """A part of the work as a trace shows it."""

    def say(self, name: str = "", **facts: str | int) -> None:
        """A better name, now that it is known, and what belongs to it."""


class Untraced:
    """What `span` answers while nobody traces."""

    def __enter__(self) -> "Untraced":
        return self

    def __exit__(self, *_: Any) -> None:
        """Nothing was begun."""

    def say(self, name: str = "", **facts: str | int) -> None:
        """Nobody listens."""


_UNTRACED: Final = Untraced()
_open: Callable[[str], AbstractContextManager[Span]] = lambda _: _UNTRACED  # noqa: E731


def span(name: str) -> AbstractContextManager[Span]:
    """A part of the work, until the block ends."""
    return _open(name)


def replace_spans(opener: Callable[[str], AbstractContextManager[Span]] | None) -> None:
    """Begin every part with `opener`, or with nothing again (`None`)."""
    global _open
    _open = opener or (lambda _: _UNTRACED)
