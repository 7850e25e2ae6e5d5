"""Stores files on this machine's disk."""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import BinaryIO, Final

from messenger.kernel.ports.storage import Opened, checked

CHUNK: Final = 256 * 1024
_UNFINISHED_S: Final = 86_400
"""Age (s) at which an unfinished file is certainly abandoned."""


class DiskStorage:
    """A driver of `kernel.ports.storage.Storage`: a file a key, written beside its place and then renamed."""

    origin = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder / "unfinished"

    async def start(self) -> None:
        await asyncio.to_thread(self._prepare)

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        path = self._path(key)
        draft = self._unfinished / uuid.uuid4().hex
        file = await asyncio.to_thread(draft.open, "wb")
        try:
            size = 0
            async for chunk in chunks:
                size += len(chunk)
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_settle, file, draft, path, self._folder)
        except BaseException:
            file.close()
            draft.unlink(missing_ok=True)
            raise
        return size

    async def open(self, key: str, start: int = 0, end: int | None = None) -> Opened:
        path = self._path(key)
        size = (await asyncio.to_thread(path.stat)).st_size
        return Opened(size, _chunks(path, start, size if end is None else min(end, size)))

    async def stat(self, key: str) -> int:
        return (await asyncio.to_thread(self._path(key).stat)).st_size

    def signed(self, key: str, ttl_s: int) -> None:
        checked(key)

    async def delete(self, keys: Collection[str]) -> None:
        for path in [self._path(key) for key in keys]:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / checked(key)

    def _prepare(self) -> None:
        self._unfinished.mkdir(parents=True, exist_ok=True)
        for draft in self._unfinished.iterdir():
            if draft.stat().st_mtime < time.time() - _UNFINISHED_S:
                draft.unlink(missing_ok=True)


def _settle(file: BinaryIO, draft: Path, path: Path, top: Path) -> None:
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


async def _chunks(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    try:
        file.seek(start)
        while start < end and (chunk := await asyncio.to_thread(file.read, min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk
    finally:
        file.close()
