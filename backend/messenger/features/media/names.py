"""Names of files: as people see them, as types by their first bytes, and as keys of the storage."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Final, Literal

from messenger.kernel.characters import INVISIBLE

VariantName = Literal["l", "m", "s", "play", "poster", "page"]
NAME_MAX: Final = 200
HEAD: Final = 512
"""Bytes of a file that show its type."""
UNKNOWN: Final = "application/octet-stream"
PHOTO: Final[tuple[VariantName, ...]] = ("l", "m", "s")
"""The variants of a photo, largest first."""
ENDINGS: Final = {"image/webp": "webp", "audio/mp4": "m4a", "video/mp4": "mp4"}
"""The endings of variants by their types."""
_UNSEEN: Final = re.compile(f"[{INVISIBLE}]")
_ENDING: Final = re.compile(r"\.[^.\s]{1,16}$")
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS: Final = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif", b"avis": "image/avif",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
}  # fmt: skip
"""Brands of boxes (ISO 14496-12) that are no film."""
_FILM: Final = re.compile(
    rb"iso[m2-9]|mp4[12]|mp71|avc1|hvc1|av01|M4V.|qt  |3g[2egprs].|dash|ms(dh|nv)|MSNV|mmp4|f4v |XAVC|cmf."
)
"""Brands of films. An unknown one is not taken for a film: there are pictures of cameras among them."""


def clean(name: str) -> str:
    """Returns the name under which a file is shown and saved: the last part of a path, without invisible characters and
    those that turn the direction of text, of at most `NAME_MAX` characters with its ending.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", last))
    plain = re.sub(r"\s+", " ", seen).strip().rstrip(". ")
    ending = _ENDING.search(plain)
    tail = ending[0] if ending else ""
    return plain[: NAME_MAX - len(tail)].removesuffix(tail) + tail if len(plain) > NAME_MAX else plain or "file"


def ending_of(name: str) -> str:
    """Returns the ending of a name in small letters, without the dot; empty where it has none."""
    found = _ENDING.search(name)
    return found[0][1:].casefold() if found else ""


def type_of(head: bytes) -> str:
    """Returns the type of a file by its first bytes, from our own table; everything else is `UNKNOWN`.

    Pages, scripts and drawings with scripts have no type of their own here: no browser is to run them.
    """
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or ("video/mp4" if _FILM.fullmatch(head[8:12]) else UNKNOWN)
    return next((type_ for magic, type_ in _MAGIC if head.startswith(magic)), UNKNOWN)


def is_moving(type_: str, head: bytes) -> bool:
    """Returns whether a picture may move: a GIF, or a WebP that says so in its head."""
    return type_ == "image/gif" or (type_ == "image/webp" and head[12:16] == b"VP8X" and bool(head[20] & 2))


def is_refused(refused: Collection[str], name: str, *types: str) -> bool:
    """Returns whether a file is refused by the ending of its name or by one of its types."""
    said = {ending_of(name), *(type_.partition(";")[0].strip().casefold() for type_ in types)}
    return any(one.casefold().lstrip(".") in said for one in refused)


def piece_key(upload_id: int, turn: int, n: int) -> str:
    """Returns the key of a piece of an upload. A turn writes each of its pieces once, so no key is written twice."""
    return f"uploads/{upload_id & 255:02x}/{upload_id:x}-{turn}-{n}.bin"


def original_key(file_id: int) -> str:
    """Returns the key of a file as it was uploaded."""
    return f"files/{file_id & 255:02x}/{file_id:x}-o.bin"


def variant_key(file_id: int, v: str, type_: str) -> str:
    """Returns the key of a variant of a type."""
    return f"files/{file_id & 255:02x}/{file_id:x}-{v}.{ENDINGS[type_]}"


def file_keys(file_id: int) -> list[str]:
    """Returns all keys that a file may have."""
    variants = [(v, "image/webp") for v in (*PHOTO, "poster", "page")] + [("play", "audio/mp4"), ("play", "video/mp4")]
    return [original_key(file_id), *(variant_key(file_id, v, type_) for v, type_ in variants)]


def renamed(name: str, ending: str) -> str:
    """Returns the name of a file that was made of another one: with an ending of its own."""
    return clean(f"{_ENDING.sub('', name)}.{ending}")


def piece_keys(upload_id: int, turns: int, counted: Mapping[int, int]) -> Iterator[str]:
    """Yields the keys of all pieces that an upload may have: of each turn those that were `counted`, and the one that
    may have been stored without being counted.
    """
    for turn in range(1, turns + 1):
        for n in range(counted.get(turn, 0) + 1):
            yield piece_key(upload_id, turn, n)
