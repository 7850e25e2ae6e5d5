"""The file of sums beside a database: one entry for each page that the server wrote."""

import os
import struct
import zlib
from array import array
from pathlib import Path
from typing import Final, NamedTuple

from messenger.db.pages.wal import Extent

_HEAD: Final = struct.Struct("=8sIIIIII")
_MAGIC: Final = b"WMSUMS1\n"
_HEAD_BYTES: Final = 64
_BLOCK: Final = 512
"""Entries that are written together: 4 KiB."""
_BYTES: Final = 8
_ONES: Final = 0xFFFFFFFF
UNKNOWN: Final = 0
DAMAGED: Final = 0xDA_3A_6E_D0_DA_3A_6E_D0


class Head(NamedTuple):
    """Identifies the content of the sums: the size of a page; the log up to which they hold; or, of a database that was
    closed, its own count of changes.
    """

    page_size: int
    wal: Extent
    is_closed: bool = False
    changes: int = 0


def sum_of(page: bytes | memoryview) -> int:
    """Returns the entry of a page: its CRC-32 and the complement of that, so that a damaged entry is not trusted."""
    crc = zlib.crc32(page)
    return crc << 32 | crc ^ _ONES


class Sums:
    """The entries by page number, in memory; `write` brings changed ones to the disk. Not safe for threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        data = path.read_bytes()
        self.head = _head_of(data)
        self._entries = array("Q", data[_HEAD_BYTES : len(data) - (len(data) - _HEAD_BYTES) % _BYTES])
        self._changed: set[int] = set()

    def get(self, page: int) -> int:
        """Returns the entry of a page, `UNKNOWN` or `DAMAGED`."""
        entry = self._entries[page] if page < len(self._entries) else UNKNOWN
        return entry if entry == DAMAGED or entry >> 32 ^ entry & _ONES == _ONES else UNKNOWN

    def put(self, page: int, entry: int) -> None:
        """Sets the entry of a page. A damaged one stays so: what is written there later may come from damage."""
        if page >= len(self._entries):
            missing = (page // _BLOCK + 1) * _BLOCK - len(self._entries)
            self._entries.frombytes(bytes(missing * _BYTES))
        elif self._entries[page] in (DAMAGED, entry):
            return
        self._entries[page] = entry
        self._changed.add(page // _BLOCK)

    def damaged(self) -> list[int]:
        """Returns the pages that were found damaged."""
        return [page for page, entry in enumerate(self._entries) if entry == DAMAGED]

    def forget(self) -> None:
        """Forgets all entries."""
        os.ftruncate(self._file, 0)
        self.head = None
        self._entries, self._changed = array("Q"), set()

    def write(self, head: Head) -> None:
        """Brings entries and head to the disk. Raises `OSError`; then the next call tries again."""
        for block in self._changed:
            data = self._entries[block * _BLOCK : (block + 1) * _BLOCK].tobytes()
            os.pwrite(self._file, data, _HEAD_BYTES + block * _BLOCK * _BYTES)
        said = _HEAD.pack(_MAGIC, head.page_size, *head.wal.salts, head.wal.frames, head.is_closed, head.changes)
        os.pwrite(self._file, said + struct.pack("=I", zlib.crc32(said)), 0)
        os.fsync(self._file)
        self._changed.clear()
        self.head = head

    def close(self) -> None:
        """Closes the file."""
        os.close(self._file)


def _head_of(data: bytes) -> Head | None:
    """Returns the head of the file; `None` for a new file, or one that cannot be trusted."""
    if len(data) < _HEAD.size + 4 or not data.startswith(_MAGIC):
        return None
    said, (check,) = data[: _HEAD.size], struct.unpack_from("=I", data, _HEAD.size)
    if check != zlib.crc32(said):
        return None
    _, page_size, salt, other, frames, is_closed, changes = _HEAD.unpack(said)
    return Head(page_size, Extent((salt, other), frames), bool(is_closed), changes)
