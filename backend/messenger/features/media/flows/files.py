"""The flow of files on their way out: whole, or the range of bytes that a request names."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, NamedTuple

from messenger.doors.platform import Platform
from messenger.features.media import names, views
from messenger.features.media.errors import FileNotFound, RangeInvalid
from messenger.features.media.flows import budget
from messenger.kernel.errors import Unavailable
from messenger.kernel.ports.storage import saving, showing

SIGNED_S: Final = 120
"""Life (s) of a signed address: it is made at each read and never part of a message."""
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_SAFE: Final = {
    "cache-control": "private, max-age=86400, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "accept-ranges": "bytes",
}


class Answer(NamedTuple):
    """An answer with a file: its status, headers and bytes."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes] | None = None


class Readable(NamedTuple):
    """The bytes of a file that may be read: their key, type, size, entity tag, and what a browser may do with them."""

    key: str
    type: str
    size: int
    tag: str
    disposition: str


def original(row: Any) -> Readable:
    """Returns a file as it was uploaded: a download that no browser shows. Raises `FileNotFound` where all of it was
    made anew.
    """
    if not views.has_original(row):
        raise FileNotFound
    return Readable(names.original_key(row.id), row.type, row.size, f'"{row.sha256}"', saving(row.name))


def variant(row: Any, v: str) -> Readable:
    """Returns a variant of a file, which we made: a browser may show it. Raises `FileNotFound` where there is none."""
    for one in views.looks(row).get("variants", ()):
        if one.v == v:
            key = names.variant_key(row.id, v, one.type)
            return Readable(key, one.type, one.size, f'"{row.sha256}-{v}"', showing(row.name))
    raise FileNotFound


async def read(platform: Platform, readable: Readable, headers: Mapping[str, str], *, is_head: bool) -> Answer:
    """Returns the answer to a request for the bytes of a file. Raises `RangeInvalid`, `FileNotFound`, `Unavailable`."""
    key, tag = readable.key, readable.tag
    if tag in headers.get("if-none-match", ""):
        return Answer(304, _SAFE | {"etag": tag})
    if address := platform.storage.signed(key, SIGNED_S):
        return Answer(302, {"location": address, "cache-control": f"private, max-age={SIGNED_S // 2}"})
    span = None
    if headers.get("if-range", tag) == tag:
        span = span_of(headers.get("range", ""), readable.size)
    start, end = span or (0, readable.size)
    said = _SAFE | {
        "etag": tag,
        "content-type": readable.type,
        "content-disposition": readable.disposition,
        "content-length": str(end - start),
    }
    if span is not None:
        said["content-range"] = f"bytes {start}-{end - 1}/{readable.size}"
    chunks = None if is_head else await _opened(platform, key, start, end if span is not None else None)
    return Answer(206 if span is not None else 200, said, chunks)


def span_of(header: str, size: int) -> tuple[int, int] | None:
    """Returns the first byte of the one range that a request names, and the byte after its last.

    `None` for all of the file: without a range, with several, and with one that is no range of bytes. Raises
    `RangeInvalid`.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    if start >= end:
        raise RangeInvalid(size=size)
    return start, end


async def _opened(platform: Platform, key: str, start: int, end: int | None) -> AsyncIterator[bytes]:
    try:
        opened = await platform.storage.open(key, start, end)
    except FileNotFoundError:
        raise FileNotFound from None
    except OSError as error:
        raise Unavailable(retry_after_ms=1000) from error
    return _paced(platform, opened.chunks)


async def _paced(platform: Platform, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        await budget.take_out(platform, len(chunk))
        yield chunk
