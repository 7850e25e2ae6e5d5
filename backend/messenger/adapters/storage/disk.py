"""Stores files on this machine's disk."""

import asyncio
import errno
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from io import FileIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, ParamSpec, TypeVar

from messenger.kernel.ports.storage import Disk, Kept, Opened, checked

CHUNK: Final = 256 * 1024
UNFINISHED: Final = "unfinished"
POOL_SIZE: Final = 2
"""Threads for all files: transfers leave the others to the rest of the server."""
_UNFINISHED_S: Final = 86_400
"""Age (s) at which an unfinished file is certainly abandoned."""

_CANNOT: Final = frozenset({errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM})
"""Errors by which a system says that it copies no file inside the kernel, or not this one."""

P = ParamSpec("P")
R = TypeVar("R")


class DiskStorage:
    """A driver of `kernel.ports.storage.Storage`: a file a key, written beside its place and then renamed."""

    origin = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder / UNFINISHED
        self._pool = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="storage")

    async def start(self) -> None:
        await _on(self._pool, self._prepare)

    async def put(self, key: str, chunks: AsyncIterator[bytes], saved_as: str = "") -> int:
        path = self._path(key)
        draft = self._unfinished / uuid.uuid4().hex
        file = await _on(self._pool, draft.open, "wb")
        try:
            size = 0
            async for chunk in chunks:
                size += len(chunk)
                await _on(self._pool, file.write, chunk)
            await _on(self._pool, _settle, file, draft, path, self._folder)
        except BaseException:
            with suppress(OSError):  # what is left in its buffer may find no room either
                file.close()
            draft.unlink(missing_ok=True)
            raise
        return size

    async def join(self, key: str, parts: Sequence[str], saved_as: str = "") -> int:
        path, paths = self._path(key), [self._path(part) for part in parts]
        return await _on(self._pool, _join, paths, self._unfinished / uuid.uuid4().hex, path, self._folder)

    async def open(self, key: str, start: int = 0, end: int | None = None) -> Opened:
        path = self._path(key)
        size = (await _on(self._pool, path.stat)).st_size
        return Opened(size, _chunks(self._pool, path, start, size if end is None else min(end, size)))

    async def stat(self, key: str) -> int:
        return (await _on(self._pool, self._path(key).stat)).st_size

    async def disk(self) -> Disk:
        found = await _on(self._pool, shutil.disk_usage, self._folder)
        return Disk(found.total, found.free)

    async def survey(self, after: str, most: int) -> Sequence[Kept]:
        return await _on(self._pool, lambda: list(islice(_walk(self._folder, "", after), most)))

    async def unfinished(self) -> Sequence[int]:
        return ()

    def signed(self, key: str, ttl_s: int) -> None:
        checked(key)

    async def delete(self, keys: Collection[str]) -> None:
        for path in [self._path(key) for key in keys]:
            await _on(self._pool, path.unlink, missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / checked(key)

    def _prepare(self) -> None:
        self._unfinished.mkdir(parents=True, exist_ok=True)
        for draft in self._unfinished.iterdir():
            if draft.stat().st_mtime < time.time() - _UNFINISHED_S:
                draft.unlink(missing_ok=True)


async def _on(pool: Executor, function: Callable[P, R], *args: P.args, **more: P.kwargs) -> R:
    """Returns the result of a function that runs on one of the threads."""
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: function(*args, **more))


def _join(parts: Sequence[Path], draft: Path, path: Path, top: Path) -> int:
    """Writes the bytes of all parts to a draft, moves it to its place, and returns its size."""
    file = draft.open("wb", buffering=0)
    try:
        for part in parts:
            with part.open("rb", buffering=0) as source:
                _append(source, file)
        size = file.tell()
        _settle(file, draft, path, top)
    except BaseException:
        file.close()
        draft.unlink(missing_ok=True)
        raise
    return size


def _append(source: FileIO, file: FileIO) -> None:
    """Copies the rest of one file to another, without a way through this process where the file system can do that."""
    if hasattr(os, "copy_file_range"):
        try:
            while os.copy_file_range(source.fileno(), file.fileno(), CHUNK * 64):
                pass
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
    shutil.copyfileobj(source, file, CHUNK)


def _walk(folder: Path, before: str, after: str) -> Iterator[Kept]:
    """Yields the files of a folder by rising key, beyond the key `after`; without those that are not finished."""
    with os.scandir(folder) as entries:
        # A folder comes where its keys do: "a/b" is after "a-b", and before "a0".
        found = sorted(entries, key=lambda entry: entry.name + "/" * entry.is_dir())
    for entry in found:
        key = before + entry.name
        if entry.is_dir():
            if key != UNFINISHED and f"{key}0" > after:  # the key after the last of this folder
                yield from _walk(Path(entry.path), f"{key}/", after)
        elif key > after:
            yield Kept(key, int(entry.stat().st_mtime * 1000))


def _settle(file: BinaryIO | FileIO, draft: Path, path: Path, top: Path) -> None:
    """Moves a written draft to its place so that neither its bytes nor its name can be lost any more."""
    file.flush()
    os.fsync(file.fileno())
    file.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(path)
    folder = path.parent
    while folder != top.parent:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        folder = folder.parent


async def _chunks(pool: Executor, path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    file = await _on(pool, path.open, "rb")
    try:
        file.seek(start)
        while start < end and (chunk := await _on(pool, file.read, min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk
    finally:
        file.close()
