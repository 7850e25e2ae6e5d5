"""Simulates power cuts and full disks for SQLite: a layer under its files that forgets unsynced writes.

Runs in the server's process. SQLite's own file functions are wrapped where it looks them up. Each file has a kept copy
with the content of a disk after a power cut: everything synced, and any sectors of the rest that were written back
early, in any order. The driver kills the server and puts the kept copies in place. Not covered: that a new or removed
file is itself forgotten, and other files than SQLite's.
"""

import _sqlite3
import ctypes
import os
import random
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

OK: Final = 0
FULL: Final = 13
"""SQLite's code for a full disk."""
SECTOR: Final = 512
EARLY: Final = 0.3
"""The share of writes of which some sectors reach the disk before any sync."""
SUFFIXES: Final = (".db", ".db-wal", ".db-journal")
KEPT: Final = "kept"
FULL_FLAG: Final = "full"

_POINTER, _INT, _LONG, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64, ctypes.c_char_p
# Names are passed on as the pointers they are: SQLite keeps them, and reads beyond their end.
_OPEN = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _POINTER, _INT, _POINTER)
_DELETE = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _INT)
_WRITE = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _INT, _LONG)
_TRUNCATE = ctypes.CFUNCTYPE(_INT, _POINTER, _LONG)
_SYNC = ctypes.CFUNCTYPE(_INT, _POINTER, _INT)


_ALIVE: Final[list[Any]] = []
"""Objects that SQLite calls as long as the process lives."""


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs` up to `xDelete`."""

    _fields_ = (
        ("version", _INT), ("size", _INT), ("most", _INT), ("next", _POINTER), ("name", _TEXT), ("data", _POINTER),
        ("open", _OPEN), ("delete", _DELETE),
    )  # fmt: skip


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`: version 3 has 18 functions after its number."""

    _fields_ = (
        ("version", _INT), ("close", _POINTER), ("read", _POINTER), ("write", _WRITE), ("truncate", _TRUNCATE),
        ("sync", _SYNC), ("rest", _POINTER * 13),
    )  # fmt: skip


class Layer:
    """Holds the layer of one process.

    `folder`: the place of the kept copies, and of the file `full` that fails every write.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._kept, self._flag = folder / KEPT, folder / FULL_FLAG
        self._kept.mkdir(parents=True, exist_ok=True)
        self._random = random.Random(seed)
        self._path_of: dict[int, str] = {}
        self._waiting: defaultdict[str, list[tuple[int, bytes]]] = defaultdict(list)
        self._wrapped: dict[int, _Methods] = {}

    def install(self) -> None:
        """Wraps SQLite's functions, before the first database is opened."""
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(None).contents
        # Copies: the fields change under us below.
        opens, deletes = _OPEN(_address(vfs.open)), _DELETE(_address(vfs.delete))

        def opened(this: int, name: int | None, file: int, flags: int, out: int) -> int:
            code = int(opens(this, name, file, flags, out))
            if code == OK and name and (path := _text(name)).endswith(SUFFIXES):
                self._follow(file, path)
            return code

        def deleted(this: int, name: int, sync: int) -> int:
            self._waiting.pop(_text(name), None)
            self._copy_of(_text(name)).unlink(missing_ok=True)
            return int(deletes(this, name, sync))

        vfs.open, vfs.delete = self._keep(_OPEN(opened)), self._keep(_DELETE(deleted))

    @staticmethod
    def _keep(function: Any) -> Any:
        _ALIVE.append(function)
        return function

    def _copy_of(self, path: str) -> Path:
        return self._kept / Path(path).name

    def _follow(self, file: int, path: str) -> None:
        copy = self._copy_of(path)
        if path not in self._waiting:  # the first of this process: its content survived the last one
            self._waiting[path] = []
            shutil.copy(path, copy)
        elif not copy.exists():
            copy.touch()
        self._path_of[file] = path
        slot = ctypes.cast(file, ctypes.POINTER(_POINTER))
        address = slot[0]
        if address not in self._wrapped:
            self._wrapped[address] = self._wrap(ctypes.cast(address, ctypes.POINTER(_Methods)).contents)
        slot[0] = ctypes.addressof(self._wrapped[address])

    def _wrap(self, methods: _Methods) -> _Methods:
        writes, truncates = _WRITE(_address(methods.write)), _TRUNCATE(_address(methods.truncate))

        def write(file: int, data: int, size: int, place: int) -> int:
            if self._flag.exists():
                return FULL
            code = int(writes(file, data, size, place))
            if code == OK:
                self._wrote(self._path_of[file], place, ctypes.string_at(data, size))
            return code

        def truncate(file: int, size: int) -> int:
            self._flush(self._path_of[file])
            os.truncate(self._copy_of(self._path_of[file]), size)
            return int(truncates(file, size))

        def sync(file: int, _flags: int) -> int:
            self._flush(self._path_of[file])
            return OK  # the kernel keeps it when the process ends

        mine = _Methods.from_buffer_copy(methods)
        mine.write, mine.truncate = self._keep(_WRITE(write)), self._keep(_TRUNCATE(truncate))
        mine.sync = self._keep(_SYNC(sync))
        return mine

    def _wrote(self, path: str, place: int, data: bytes) -> None:
        self._waiting[path].append((place, data))
        if self._random.random() < EARLY:
            first = self._random.randrange(0, len(data), SECTOR)
            self._put(path, [(place + first, data[first : first + self._random.randrange(1, 9) * SECTOR])])

    def _flush(self, path: str) -> None:
        self._put(path, self._waiting[path])
        self._waiting[path] = []

    def _put(self, path: str, writes: list[tuple[int, bytes]]) -> None:
        descriptor = os.open(self._copy_of(path), os.O_WRONLY | os.O_CREAT)
        try:
            for place, data in writes:
                os.pwrite(descriptor, data, place)
        finally:
            os.close(descriptor)


def _text(name: int) -> str:
    return ctypes.string_at(name).decode()


def _address(function: Any) -> int:
    return ctypes.cast(function, _POINTER).value or 0


def cut(data: Path, layer: Path) -> None:
    """Restores, after the server was killed, the content that a disk would have.

    Files without a kept copy were synced.
    """
    for path in data.glob("*.db*"):
        copy = layer / KEPT / path.name
        if path.name.endswith(SUFFIXES) and copy.exists():
            shutil.copy(copy, path)
        elif not path.name.endswith(("-sums", "-checked")):
            path.unlink()
