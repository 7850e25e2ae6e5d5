"""Storage of files: named bytes that are written once, read often and deleted."""

import re
from collections.abc import AsyncIterator, Collection
from typing import Final, NamedTuple, Protocol

_KEY: Final = re.compile(r"[a-z0-9]+(/[a-z0-9][a-z0-9-]*)*\.[a-z0-9]+")
_TYPES: Final = {"gif": "image/gif", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


class Opened(NamedTuple):
    """A file that is being read: its whole size in bytes, and the bytes that were asked for."""

    size: int
    chunks: AsyncIterator[bytes]


class Storage(Protocol):
    """A driver of storage. The server makes each key, as `avatars/0f/0f3c-48.webp`; its ending gives the type.

    Every method raises `OSError` when the store does not answer, and `ValueError` for an invalid key.
    """

    async def start(self) -> None:
        """Creates the folder or the bucket where it is missing."""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Writes a file as it arrives and returns its size.

        The file is there whole and lasting, or (after any error) not at all.
        """

    async def open(self, key: str, start: int = 0, end: int | None = None) -> Opened:
        """Opens the bytes from `start` up to `end` (not included; `None`: all). Raises `FileNotFoundError`."""

    async def stat(self, key: str) -> int:
        """Returns a file's size. Raises `FileNotFoundError`."""

    @property
    def origin(self) -> str:
        """Returns the origin from which browsers read files by signed addresses, as `https://files.example.org`; empty
        where the server serves them.
        """

    def signed(self, key: str, ttl_s: int) -> str | None:
        """Returns an address that lets everyone who knows it read a file for `ttl_s`; `None` without an `origin`."""

    async def delete(self, keys: Collection[str]) -> None:
        """Deletes files; a missing one is no error."""


def checked(key: str) -> str:
    """Returns the key if it is valid. Raises `ValueError`."""
    if len(key) > 200 or not _KEY.fullmatch(key):
        raise ValueError(f"no key of a file: {key!r}")
    return key


def type_of(key: str) -> str:
    """Returns the media type of a key by its ending."""
    return _TYPES.get(key.rpartition(".")[2], "application/octet-stream")
