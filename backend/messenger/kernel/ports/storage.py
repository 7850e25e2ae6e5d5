"""Storage of files: named bytes that are written once, read often and deleted."""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote

_KEY: Final = re.compile(r"[a-z0-9]+(/[a-z0-9][a-z0-9-]*)*\.[a-z0-9]+")
_TYPES: Final = {
    "gif": "image/gif", "jpg": "image/jpeg", "m4a": "audio/mp4", "mp4": "video/mp4", "png": "image/png", "webp": "image/webp",
}  # fmt: skip


class Opened(NamedTuple):
    """A file that is being read: its whole size in bytes, and the bytes that were asked for."""

    size: int
    chunks: AsyncIterator[bytes]


class Disk(NamedTuple):
    """The size of a disk and how much of it is free, in bytes."""

    total: int
    free: int


class Kept(NamedTuple):
    """A key of the storage, and when its file was written (ms)."""

    key: str
    at: int


class Storage(Protocol):
    """A driver of storage. The server makes each key, as `avatars/0f/0f3c-48.webp`; its ending gives the type.

    Every method raises `OSError` when the store does not answer, and `ValueError` for an invalid key.
    """

    async def start(self) -> None:
        """Creates the folder or the bucket where it is missing."""

    async def put(self, key: str, chunks: AsyncIterator[bytes], saved_as: str = "") -> int:
        """Writes a file as it arrives and returns its size.

        The file is there whole and lasting, or (after any error) not at all. `saved_as`: the name under which browsers
        that read it by a signed address save it; without one they may show it.
        """

    async def join(self, key: str, parts: Sequence[str], saved_as: str = "") -> int:
        """Writes a file of the bytes of other files, in this order, and returns its size; `saved_as` as of `put`.

        The parts stay. The file is there whole and lasting, or not at all. Raises `FileNotFoundError` for a missing
        part.
        """

    async def open(self, key: str, start: int = 0, end: int | None = None) -> Opened:
        """Opens the bytes from `start` up to `end` (not included; `None`: all). Raises `FileNotFoundError`."""

    async def stat(self, key: str) -> int:
        """Returns a file's size. Raises `FileNotFoundError`."""

    async def disk(self) -> Disk | None:
        """Returns the size of the disk of files, and how much is free; `None` for a bucket, which has no such end."""

    async def survey(self, after: str, most: int) -> Sequence[Kept]:
        """Returns at most `most` files by rising key, beyond the key `after` (empty: from the first)."""

    async def unfinished(self) -> Sequence[int]:
        """Returns since when (ms) the storage keeps parts of files that never became whole, and removes none by itself;
        empty where it cannot say.
        """

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


def saving(name: str) -> str:
    """Returns the value of `Content-Disposition` by which browsers save a file under a name, and never show it."""
    return f"attachment; {_named(name)}"


def showing(name: str) -> str:
    """Returns the value of `Content-Disposition` by which browsers show a file, and save it under a name."""
    return f"inline; {_named(name)}"


def _named(name: str) -> str:
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
