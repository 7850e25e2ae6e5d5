"""The flow of films and animated pictures: a poster, and an MP4 that every browser plays."""

import asyncio
import hashlib
import logging
import os
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Any, Final, NamedTuple

from messenger.doors.platform import Platform
from messenger.features.media import names
from messenger.features.media.actions.files import Made, Shown
from messenger.features.media.errors import ImageBroken
from messenger.features.media.flows.originals import copied, once
from messenger.features.media.making import films
from messenger.features.media.making.films import Film
from messenger.features.media.wire import FileKind, Variant

log = logging.getLogger("messenger.media")
MP4: Final = "video/mp4"
WEBP: Final = "image/webp"
ANIMATE_S: Final = 20
"""Seconds for an animated picture: within its job there must be time for a photo of its first frame."""
CHUNK: Final = 256 * 1024


class Written(NamedTuple):
    """An MP4 that is stored: its size and hash."""

    size: int
    sha256: str


async def make(platform: Platform, file_id: int, name: str, original: Made) -> Made | None:
    """Makes the poster of a film that is stored, and an MP4 where browsers play what is in it, under keys that only
    depend on its id; else the original stays, as a download. Returns `None` where the original is no film.
    """
    if original.type not in films.DEMUXERS:
        return None
    async with copied(platform, file_id) as source:
        with tempfile.TemporaryFile() as target:
            try:
                made = await films.film(source, target, original.type, original.size)
            except ImageBroken:
                log.info("file %d cannot be made into a film and stays a plain file", file_id)
                return None
            if not made.is_written:
                poster = await _poster(platform, file_id, made)
                return original._replace(shown=_shown("video", name, made, [poster])._replace(has_original=True))
            digest = hashlib.sha256()
            size = await platform.storage.put(names.variant_key(file_id, "play", MP4), _chunks(target, digest))
    return await _played(platform, file_id, ("video", name), made, Written(size, digest.hexdigest()))


async def animate(platform: Platform, file_id: int, name: str, kind: str) -> Made | None:
    """Makes an MP4 and a poster of an animated picture (`gif` or `webp`). Returns `None` where it does not move,
    or takes too long.
    """
    async with copied(platform, file_id) as source:
        try:
            async with asyncio.timeout(ANIMATE_S):
                made, data = await films.moving(source, kind)
        except (ImageBroken, TimeoutError):
            return None
    await platform.storage.put(names.variant_key(file_id, "play", MP4), once(data))
    return await _played(platform, file_id, ("gif", name), made, Written(len(data), hashlib.sha256(data).hexdigest()))


async def _played(platform: Platform, file_id: int, named: tuple[FileKind, str], film: Film, written: Written) -> Made:
    """Returns what a film became whose MP4 is stored: `named`, its kind and the name of its original."""
    kind, name = named
    play = Variant("play", MP4, written.size, *film.size)
    shown = _shown(kind, names.renamed(name, "mp4"), film, [play, await _poster(platform, file_id, film)])
    return Made(MP4, written.size, written.sha256, shown)


async def _poster(platform: Platform, file_id: int, film: Film) -> Variant:
    await platform.storage.put(names.variant_key(file_id, "poster", WEBP), once(film.poster))
    return Variant("poster", WEBP, len(film.poster), *film.poster_size)


def _shown(kind: FileKind, name: str, film: Film, variants: list[Variant]) -> Shown:
    width, height = film.size
    return Shown(kind, name, variants, width, height, film.thumbhash, film.duration_ms)


async def _chunks(file: IO[bytes], digest: Any) -> AsyncIterator[bytes]:
    """Yields the bytes of an open file, and adds them to a digest."""
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    while chunk := await asyncio.to_thread(os.read, file.fileno(), CHUNK):
        await asyncio.to_thread(digest.update, chunk)
        yield chunk
