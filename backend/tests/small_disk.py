"""A small disk for files of a test: a file system in memory, or a limit by counting where none may be mounted."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from messenger.adapters.storage import disk as driver
from messenger.kernel.ports.storage import Disk

BALLAST = "ballast"


class SmallDisk:
    """Has `size` bytes, of which a test may take all but `left` and give them back."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size, self._left = folder, size, size

    def leave(self, left: int) -> None:
        """Lets `left` bytes be free from now on."""
        self._left = left

    def free(self) -> int:
        """Returns the bytes that are free."""
        return self._left

    def files(self) -> list[str]:
        """Returns the files on it, those that are not finished among them."""
        found = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return sorted(name for name in found if name != BALLAST)


class Mounted(SmallDisk):
    """A file system in memory, filled by a file without a meaning."""

    def leave(self, left: int) -> None:
        ballast = self.folder / BALLAST
        ballast.unlink(missing_ok=True)
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, self.free() - left))

    def free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize


class Counted(SmallDisk):
    """A folder whose files are counted when one is finished, instead of when it is written."""

    def __init__(self, folder: Path, size: int, planted: pytest.MonkeyPatch) -> None:
        super().__init__(folder, size)
        self._used = 0
        self._settle = driver._settle
        planted.setattr(driver, "_settle", self._counting)

        async def measured(_: Any) -> Disk:
            return Disk(size, self.free())

        planted.setattr(driver.DiskStorage, "disk", measured)

    def leave(self, left: int) -> None:
        self._used, self._left = self._sum(), left

    def free(self) -> int:
        return self._left - self._sum() + self._used

    def _sum(self) -> int:
        found = 0
        for name in self.files():
            with suppress(FileNotFoundError):  # deleted since it was listed
                found += (self.folder / name).stat().st_size
        return found

    def _counting(self, file: Any, draft: Path, path: Path, top: Path) -> None:
        file.flush()
        if self.free() < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._settle(file, draft, path, top)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Yields a small disk in a new folder."""
    folder.mkdir()
    if not _is_mounted(folder, size):
        with pytest.MonkeyPatch.context() as planted:
            yield Counted(folder, size, planted)
        return
    try:
        yield Mounted(folder, size)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _is_mounted(folder: Path, size: int) -> bool:
    """Mounts a file system of `size` bytes; returns whether this machine and its user may do so."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return shutil.which("mount") is not None and not subprocess.run(mount, capture_output=True, check=False).returncode
