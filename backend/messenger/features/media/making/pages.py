"""Reads what pages of strangers say of themselves."""

import asyncio
import re
import tempfile
import unicodedata
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import children
from messenger.kernel.characters import INVISIBLE, clip_marks

BYTES_MAX: Final = 512 * 1024
"""Bytes of a page that are read: what it says of itself is at its beginning."""
TITLE_MAX: Final = 200
SITE_MAX: Final = 80
SUMMARY_MAX: Final = 400
Said = dict[str, Annotated[str, Meta(max_length=4_000)]]
_UNSEEN: Final = re.compile(f"[{INVISIBLE}]")


class Page(msgspec.Struct):
    """What a page says of itself: clean words, empty where it says nothing, and the address of its picture."""

    title: str = ""
    site: str = ""
    summary: str = ""
    picture: str = ""


async def read(data: bytes, type_: str) -> Page:
    """Returns what a page says of itself; `type_` is its `Content-Type`. Raises `ImageBroken` if it cannot be read."""
    with tempfile.TemporaryFile() as source:
        await asyncio.to_thread(source.write, data)
        ended = await children.run("page", source, type_[:200].encode("ascii", "replace").decode())
    if ended.status or len(ended.blocks) != 1:
        raise ImageBroken
    said = children.said(ended.blocks[0], Said)

    def first(*names: str) -> str:
        return next((value for name in names if (value := said.get(name))), "")

    title = _clean(first("og:title", "twitter:title", "title"), TITLE_MAX)
    summary = _clean(first("og:description", "twitter:description", "description"), SUMMARY_MAX)
    site = _clean(first("og:site_name", "application-name"), SITE_MAX)
    picture = first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    return Page(title, site, "" if summary == title else summary, picture)


def _clean(text: str, most: int) -> str:
    """Returns a text in one line, without invisible characters and those that turn the direction of text."""
    seen = clip_marks(_UNSEEN.sub("", re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)))).strip()
    return seen if len(seen) <= most else seen[: most - 1].rstrip() + "…"
