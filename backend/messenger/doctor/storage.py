"""Checks the storage of files: one is written, read again and deleted."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

from messenger.assembly.drivers.choice import make_storage
from messenger.assembly.variables import sections_of
from messenger.doctor.check import Finding, failed, ok, warning, why
from messenger.features.media.settings import MediaSettings
from messenger.kernel import clock
from messenger.kernel.ports.storage import Storage
from messenger.settings import Settings

OLD_MS: Final = 2 * 86_400_000
"""Age from which on an unfinished multipart upload belongs to a server that was killed."""


def check(settings: Settings) -> Finding:
    """Returns the finding of the folder or bucket in `STORAGE_URL`."""
    is_bucket = settings.storage.startswith("s3")
    name = "bucket" if is_bucket else "folder of files"
    if not is_bucket and not Path(settings.storage.removeprefix("file://")).is_dir():
        return failed(f"There is no {name} yet ({settings.storage}).", "Start the server, which creates it.")
    try:
        unfinished = asyncio.run(_round_trip(make_storage(settings)))
    except OSError as error:
        return failed(
            f"The {name} in STORAGE_URL cannot be used: {why(error)}.",
            "Check whether the S3 server runs, and whether STORAGE_URL names its address, key, secret and bucket."
            if is_bucket
            else "Give this user the right to write there, and check that its disk is not full.",
        )
    if finding := _judged(unfinished) if is_bucket else _reserve(settings):
        return finding
    return ok(f"The {name} can write, read and delete files.")


def _reserve(settings: Settings) -> Finding | None:
    """Returns a warning where the disk of files is so full that uploads are refused."""
    media = sections_of(settings)[MediaSettings]
    assert isinstance(media, MediaSettings)
    usage = shutil.disk_usage(settings.storage.removeprefix("file://"))
    if usage.free >= media.reserve_of(usage.total):
        return None
    free = f"{usage.free / 1024**3:.1f} GiB are free on the disk of files"
    return warning(f"{free}: uploads are refused.", "Make room, or lower DISK_RESERVE.")


def _judged(unfinished: Sequence[int]) -> Finding | None:
    """Returns a warning where multipart uploads to a bucket were begun long ago and never ended."""
    old = [one for one in unfinished if one < clock.now_ms() - OLD_MS]
    if not old:
        return None
    return warning(
        f"The bucket keeps the parts of {len(old)} multipart uploads that never ended; no listing of files shows them.",
        "Let a rule of the bucket end unfinished multipart uploads after two days.",
    )


async def _round_trip(storage: Storage) -> Sequence[int]:
    """Writes, reads and deletes a file; returns since when parts of others are kept. Raises `OSError`."""
    written, key = secrets.token_bytes(1024), f"doctor/{secrets.token_hex(8)}.bin"
    await storage.start()
    await storage.put(key, _once(written))
    try:
        opened = await storage.open(key)
        read = b"".join([chunk async for chunk in opened.chunks])
    finally:
        await storage.delete([key])
    if read != written:
        raise OSError("what was read is not what was written")
    try:
        await storage.stat(key)
    except FileNotFoundError:
        return await storage.unfinished()
    raise OSError("what was deleted is still there")


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
