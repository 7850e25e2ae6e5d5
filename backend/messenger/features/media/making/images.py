"""Decodes images."""

import asyncio
import tempfile
from importlib.util import find_spec
from typing import IO, Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from messenger.features.media import names
from messenger.features.media.decoder import LARGE_STATUS
from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import children

BYTES_MAX: Final = 8 * 1024 * 1024
LARGE: Final = 25_000_000
"""Pixels above which an image is decoded alone: it takes most of the memory that all of them may have."""
PHOTO: Final = dict(zip(names.PHOTO, (2048, 960, 320), strict=True))
"""The pixels of the longer side of a photo's variants."""
KINDS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
"""The types of images that everyone may send, as the decoder names them."""
HAS_HEIC: Final = find_spec("pi_heif") is not None
"""Whether the package that decodes HEIC is installed (`web-messenger[media]`)."""
Pixels = Annotated[int, Meta(ge=1, le=PHOTO["l"])]
_WEBP: Final = (b"RIFF", b"WEBP")


class Picture(NamedTuple):
    """A picture that the decoder made: WebP, and its size (px)."""

    data: bytes
    width: int
    height: int


class Made(NamedTuple):
    """What the decoder made of an image: the pictures in the order in which they were wanted, and its ThumbHash."""

    pictures: list[Picture]
    thumbhash: str


class Probe(msgspec.Struct):
    """What a decoder says of itself."""

    is_filtered: bool
    has_heic: bool


class _Facts(msgspec.Struct):
    """The first block of the decoder's output."""

    thumbhash: Annotated[str, Meta(max_length=64)]
    sizes: list[tuple[Pixels, Pixels]]


def kind_of(head: bytes) -> str | None:
    """Returns `jpg`, `png`, `gif` or `webp` by a file's first 12 bytes."""
    return KINDS.get(names.type_of(head))


def photo_kind(type_: str) -> str | None:
    """Returns the decoder's name of a type of which photos are made here; `None` for every other type."""
    if type_ == "image/heic":
        return "heic" if HAS_HEIC else None
    return KINDS.get(type_)


async def squares(data: bytes, kind: str, sizes: tuple[int, ...]) -> list[bytes]:
    """Returns the middle of an image as WebP squares of these sizes (px), without metadata. Raises `ImageBroken`."""
    with tempfile.TemporaryFile() as source:
        await asyncio.to_thread(source.write, data)
        made = await _make(source, kind, "square", sizes)
    return [picture.data for picture in made.pictures]


async def reduced(data: bytes, kind: str, size: int) -> Made:
    """Returns an image whose longer side has at most `size` px, without metadata. Raises `ImageBroken`."""
    with tempfile.TemporaryFile() as source:
        await asyncio.to_thread(source.write, data)
        return await _make(source, kind, "whole", (size,))


async def photo(source: IO[bytes], kind: str) -> Made:
    """Returns the variants of a photo, in the order of `PHOTO`, of an open file. Raises `ImageBroken`."""
    return await _make(source, kind, "whole", tuple(PHOTO.values()))


async def probe() -> Probe:
    """Returns what a decoder on this machine says of itself. Raises `ImageBroken` where none runs."""
    return await children.probe("program", Probe)


async def _make(source: IO[bytes], kind: str, shape: str, sizes: tuple[int, ...]) -> Made:
    """Makes pictures of an image. A large one is decoded alone, as only the decoder sees how many pixels it has, and so
    is one whose decoder was killed, which says nothing about the image.
    """
    wanted = [str(size) for size in sizes]
    ended = await children.run("program", source, kind, shape, str(LARGE), *wanted)
    if ended.status in (LARGE_STATUS, children.KILLED):
        ended = await children.run_alone("program", source, kind, shape, str(2 * LARGE), *wanted)
    if ended.status or len(ended.blocks) != len(sizes) + 1:
        raise ImageBroken
    facts, pictures = children.said(ended.blocks[0], _Facts), ended.blocks[1:]
    if len(facts.sizes) != len(sizes) or any((one[:4], one[8:12]) != _WEBP for one in pictures):
        raise ImageBroken
    made = [Picture(one, *size) for one, size in zip(pictures, facts.sizes, strict=True)]
    return Made(made, facts.thumbhash)
