"""Decodes documents: a picture of the first page of a PDF."""

from importlib.util import find_spec
from typing import IO, Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import children
from messenger.features.media.making.images import Picture

TYPE: Final = "application/pdf"
HAS_PDF: Final = find_spec("pypdfium2") is not None
"""Whether the package that draws PDF is installed (`web-messenger[media]`)."""
LONGER: Final = 800
"""The pixels of the longer side of the picture."""
PAGES_MAX: Final = 1_000_000
Side = Annotated[int, Meta(ge=1, le=LONGER + 1)]
_WEBP: Final = (b"RIFF", b"WEBP")


class Paper(NamedTuple):
    """A PDF: how many pages it has, and a picture of the first with its ThumbHash."""

    pages: int
    picture: Picture
    thumbhash: str


class Probe(msgspec.Struct):
    """What a decoder of PDF says of itself."""

    is_filtered: bool


class _Facts(msgspec.Struct):
    """The first block of the decoder's output."""

    pages: Annotated[int, Meta(ge=1, le=PAGES_MAX)]
    size: tuple[Side, Side]
    thumbhash: Annotated[str, Meta(max_length=64)]


async def paper(source: IO[bytes]) -> Paper:
    """Returns what an open PDF shows. Raises `ImageBroken`, also where it needs a password."""
    ended = await children.run_twice("paper", source, str(LONGER))
    if ended.status or len(ended.blocks) != 2:
        raise ImageBroken
    facts, data = children.said(ended.blocks[0], _Facts), ended.blocks[1]
    if (data[:4], data[8:12]) != _WEBP:
        raise ImageBroken
    return Paper(facts.pages, Picture(data, *facts.size), facts.thumbhash)


async def probe() -> Probe:
    """Returns what a decoder of PDF on this machine says of itself. Raises `ImageBroken` where none runs."""
    return await children.probe("paper", Probe)
