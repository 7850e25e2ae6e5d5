"""On whose behalf the code at hand runs: the id of a request, a frame or a job, beside every line of the log."""

from contextvars import ContextVar
from typing import Final

from messenger.kernel.ids import new_id

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""Empty for what the server does by itself. Later work carries it on (`db/outbox.py`)."""


def fresh() -> str:
    """An id for something that begins here."""
    return f"{new_id():x}"
