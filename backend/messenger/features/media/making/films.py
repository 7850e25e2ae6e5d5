"""Decodes films and animated pictures: posters, and MP4 that every browser plays."""

from typing import IO, Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import children
from messenger.features.media.making.children import Into

DEMUXERS: Final = {"video/mp4": "mp4", "video/webm": "matroska"}
"""The one demuxer that looks at a film of a type."""
GROWTH: Final = 1.2
"""Times the bytes of a film that its copy may have."""
SLACK: Final = 65_536
"""Bytes beyond that, for the index of a small one."""
Side = Annotated[int, Meta(ge=1, le=65_536)]
_WEBP: Final = (b"RIFF", b"WEBP")


class Film(NamedTuple):
    """A film: the size in which it is shown (px), its length, its poster as WebP with its size and ThumbHash.

    `is_written`: there is an MP4 of it that every browser plays.
    """

    size: tuple[int, int]
    duration_ms: int
    poster: bytes
    poster_size: tuple[int, int]
    thumbhash: str
    is_written: bool


class _Facts(msgspec.Struct):
    """The first block of the decoder's output."""

    size: tuple[Side, Side]
    poster: tuple[Side, Side]
    duration_ms: Annotated[int, Meta(ge=0, le=10**10)]
    is_written: bool
    thumbhash: Annotated[str, Meta(max_length=64)]


async def film(source: IO[bytes], target: IO[bytes], type_: str, size: int) -> Film:
    """Returns a film of a type in `DEMUXERS` and of so many bytes; writes its MP4 into `target`, an empty open file.

    Raises `ImageBroken`.
    """
    into = Into(target, int(size * GROWTH) + SLACK)
    ended = await children.run_twice("film", source, "film", DEMUXERS[type_], into=into)
    return _film(ended, 2)


async def moving(source: IO[bytes], kind: str) -> tuple[Film, bytes]:
    """Returns an animated picture (`gif` or `webp`), and its MP4. Raises `ImageBroken`, also where it does not move."""
    ended = await children.run_twice("film", source, "gif", kind)
    made = _film(ended, 3)
    if ended.blocks[2][4:8] != b"ftyp":
        raise ImageBroken
    return made, ended.blocks[2]


def _film(ended: children.Ended, blocks: int) -> Film:
    if ended.status or len(ended.blocks) != blocks:
        raise ImageBroken
    facts, poster = children.said(ended.blocks[0], _Facts), ended.blocks[1]
    if (poster[:4], poster[8:12]) != _WEBP:
        raise ImageBroken
    return Film(facts.size, facts.duration_ms, poster, facts.poster, facts.thumbhash, facts.is_written)
