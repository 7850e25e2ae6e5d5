"""The data folder: readable by this user alone, and used by one server at a time."""

import fcntl
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from messenger.settings import Settings, SettingsError

log = logging.getLogger("messenger")

OTHERS: Final = 0o077
"""The rights of other users; as a umask it takes them from all files that a process makes."""


def prepare(settings: Settings) -> None:
    """Creates the data folder and takes the rights of other users from it.

    Raises `SettingsError` when it cannot be written.
    """
    folder = settings.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".write-{secrets.token_hex(8)}"  # of this process: others may start at the same moment
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"The data folder {folder} cannot be written ({error.strerror}): "
            "give this user the right to it, or set DATA_DIR to another folder."
        ) from None
    for path in (folder, *_elsewhere(settings)):
        _close(path)


def written(settings: Settings) -> list[Path]:
    """Returns the folders that must take more bytes, or sends fail.

    These are the data folder, and that of an embedded database.
    """
    url = make_url(settings.database)
    found = [settings.data_dir, *([Path(url.database).parent] if url.database and settings.is_embedded else [])]
    return list(dict.fromkeys(one.resolve() for one in found))


def _elsewhere(settings: Settings) -> list[Path]:
    """Returns the files of this server that the variables put outside of the data folder."""
    found = []
    if settings.storage_url.startswith("file://"):
        found.append(Path(settings.storage_url.removeprefix("file://")))
    if settings.database_url.startswith("sqlite"):
        name = make_url(settings.database_url).database or ""
        found += [Path(name + suffix) for suffix in ("", "-wal", "-shm", "-sums", "-checked")]
    return [path for path in found if path.exists()]


def _close(top: Path) -> None:
    """Takes the rights of others from a file or a whole folder, and logs it once: the next start finds nothing to take.

    The folder itself is closed last. While it is closed, others reach nothing in it: then only its top level is
    checked, where a database may have been copied back, and not each of a million pictures at every start.
    """
    count = 0
    try:
        inside = top.rglob("*") if top.stat().st_mode & OTHERS else top.glob("*")
        for path in (*inside, top):
            with suppress(FileNotFoundError):  # a file of another process that was there for a moment
                mode = path.lstat().st_mode
                if mode & OTHERS and not stat.S_ISLNK(mode):
                    path.chmod(stat.S_IMODE(mode) & ~OTHERS)
                    count += 1
    except OSError as error:
        log.warning("%s cannot be closed to other users of this machine: %s", error.filename, error.strerror)
    if count:
        log.warning("%s was open to other users of this machine; now only this user can read it (%d files)", top, count)


@contextmanager
def held(settings: Settings, *, alone: bool = False) -> Iterator[None]:
    """Holds the data folder, and an embedded database elsewhere, until the block or the process ends.

    Processes share it where they may share a database; `alone`: not even they. Raises `SettingsError` that names the
    holder.
    """
    paths = [settings.data_dir / "server.lock"]
    if settings.database_url.startswith("sqlite"):
        paths.append(Path(f"{make_url(settings.database_url).database}.lock"))
    with ExitStack() as stack:
        for path in paths:
            _lock(stack, path, is_shared=settings.is_shareable and not alone)
        yield


def _lock(stack: ExitStack, path: Path, *, is_shared: bool) -> None:
    """Takes a lock that the operating system releases when this process ends, however it ends."""
    try:
        file = stack.enter_context(os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+"))
        running = [int(word) for word in file.read().split() if word.isdecimal() and Path(f"/proc/{word}").exists()]
        fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        whose = ", ".join(map(str, running)) or "unknown"
        raise SettingsError(
            f"Another web-messenger (process {whose}) uses {path.parent}: stop it first, or set DATA_DIR to another folder."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be locked ({error.strerror}): choose a folder on a disk that supports locks."
        ) from None
    # Only for the sentence above: the lock decides.
    file.seek(0)
    file.truncate()
    file.write(" ".join(map(str, [*running, os.getpid()] if is_shared else [os.getpid()])))
    file.flush()
