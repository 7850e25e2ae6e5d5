"""The log: one line for people or one JSON object for programs, with the id of its request, frame or job."""

import logging
import sys
from typing import Any, Final

from messenger.kernel import clock, codec, trail
from messenger.settings import Settings

QUIET: Final = {
    "alembic": logging.WARNING,
    "celery.app.trace": logging.WARNING,
    "celery.worker.strategy": logging.WARNING,
    "uvicorn.error": logging.WARNING,
    "websockets": logging.INFO,
}
"""Libraries that repeat our own lines at length, or whose debug lines hold whole frames, tokens too."""


def begin(settings: Settings) -> None:
    """Sends every line to standard error, in the form that the settings choose."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonForm() if settings.log_format == "json" else TextForm(names_process=settings.workers > 1))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    logging.captureWarnings(True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    if settings.log_level == "debug":
        logging.getLogger("alembic").setLevel(logging.DEBUG)


class TextForm(logging.Formatter):
    """Formats a line: `time level logger: message [id]`."""

    def __init__(self, *, names_process: bool) -> None:
        process = "%(processName)s " if names_process else ""
        super().__init__(f"%(asctime)s {process}%(levelname)-7s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Returns the first line; a traceback follows it."""
        said, origin = super().formatMessage(record), trail.request_id.get()
        return f"{said} [{origin}]" if origin else said


class JsonForm(logging.Formatter):
    """Formats a line as one object. Numbers and names in a line (`extra={"facts": {…}}`) have fields of their own."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": clock.text(int(record.created * 1000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.processName,
            "pid": record.process,
            "request_id": trail.request_id.get(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return codec.encode_text(said)
