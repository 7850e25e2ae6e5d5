"""Keeps the notes of devices and the driver: JSON lines on one clock."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

from tests.torture.check import Line


class Notes:
    """Keeps lines in memory and, with a path, in a file, as they come."""

    def __init__(self, path: Path | None = None) -> None:
        self.lines: list[Line] = []
        self._began = time.monotonic()
        self._file = path.open("w", buffering=1) if path else None

    def now(self) -> float:
        """Returns the seconds since the beginning."""
        return round(time.monotonic() - self._began, 6)

    def __call__(self, what: str, **fields: Any) -> Line:
        line = {"t": self.now(), "what": what, **fields}
        self.lines.append(line)
        if self._file:
            self._file.write(json.dumps(line) + "\n")
        return line

    def close(self) -> None:
        """Closes the file; no line follows."""
        if self._file:
            self._file.close()


def digest(text: str) -> str:
    """Returns a short stand-in for a text in the lines; nothing for no text."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest() if text else ""
