"""Reads SQLite's log as a file: how far it is committed, and the newest image of each page in it.

The forms of the log and its index are those of https://sqlite.org/walformat.html, which every version since 3.7 keeps.
"""

import mmap
import os
import struct
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_INDEX_BYTES: Final = 48
"""Bytes of the index's head, which is there twice: both are equal when it is not being written."""
_FRAMES_AT: Final = 16
_SALTS_AT: Final = 32
_HEAD_BYTES: Final = 32
_FRAME_HEAD_BYTES: Final = 24
_BLOCK_BYTES: Final = 32_768
_BLOCK_FRAMES: Final = 4096
_NUMBER_BYTES: Final = 4
_FIRST_LESS: Final = 136 // _NUMBER_BYTES
"""The first block has so many frames fewer, because its head takes their place."""


class Extent(NamedTuple):
    """Identifies the log by its salts, and counts its committed frames.

    The first salt rises by one when the log is reset.
    """

    salts: tuple[int, int]
    frames: int


class Wal:
    """The log of an open database. A connection of this process must have read from it before, which recovers it.

    Closing a file takes SQLite's locks on it from the whole process: `close` only after every connection.
    """

    def __init__(self, database: Path, page_size: int) -> None:
        self._path = Path(f"{database}-wal")
        self._page_size = page_size
        self._file = os.open(f"{database}-shm", os.O_RDONLY)
        self._index = mmap.mmap(self._file, 2 * _INDEX_BYTES, access=mmap.ACCESS_READ)

    def frames(self) -> int:
        """Returns how many frames are committed. Costs next to nothing."""
        return int(struct.unpack_from("=I", self._index, _FRAMES_AT)[0])

    def extent(self) -> Extent:
        """Returns how far the log is."""
        twice = self._index[: 2 * _INDEX_BYTES]
        while twice[:_INDEX_BYTES] != twice[_INDEX_BYTES:]:  # it is being written just now
            twice = self._index[: 2 * _INDEX_BYTES]
        return Extent(struct.unpack_from(">II", twice, _SALTS_AT), struct.unpack_from("=I", twice, _FRAMES_AT)[0])

    def images(self, after: int, until: int) -> Iterator[tuple[int, memoryview]]:
        """Yields (page number, image) of the newest frame of each page among those from `after + 1` to `until`.

        The index says which page a frame is of, so that only the newest are read. Raises `OSError` where the two
        disagree.
        """
        size = _FRAME_HEAD_BYTES + self._page_size
        newest = dict(zip(self._numbers(after, until), range(after, until), strict=True))
        with self._path.open("rb", buffering=0) as file:
            for number, place in newest.items():
                frame = os.pread(file.fileno(), size, _HEAD_BYTES + place * size)
                if len(frame) < size or struct.unpack_from(">I", frame) != (number,):
                    raise OSError(f"{self._path} is not what its index says")
                yield number, memoryview(frame)[_FRAME_HEAD_BYTES:]

    def _numbers(self, after: int, until: int) -> "array[int]":
        """Returns the page numbers of frames: in each block of the index they come before the hash table, in the first
        block after the head.
        """
        found = array("I")
        while after < until:
            block, place = divmod(after + _FIRST_LESS, _BLOCK_FRAMES)
            count = min(until - after, _BLOCK_FRAMES - place)
            found.frombytes(os.pread(self._file, count * _NUMBER_BYTES, block * _BLOCK_BYTES + place * _NUMBER_BYTES))
            after += count
        return found

    def close(self) -> None:
        """Closes the index."""
        self._index.close()
        os.close(self._file)
