"""The views and events of avatars, uploads and files."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.features.media.names import VariantName
from messenger.kernel.events import Event

FileKind = Literal["file", "photo", "gif", "video", "voice"]
ListKind = Literal["media", "file", "voice", "audio"]
"""The lists of a chat's files: `media` are pictures, still or moving; `audio` is sound that is no voice message."""
Alt = Annotated[str, Meta(max_length=1024)]
UploadState = Literal["open", "full", "done", "failed"]


class AvatarAccepted(msgspec.Struct):
    """The key that `avatar` will have when the image is ready."""

    avatar: str


class AvatarFailedData(msgspec.Struct):
    """An uploaded image could not be used; the avatar is unchanged."""

    avatar: str
    kind: Literal["user", "chat"]
    id: int
    code: str


class Variant(msgspec.Struct):
    """A variant of a file: its name, type, size in bytes, width and height (px; of sound 0)."""

    v: VariantName
    type: str
    size: int
    w: int
    h: int


class Looks(msgspec.Struct, kw_only=True):
    """How a file looks and sounds: the width and height (px) of its largest variant, its ThumbHash in base64, its
    length, the heights of the hundredths of a recording (100 bytes in base64, the loudest is 255), its variants.
    """

    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    thumbhash: str | UnsetType = UNSET
    duration_ms: int | UnsetType = UNSET
    peaks: str | UnsetType = UNSET
    variants: list[Variant] | UnsetType = UNSET


class FileView(Looks):
    """A file: its name, its type by its first bytes, its size in bytes; where it was made anew, those of its largest
    variant.
    """

    id: int
    kind: FileKind
    name: str
    type: str
    size: int


class SentFile(FileView):
    """A file in a message; `alt` says in words what it shows."""

    alt: str = ""


class MessageFiles(msgspec.Struct):
    """The files of a message, in their order."""

    items: list[SentFile]


class FileWish(msgspec.Struct, frozen=True):
    """A file to send: one that is ready, mine or in a chat of mine."""

    id: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    alt: Alt = ""


class UploadView(msgspec.Struct):
    """An upload: how many bytes were taken, and the file once it is ready.

    `error`: why it failed, as the code of an error.
    """

    state: UploadState
    taken: int
    error: str | None
    file: FileView | None


class StorageView(msgspec.Struct):
    """The bytes of my files, of my uploads on their way, and how many both may be."""

    used: int
    reserved: int
    quota: int


class FileReadyData(Looks):
    """An upload became a file, which can be sent."""

    upload_id: int
    file_id: int


class FileFailedData(msgspec.Struct):
    """An upload cannot become a file; `code` says why."""

    upload_id: int
    code: str


AvatarFailed = Event("avatar.failed", AvatarFailedData, ("user",))
FileReady = Event("file.ready", FileReadyData, ("user",))
FileFailed = Event("file.failed", FileFailedData, ("user",))
