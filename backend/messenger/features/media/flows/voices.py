"""The flow of a recording: it becomes what every browser plays."""

import hashlib
import logging

from messenger.doors.platform import Platform
from messenger.features.media import names
from messenger.features.media.actions.files import Made, Shown
from messenger.features.media.errors import ImageBroken
from messenger.features.media.flows.originals import copied, once
from messenger.features.media.making import sounds
from messenger.features.media.wire import Variant

log = logging.getLogger("messenger.media")
TYPE = "audio/mp4"


async def make(platform: Platform, file_id: int, name: str, original: Made) -> Made | None:
    """Makes a voice message of a recording that is stored, under a key that only depends on its id. Returns `None`
    where the original is no recording.

    Without the package that decodes sound it goes out as it was recorded.
    """
    if original.type not in sounds.DEMUXERS:
        return None
    if not sounds.HAS_AV:
        return original._replace(shown=Shown("voice", name, [], has_original=True))
    async with copied(platform, file_id) as source:
        try:
            made = await sounds.voice(source, original.type)
        except ImageBroken:
            log.info("file %d cannot be made into a voice message and stays a plain file", file_id)
            return None
    await platform.storage.put(names.variant_key(file_id, "play", TYPE), once(made.data))
    variants = [Variant("play", TYPE, len(made.data), 0, 0)]
    shown = Shown("voice", names.renamed(name, "m4a"), variants, duration_ms=made.duration_ms, peaks=made.peaks)
    return Made(TYPE, len(made.data), hashlib.sha256(made.data).hexdigest(), shown)
