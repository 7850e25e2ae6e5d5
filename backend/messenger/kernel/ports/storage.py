"""Files: named bytes that are written once, read often and taken away."""

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
    """A driver of storage. A key is made by the server: `avatars/0f/0f3c-48.webp`; its ending says the type.

    Every method raises `OSError` when the store does not answer, and `ValueError` for a key that is none.
    """

    async def start(self) -> None:
        """Make what is missing: the folder or the bucket."""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Write a file as it comes; it is there whole and lasting, or (when anything fails) not at all. Its size."""

    async def open(self, key: str, start: int = 0, end: int | None = None) -> Opened:
        """Read the bytes from `start` up to `end` (not included; `None`: all). Raises `FileNotFoundError`."""

    async def stat(self, key: str) -> int:
        """A file's size. Raises `FileNotFoundError`."""

    @property
    def origin(self) -> str:
        """Where browsers read files by signed addresses, as `https://files.example.org`; empty where the server gives them."""

    def signed(self, key: str, ttl_s: int) -> str | None:
        """An address at which whoever knows it may read a file for `ttl_s`; `None` without an `origin`."""

    async def delete(self, keys: Collection[str]) -> None:
        """Take files away; one that is not there is no error."""


def checked(key: str) -> str:
    """The key, if it is one. Raises `ValueError`."""
    if len(key) > 200 or not _KEY.fullmatch(key):
        raise ValueError(f"no key of a file: {key!r}")
    return key


def type_of(key: str) -> str:
    """The media type that a key's ending says."""
    return _TYPES.get(key.rpartition(".")[2], "application/octet-stream")
