"""Decides what an upload may be: pure functions that read its headers and raise the error for the caller."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from messenger.features.media import names
from messenger.features.media.errors import FileTooLarge, FileTypeRefused, UploadVersion
from messenger.features.people.errors import UserForbidden
from messenger.kernel.errors import RequestMalformed

TUS: Final = "1.0.0"
WANTED: Final = frozenset({"photo", "video", "voice", "file"})
HEAVY_VOICE: Final = 2 * 1024 * 1024
"""Bytes of a recording that takes long to be made ready: five minutes, of what browsers record."""
HEAVY_SCAN: Final = 16 * 1024 * 1024
"""Bytes of a file whose scan for viruses takes long."""
OPEN_MAX: Final = 30
"""Uploads of one person on their way."""
TURNS_MAX: Final = 2000
PIECE: Final = 5 * 1024 * 1024
PIECE_LEAST: Final = 64 * 1024
"""Bytes of a piece at least, except the last one of a file: pieces are rows and files of their own."""
CHECKED_MAX: Final = 16 * 1024 * 1024
"""Bytes of a body with a checksum: it is one piece, which counts only as a whole."""
ALGORITHMS: Final = {"sha1": 20, "sha256": 32}
"""The bytes of a checksum by its algorithm."""
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_ID: Final = re.compile(r"[0-9]{1,16}")
_KEY: Final = re.compile(r"[!-~]{1,64}")


class UploadWish(NamedTuple):
    """An upload to begin. `client_key`: the device's own name for it, by which a repeat finds it.

    `chat_id`: where it is to be sent, if the device knows that already.
    """

    user_id: int
    size: int
    name: str
    claimed_type: str
    wanted: str
    client_key: str | None
    chat_id: int | None = None


class Terms(NamedTuple):
    """The limits of an upload: bytes of its owner's files where no administrator set others, of all people's files if
    there is such a limit, and seconds in which it may be continued.
    """

    quota: int
    total: int | None
    ttl_s: int


class Checksum(NamedTuple):
    """The checksum of a body."""

    algorithm: str
    digest: bytes


def may_see_storage(*, is_admin: bool) -> None:
    """Checks that a person is an administrator, who may see and limit what others store. Raises `UserForbidden`."""
    if not is_admin:
        raise UserForbidden


def check_version(said: str | None) -> None:
    """Checks the version of the protocol, where a client names it. Raises `UploadVersion`."""
    if said not in (None, TUS):
        raise UploadVersion


def wish_of(user_id: int, headers: Mapping[str, str]) -> UploadWish:
    """Returns the upload that the headers of a creation ask for. Raises `RequestMalformed`."""
    size = number_of(headers, "upload-length")
    said = _metadata(headers.get("upload-metadata", ""))
    wanted, key = said.get("as", "file"), said.get("key")
    if wanted not in WANTED:
        raise RequestMalformed(reason="as is photo, video, voice or file")
    if key is not None and not _KEY.fullmatch(key):
        raise RequestMalformed(reason="key has 1 to 64 visible ASCII characters")
    if "chat" in said and not _ID.fullmatch(said["chat"]):
        raise RequestMalformed(reason="chat is the id of a chat")
    chat_id = int(said["chat"]) if "chat" in said else None
    type_ = said.get("filetype", "")[:200]
    return UploadWish(user_id, size, names.clean(said.get("filename", "")), type_, wanted, key, chat_id)


def number_of(headers: Mapping[str, str], name: str) -> int:
    """Returns the number in a header. Raises `RequestMalformed`."""
    value = headers.get(name, "")
    if not _NUMBER.fullmatch(value):
        raise RequestMalformed(reason=f"{name} is a number of bytes")
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    """Returns the metadata of an upload: names with values in base64, separated by commas."""
    found: dict[str, str] = {}
    for pair in header.split(",") if header.strip() else ():
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = b64decode(value, validate=True).decode()
        except (Error, ValueError):
            raise RequestMalformed(reason="upload-metadata is names with values in base64") from None
    return found


def checksum_of(header: str | None) -> Checksum | None:
    """Returns the checksum that a header names. Raises `RequestMalformed`."""
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        digest = b64decode(value, validate=True)
    except (Error, ValueError):
        digest = b""
    if len(digest) != ALGORITHMS.get(algorithm, -1):
        raise RequestMalformed(reason=f"upload-checksum is {' or '.join(ALGORITHMS)} and a digest in base64")
    return Checksum(algorithm, digest)


def is_heavy(wanted: str, size: int, *, is_scanned: bool) -> bool:
    """Returns whether the file of an upload takes long to be made ready."""
    return wanted == "video" or (wanted == "voice" and size > HEAVY_VOICE) or (is_scanned and size > HEAVY_SCAN)


def may_upload(wish: UploadWish, most: int, refused: Collection[str]) -> None:
    """Checks the size and the kind of a file. Raises `FileTooLarge`, `FileTypeRefused`."""
    if wish.size > most:
        raise FileTooLarge(max=most)
    if names.is_refused(refused, wish.name, wish.claimed_type):
        raise FileTypeRefused
