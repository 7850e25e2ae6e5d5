"""The views and events of read marks."""

from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.features.chats.wire import MemberState
from messenger.features.messages.wire import MessageView
from messenger.kernel.events import Event
from messenger.kernel.parts import Part

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class ReadBody(msgspec.Struct):
    """The body of a read mark over HTTP: all messages up to `seq` were seen."""

    seq: Number


class ReadFrame(msgspec.Struct):
    """The data of `receipt.read`."""

    chat_id: Number
    seq: Number


class ReadData(msgspec.Struct, kw_only=True):
    """A member read up to `seq`; `my` is for that member alone."""

    chat_id: int
    user_id: int
    seq: int
    my: MemberState | UnsetType = UNSET


class Reader(msgspec.Struct):
    """A person who has read a message."""

    user_id: int


class ReaderList(msgspec.Struct):
    """The readers of a message, its author not counted; above 100 members only how many."""

    items: list[Reader]
    count: int


class Listened(msgspec.Struct):
    """Who listened to a voice message, the first first: its author sees all, in chats of at most 100 members; other
    people see themselves.
    """

    by: list[int]


class ListenedData(msgspec.Struct):
    """A person listened to a voice message."""

    chat_id: int
    seq: int
    user_id: int


LISTENED: Final = Part("listened", MessageView, Listened)
ReceiptRead = Event("receipt.read", ReadData, ("chat",))
VoiceListened = Event("voice.listened", ListenedData, ("user",))
