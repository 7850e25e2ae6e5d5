"""The wire shapes of reactions."""

from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.features.messages.wire import MessageView
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage
from messenger.kernel.parts import Part

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Emoji = Annotated[str, Meta(min_length=1, max_length=32)]


class ReactionFrame(msgspec.Struct):
    """Data of `reaction.set`: whether my reaction `emoji` is `on`."""

    chat_id: Number
    seq: Number
    emoji: Emoji
    on: bool


class ReactionCount(msgspec.Struct):
    """How many people chose an emoji."""

    emoji: str
    count: int


class Reactions(msgspec.Struct):
    """All reactions to a message, first chosen first; `recent`: in small chats the last three people who reacted.

    `at_ev`: the last change of the chat that the counts include.
    """

    counts: list[ReactionCount]
    mine: list[str]
    recent: list[int]
    at_ev: int


class ReactionChangedData(msgspec.Struct):
    """The current reactions to a message; `mine` is for the devices of the person who changed theirs.

    `at_ev`, on a stream of a user: the last change of the chat that the counts include.
    """

    chat_id: int
    seq: int
    counts: list[ReactionCount]
    recent: list[int]
    mine: list[str] | UnsetType = UNSET
    at_ev: int | UnsetType = UNSET


class ReactionView(msgspec.Struct):
    """Who reacted with what, and when."""

    user_id: int
    emoji: str
    at: str


class ReactionList(msgspec.Struct):
    """A page of reactions."""

    items: list[ReactionView]
    page: CursorPage


REACTIONS: Final = Part("reactions", MessageView, Reactions)
ReactionChanged = Event("reaction.changed", ReactionChangedData, ("chat", "user"))
