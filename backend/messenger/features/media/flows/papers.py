"""The flow of a document: a picture of its first page beside the original, which stays a download."""

import logging

from messenger.doors.platform import Platform
from messenger.features.media import names
from messenger.features.media.actions.files import Made, Shown
from messenger.features.media.errors import ImageBroken
from messenger.features.media.flows.originals import copied, once
from messenger.features.media.making import papers
from messenger.features.media.wire import Variant

log = logging.getLogger("messenger.media")
WEBP = "image/webp"


async def make(platform: Platform, file_id: int, name: str, original: Made) -> Made | None:
    """Makes a picture of the first page of a PDF that is stored, under a key that only depends on its id. Returns
    `None` where it cannot be drawn.
    """
    async with copied(platform, file_id) as source:
        try:
            made = await papers.paper(source)
        except ImageBroken:
            log.info("file %d shows no first page", file_id)
            return None
    picture = made.picture
    await platform.storage.put(names.variant_key(file_id, "page", WEBP), once(picture.data))
    variants = [Variant("page", WEBP, len(picture.data), picture.width, picture.height)]
    shown = Shown("file", name, variants, picture.width, picture.height, made.thumbhash, pages=made.pages)
    return original._replace(shown=shown._replace(has_original=True))
