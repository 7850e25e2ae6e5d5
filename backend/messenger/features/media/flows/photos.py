"""The flow of a photo: its original becomes variants, each a file of the storage."""

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import AsyncIterator

from messenger.doors.platform import Platform
from messenger.features.media import images, names
from messenger.features.media.actions.files import Made, Photo
from messenger.features.media.errors import ImageBroken
from messenger.features.media.wire import Variant
from messenger.kernel.ports.storage import type_of

log = logging.getLogger("messenger.media")


async def make(platform: Platform, file_id: int, name: str, kind: str) -> Made | None:
    """Makes the variants of a photo whose original is stored, and stores them under keys that only depend on its id, so
    a repeat writes the same bytes again. Returns `None` where the original cannot be made into a photo.
    """
    opened = await platform.storage.open(names.original_key(file_id))
    # The decoder reads it from a file without a name: it sees no folder of ours, and the server keeps no large bytes.
    with tempfile.TemporaryFile() as source:
        async for chunk in opened.chunks:
            await asyncio.to_thread(source.write, chunk)
        try:
            made = await images.photo(source, kind)
        except ImageBroken:
            log.info("file %d cannot be made into a photo and stays a plain file", file_id)
            return None
    variants: list[Variant] = []
    for v, picture in zip(images.PHOTO, made.pictures, strict=True):
        key = names.variant_key(file_id, v)
        await platform.storage.put(key, once(picture.data))
        variants.append(Variant(v, type_of(key), len(picture.data), picture.width, picture.height))
    largest = variants[0]
    photo = Photo(names.renamed(name, "webp"), largest.w, largest.h, made.thumbhash, variants)
    return Made(largest.type, largest.size, hashlib.sha256(made.pictures[0].data).hexdigest(), photo)


async def once(data: bytes) -> AsyncIterator[bytes]:
    """Yields bytes at once, for the storage."""
    yield data
