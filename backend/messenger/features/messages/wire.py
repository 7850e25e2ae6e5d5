"""What travels about messages: views, bodies of hot doors, frames, events."""

from enum import IntFlag
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.features.messages.text import Entity
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage
from messenger.kernel.parts import Parts

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Cmid = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", max_length=36)]
Mentions = Annotated[list[Number], Meta(max_length=20)]
Seqs = Annotated[list[Number], Meta(min_length=1, max_length=100)]
Body = Annotated[str, Meta(max_length=64_000)]
"""The characters a request may hold; the limit of a message is `message_max_chars`."""


Kind = Literal["text", "service"]


class Has(IntFlag):
    """What houses above keep of a message. A bit too many costs a look, one too few hides what is there. 2 is for replies."""

    REACTIONS = 1
    POLL = 4
    PIN = 8
    FILES = 16
    PREVIEW = 32
    BOOKMARK = 64
    HIDDEN = 128


class Service(msgspec.Struct):
    """What a server-made message says: who (`user_ids`) and, for names, what."""

    action: Literal[
        "chat.created", "chat.renamed", "avatar.changed", "avatar.removed",
        "member.joined", "member.left", "member.removed",
    ]  # fmt: skip
    user_ids: list[int]
    name: str | None = None


class MessageView(msgspec.Struct, kw_only=True):
    """A message; a deleted one keeps its place without words. `client_msg_id` is for its author only."""

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
    """A message as an event tells it: also the ids of the users whom it mentions from here on, and of those it no longer does.

    They stay when the words are gone, so that a device that never saw the message counts right.
    """

    mentions_added: list[int] | UnsetType = UNSET
    mentions_removed: list[int] | UnsetType = UNSET


class MessagePage(msgspec.Struct):
    """Where the history goes on in both directions, and the last change that the page holds."""

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


class VersionView(msgspec.Struct):
    """What a message said at one of its revs."""

    rev: int
    text: str
    entities: list[Entity]
    at: str


class VersionList(msgspec.Struct):
    """A page of the versions of a message, oldest first."""

    items: list[VersionView]
    page: CursorPage


class SendBody(msgspec.Struct):
    """The body of a send over HTTP."""

    text: Body
    client_msg_id: Cmid | None = None
    reply_to: Number | None = None
    mentions: Mentions = []


class EditBody(msgspec.Struct):
    """The body of an edit over HTTP."""

    text: Body
    mentions: Mentions = []


class SendFrame(msgspec.Struct):
    """Data of `message.send`."""

    chat_id: Number
    text: Body
    client_msg_id: Cmid
    reply_to: Number | None = None
    mentions: Mentions = []


class EditFrame(msgspec.Struct):
    """Data of `message.edit`."""

    chat_id: Number
    seq: Number
    text: Body
    mentions: Mentions = []
    rev: Number | None = None


class DeleteFrame(msgspec.Struct):
    """Data of `message.delete`."""

    chat_id: Number
    seq: Number


class DeleteManyBody(msgspec.Struct):
    """The body of a deletion of several messages over HTTP."""

    seqs: Seqs


class DeleteManyFrame(msgspec.Struct):
    """Data of `messages.delete`."""

    chat_id: Number
    seqs: Seqs


class Refusal(msgspec.Struct):
    """A message that was not deleted, and the code of the error."""

    seq: int
    code: str


class Deletions(msgspec.Struct):
    """What became of a wish to delete messages."""

    deleted: list[int]
    refused: list[Refusal]


class MessagesDeletedData(msgspec.Struct):
    """Messages that `by` deleted at once, by rising seq: what stays of them."""

    chat_id: int
    items: list[MessageTold]
    by: int


class MessagesGoneData(msgspec.Struct):
    """Messages that were deleted, one or many."""

    chat_id: int
    seqs: list[int]


MessagesGone = Event("", MessagesGoneData)
"""For houses that keep something of messages: it goes with their words, in the same commit."""
MessageCreated: Final[Event[MessageView]] = Event("message.created", MessageTold, ("chat",))
MessageEdited: Final[Event[MessageView]] = Event("message.edited", MessageTold, ("chat",))
MessageDeleted: Final[Event[MessageView]] = Event("message.deleted", MessageTold, ("chat",))
MessagesDeleted = Event("messages.deleted", MessagesDeletedData, ("chat",))
