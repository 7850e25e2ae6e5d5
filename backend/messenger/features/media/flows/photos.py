"""The flow of a photo: its original becomes variants, each a file of the storage."""

import hashlib
import logging

from messenger.doors.platform import Platform
from messenger.features.media import names
from messenger.features.media.actions.files import Made, Shown
from messenger.features.media.errors import ImageBroken
from messenger.features.media.flows.originals import copied, once
from messenger.features.media.making import images
from messenger.features.media.wire import Variant

log = logging.getLogger("messenger.media")
WEBP = "image/webp"


async def make(platform: Platform, file_id: int, name: str, kind: str) -> Made | None:
    """Makes the variants of a photo whose original is stored, and stores them under keys that only depend on its id, so
    a repeat writes the same bytes again. Returns `None` where the original cannot be made into a photo.
    """
    async with copied(platform, file_id) as source:
        try:
            made = await images.photo(source, kind)
        except ImageBroken:
            log.info("file %d cannot be made into a photo and stays a plain file", file_id)
            return None
    variants: list[Variant] = []
    for v, picture in zip(images.PHOTO, made.pictures, strict=True):
        await platform.storage.put(names.variant_key(file_id, v, WEBP), once(picture.data))
        variants.append(Variant(v, WEBP, len(picture.data), picture.width, picture.height))
    largest = variants[0]
    shown = Shown("photo", names.renamed(name, "webp"), variants, largest.w, largest.h, made.thumbhash)
    return Made(largest.type, largest.size, hashlib.sha256(made.pictures[0].data).hexdigest(), shown)
