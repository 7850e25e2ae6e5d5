"""The views and events of read marks."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.features.chats.wire import MemberState
from messenger.kernel.events import Event

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


ReceiptRead = Event("receipt.read", ReadData, ("chat",))
