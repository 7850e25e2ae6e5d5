"""A scanner of viruses."""

from collections.abc import AsyncIterator
from typing import Protocol


class ScanTooLarge(Exception):
    """The scanner takes no files of this size, so this one cannot be judged."""


class Scan(Protocol):
    """A driver of a scanner, which sees all bytes of a file before anyone may read it."""

    async def scan(self, chunks: AsyncIterator[bytes], patience_s: float) -> str:
        """Returns what the scanner found in these bytes, by the first 64 characters of its name; empty where nothing.

        `patience_s`: how long it may judge once it has them all. Raises `ScanTooLarge`, and `OSError` where it does not
        answer, or not all of the bytes were judged.
        """

    async def ping(self) -> None:
        """Checks that the scanner answers. Raises `OSError`."""
