"""The background jobs of media: avatars and uploads become ready, unused bytes are deleted."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from typing import Any, Final

from messenger.doors.platform import Platform
from messenger.features.media import names
from messenger.features.media.actions import avatars, files, strays, uploads
from messenger.features.media.actions.avatars import Files, Make
from messenger.features.media.actions.files import Collect, Made, Taking
from messenger.features.media.actions.strays import Sweep
from messenger.features.media.actions.uploads import Expire, Take
from messenger.features.media.errors import FileTypeRefused, ImageBroken, UploadExpired
from messenger.features.media.flows import films, papers, photos, scans, voices
from messenger.features.media.flows.originals import once
from messenger.features.media.flows.scans import Judged, ScannerAway
from messenger.features.media.flows.uploads import FULL
from messenger.features.media.making import images, sounds
from messenger.features.media.making import papers as making
from messenger.features.media.settings import MediaSettings
from messenger.kernel import clock, codec
from messenger.kernel.errors import AppError

log = logging.getLogger("messenger.media")

SWEEP_S: Final = 10.0
"""Seconds of one run of a sweep; the next run goes on."""
SLICE: Final = 1000
AGAIN_MS: Final = 60_000
"""Time after which an upload is looked at again that found no room on the disk, or no scanner."""


async def make_avatar(platform: Platform, payload: bytes) -> None:
    """Decodes an original into its sizes; a repeat writes the same files again and changes nothing twice."""
    make = codec.decode(payload, Make)
    try:
        await _make(platform, make)
    except AppError as error:
        await platform.db.write(avatars.refuse, make, error)
    await platform.storage.delete([make.original])


async def _make(platform: Platform, make: Make) -> None:
    try:
        opened = await platform.storage.open(make.original)
        data = b"".join([chunk async for chunk in opened.chunks])
    except FileNotFoundError:  # another run of this job has ended, maybe while this one reads
        raise ImageBroken from None
    squares = await images.squares(data, make.original.rpartition(".")[2], avatars.SIZES)
    keys = avatars.keys_of(make.avatar)
    for key, square in zip(keys, squares, strict=True):
        await platform.storage.put(key, once(square))
    try:
        is_shown = await platform.db.write(avatars.take, make)
    except AppError:
        await platform.storage.delete(keys)
        raise
    if not is_shown:
        await platform.storage.delete(keys)


async def take(platform: Platform, payload: bytes) -> None:
    """Makes a file of an upload whose bytes are all there; a repeat writes the same file again, and one row.

    Where the disk has no room, or the scanner of viruses does not answer, the upload waits as it is.
    """
    upload_id = codec.decode(payload, Take).upload_id
    taking = await platform.db.read(files.taking, upload_id)
    if taking is None:
        return
    try:
        await _take(platform, upload_id, taking)
        return
    except ScannerAway as error:
        log.warning("the scanner of viruses does not answer (%s): upload %d waits", error, upload_id)
    except OSError as error:
        if error.errno not in FULL:
            raise
        log.warning("the disk of files is full: upload %d waits", upload_id)
    await platform.db.write(uploads.put_off, upload_id, AGAIN_MS, is_scanned=platform.scan is not None)


async def _take(platform: Platform, upload_id: int, taking: Taking) -> None:
    row, settings = taking.upload, platform.of(MediaSettings)
    key = names.original_key(row.file_id)
    try:
        await platform.storage.join(key, taking.pieces, row.name)
    except FileNotFoundError:  # the bytes are lost: only the sender has them
        await platform.db.write(uploads.refuse, upload_id, UploadExpired.code)
        return
    made, head, judged = await _look(platform, key)
    if judged.code:
        await platform.db.write(uploads.refuse, upload_id, judged.code, judged.found)
        return
    if names.is_refused(settings.files_refused, row.name, row.claimed_type, made.type):
        await platform.db.write(uploads.refuse, upload_id, FileTypeRefused.code)
        return
    await platform.db.write(files.finish, upload_id, await _made_anew(platform, row, made, head) or made)


async def _made_anew(platform: Platform, row: Any, made: Made, head: bytes) -> Made | None:
    """Returns what an original becomes, by the wish of its sender; `None` where it stays a plain file."""
    if row.wanted == "photo" and (kind := images.photo_kind(made.type)) is not None:
        is_moving = sounds.HAS_AV and names.is_moving(made.type, head)
        moving = await films.animate(platform, row.file_id, row.name, kind) if is_moving else None
        return moving or await photos.make(platform, row.file_id, row.name, kind)
    if row.wanted == "voice":
        return await voices.make(platform, row.file_id, row.name, made)
    if row.wanted == "video" and sounds.HAS_AV:
        return await films.make(platform, row.file_id, row.name, made)
    if row.wanted == "file" and made.type == making.TYPE and making.HAS_PDF:
        return await papers.make(platform, row.file_id, row.name, made)
    return None


async def _look(platform: Platform, key: str) -> tuple[Made, bytes, Judged]:
    """Returns what the bytes of a file say: their type, size and hash; the first of them; and what the scanner said.

    Raises `ScannerAway`.
    """
    opened = await platform.storage.open(key)
    digest, head = hashlib.sha256(), b""

    async def passing() -> AsyncIterator[bytes]:
        nonlocal head
        async for chunk in opened.chunks:
            if len(head) < names.HEAD:
                head = (head + chunk)[: names.HEAD]
            await asyncio.to_thread(digest.update, chunk)
            yield chunk

    judged = await scans.judge(platform, passing(), opened.size)
    return Made(names.type_of(head), opened.size, digest.hexdigest()), head, judged


async def expire(platform: Platform, payload: bytes) -> None:
    """Ends an upload that was not continued in time."""
    await platform.db.write(uploads.expire, codec.decode(payload, Expire))


async def collect(platform: Platform, payload: bytes) -> None:
    """Deletes a file that no message holds any more."""
    keep_ms = platform.of(MediaSettings).files_keep * 1000
    await platform.db.write(files.collect, codec.decode(payload, Collect), keep_ms)


async def sweep(platform: Platform, payload: bytes) -> None:
    """Looks through the storage for files that belong to nothing, and deletes those that did so a day ago."""
    swept = codec.decode(payload, Sweep)
    until = asyncio.get_running_loop().time() + SWEEP_S
    after = swept.after
    while found := await platform.storage.survey(after, SLICE):
        old = [one.key for one in found if one.at < clock.now_ms() - strays.OLD_MS]
        gone = await platform.db.write(strays.judge, old) if old else []
        if gone:
            log.warning("the sweep deletes %d files of the storage that belong to nothing", len(gone))
            await platform.storage.delete(gone)
        after = found[-1].key
        if asyncio.get_running_loop().time() > until:
            await platform.db.write(strays.go_on, Sweep(swept.day, after))
            return


async def delete_files(platform: Platform, payload: bytes) -> None:
    """Deletes files."""
    await platform.storage.delete(codec.decode(payload, Files).keys)
