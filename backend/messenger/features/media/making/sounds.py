"""Decodes recordings, and makes what every browser plays of them: AAC in MP4."""

from importlib.util import find_spec
from typing import IO, Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import children

HAS_AV: Final = find_spec("av") is not None
"""Whether the package that decodes sound and moving pictures is installed (`web-messenger[media]`)."""
LONGEST_S: Final = 900
SLACK_S: Final = 5
"""Seconds beyond the longest recording that a recorder may need to end it."""
DEMUXERS: Final = {
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/flac": "flac",
    "audio/mp4": "mp4",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "matroska",
}
"""The one demuxer that looks at a file of a type."""


class Voice(NamedTuple):
    """A recording that was made ready: AAC in MP4, its length, and the heights of its hundredths in base64."""

    data: bytes
    duration_ms: int
    peaks: str


class Probe(msgspec.Struct):
    """What a decoder of sound says of itself."""

    is_filtered: bool
    has_aac: bool


class _Facts(msgspec.Struct):
    """The first block of the decoder's output."""

    duration_ms: Annotated[int, Meta(ge=0, le=(LONGEST_S + SLACK_S) * 1000)]
    peaks: Annotated[str, Meta(pattern="^[A-Za-z0-9+/]{134}==$")]


async def voice(source: IO[bytes], type_: str) -> Voice:
    """Returns a recording made ready, of an open file of a type in `DEMUXERS`. Raises `ImageBroken`."""
    ended = await children.run_twice("sound", source, DEMUXERS[type_], str(LONGEST_S + SLACK_S))
    if ended.status or len(ended.blocks) != 2:
        raise ImageBroken
    facts, data = children.said(ended.blocks[0], _Facts), ended.blocks[1]
    if data[4:8] != b"ftyp":
        raise ImageBroken
    return Voice(data, facts.duration_ms, facts.peaks)


async def probe() -> Probe:
    """Returns what a decoder of sound on this machine says of itself. Raises `ImageBroken` where none runs."""
    return await children.probe("sound", Probe)
