"""The views, bodies of hot doors, frames and events of messages."""

from enum import IntFlag
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.features.media.wire import Alt, FileWish, MessageFiles, SentFile
from messenger.features.messages.text import Entity
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage
from messenger.kernel.parts import Part, Parts

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Cmid = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", max_length=36)]
Mentions = Annotated[list[Number], Meta(max_length=20)]
FILES_MAX: Final = 10
"""Files of one message."""
Files = Annotated[list[FileWish], Meta(max_length=FILES_MAX)]
Alts = Annotated[list[Alt], Meta(max_length=FILES_MAX)]
Seqs = Annotated[list[Number], Meta(min_length=1, max_length=100)]
Body = Annotated[str, Meta(max_length=64_000)]
"""The characters a request may hold; the limit of a message is `message_max_chars`."""


Kind = Literal["text", "service"]


class Has(IntFlag):
    """Bits for the data that houses above keep of a message.

    A needless bit costs a query, a missing one hides data. 2 is for replies.
    """

    REACTIONS = 1
    POLL = 4
    PIN = 8
    FILES = 16
    PREVIEW = 32
    BOOKMARK = 64
    HIDDEN = 128
    LISTENED = 256
    LINK = 512


class Service(msgspec.Struct):
    """The content of a server-made message: who (`user_ids`) and, for names, the new name."""

    action: Literal[
        "chat.created", "chat.renamed", "avatar.changed", "avatar.removed",
        "member.joined", "member.left", "member.removed",
    ]  # fmt: skip
    user_ids: list[int]
    name: str | None = None


class MessageView(msgspec.Struct, kw_only=True):
    """A message; a deleted one keeps its place without a text. `client_msg_id` is for its author only."""

    chat_id: int
    seq: int
    kind: Kind
    sender_id: int
    text: str
    entities: list[Entity]
    service: Service | None
    sent_at: str
    rev: int
    edited_at: str | None
    deleted_at: str | None
    deleted_by: int | None
    reply_to: int | None
    client_msg_id: str | UnsetType = UNSET
    parts: Parts | UnsetType = UNSET


class MessageTold(MessageView, kw_only=True):
    """A message in an event: also the ids of the users whom it mentions from here on, and of those it no longer does.

    They stay when the text is deleted, so that a device that never saw the message counts right.
    """

    mentions_added: list[int] | UnsetType = UNSET
    mentions_removed: list[int] | UnsetType = UNSET


class MessagePage(msgspec.Struct):
    """Cursors of the history in both directions, and the last change that the page holds."""

    has_before: bool
    has_after: bool
    before: int | None
    after: int | None
    at_ev: int


class MessageList(msgspec.Struct):
    """A page of history by rising seq."""

    items: list[MessageView]
    page: MessagePage


class MentionPage(msgspec.Struct):
    """Whether there are later mentions than those of this page, and the last change that it holds."""

    has_after: bool
    at_ev: int


class MentionList(msgspec.Struct):
    """The seqs of messages that mention me, rising."""

    items: list[int]
    page: MentionPage


class ChatFile(msgspec.Struct):
    """A file in a chat: the message that holds it, and its place there."""

    chat_id: int
    seq: int
    place: int
    sender_id: int
    sent_at: str
    file: SentFile


class ChatFileList(msgspec.Struct):
    """Files of one kind in a chat, newest first."""

    items: list[ChatFile]
    page: CursorPage


class LinkList(msgspec.Struct):
    """Messages that link to the web, newest first."""

    items: list[MessageView]
    page: CursorPage


class VersionView(msgspec.Struct):
    """The text of a message at one of its revs."""

    rev: int
    text: str
    entities: list[Entity]
    at: str


class VersionList(msgspec.Struct):
    """A page of the versions of a message, oldest first."""

    items: list[VersionView]
    page: CursorPage


class SendBody(msgspec.Struct):
    """The body of a send over HTTP. With files the text may be empty."""

    text: Body
    client_msg_id: Cmid | None = None
    reply_to: Number | None = None
    mentions: Mentions = []
    files: Files = []


class EditBody(msgspec.Struct):
    """The body of an edit over HTTP. What is missing stays; `alts`: of each file in its order what it shows."""

    text: Body | None = None
    mentions: Mentions = []
    alts: Alts | None = None


class SendFrame(msgspec.Struct):
    """The data of `message.send`."""

    chat_id: Number
    text: Body
    client_msg_id: Cmid
    reply_to: Number | None = None
    mentions: Mentions = []
    files: Files = []


class EditFrame(msgspec.Struct):
    """The data of `message.edit`, see `EditBody`."""

    chat_id: Number
    seq: Number
    text: Body | None = None
    mentions: Mentions = []
    rev: Number | None = None
    alts: Alts | None = None


class DeleteFrame(msgspec.Struct):
    """The data of `message.delete`."""

    chat_id: Number
    seq: Number


class DeleteManyBody(msgspec.Struct):
    """The body of a deletion of several messages over HTTP."""

    seqs: Seqs


class DeleteManyFrame(msgspec.Struct):
    """The data of `messages.delete`."""

    chat_id: Number
    seqs: Seqs


class Refusal(msgspec.Struct):
    """A message that was not deleted, and the code of the error."""

    seq: int
    code: str


class Deletions(msgspec.Struct):
    """The results of a request to delete messages."""

    deleted: list[int]
    refused: list[Refusal]


class MessagesDeletedData(msgspec.Struct):
    """Messages that `by` deleted at once, by rising seq, as they are now."""

    chat_id: int
    items: list[MessageTold]
    by: int


class MessagesGoneData(msgspec.Struct):
    """Messages that were deleted, one or many."""

    chat_id: int
    seqs: list[int]


FILES: Final = Part("files", MessageView, MessageFiles)
MessagesGone = Event("", MessagesGoneData)
"""For houses that keep data of messages: they delete it with the text, in the same commit."""
MessageCreated: Final[Event[MessageView]] = Event("message.created", MessageTold, ("chat",))
MessageEdited: Final[Event[MessageView]] = Event("message.edited", MessageTold, ("chat",))
MessageDeleted: Final[Event[MessageView]] = Event("message.deleted", MessageTold, ("chat",))
MessagesDeleted = Event("messages.deleted", MessagesDeletedData, ("chat",))
