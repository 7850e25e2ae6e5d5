"""The views and events of avatars, uploads and files."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.features.chats.wire import ChatKind
from messenger.features.media.names import VariantName
from messenger.features.people.wire import UserRead
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage

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
    length, the heights of the hundredths of a recording (100 bytes in base64, the loudest is 255), the number of its
    pages, its variants.
    """

    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    thumbhash: str | UnsetType = UNSET
    duration_ms: int | UnsetType = UNSET
    peaks: str | UnsetType = UNSET
    pages: int | UnsetType = UNSET
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


class DiskView(msgspec.Struct):
    """The size of the disk of files, what is free of it, and what uploads leave free (bytes)."""

    total: int
    free: int
    reserve: int


class KindStorage(msgspec.Struct):
    """How many files of a kind there are, and their bytes."""

    kind: FileKind
    files: int
    used: int


class StorageView(msgspec.Struct):
    """The bytes of my files, of my uploads on their way, and how many both may be; and of which kinds they are."""

    used: int
    reserved: int
    quota: int
    kinds: list[KindStorage]


class DayStorage(msgspec.Struct):
    """The bytes of files that became ready, and of those that were deleted, on a day (UTC)."""

    day: str
    added: int
    removed: int


class ServerStorage(msgspec.Struct):
    """The bytes of all people's files and uploads, how many both may be (`total`, `null`: unlimited), the `quota` of
    a person for whom none was set, the kinds, and the last thirty days.
    """

    used: int
    reserved: int
    total: int | None
    quota: int
    kinds: list[KindStorage]
    days: list[DayStorage]
    disk: DiskView | None = None


class UserStorage(msgspec.Struct):
    """The bytes of a person's files and uploads, how many both may be, and whether that is the quota of all."""

    user: UserRead
    used: int
    reserved: int
    quota: int
    is_default: bool


class UserStorageList(msgspec.Struct):
    """A page of people, most bytes first."""

    items: list[UserStorage]
    page: CursorPage


class ChatStorage(msgspec.Struct):
    """The files in the messages of a chat, and their bytes."""

    chat_id: int
    kind: ChatKind
    member_count: int
    files: int
    used: int


class ChatStorageList(msgspec.Struct):
    """A page of chats, most bytes first."""

    items: list[ChatStorage]
    page: CursorPage


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
