"""What travels about read marks."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.kernel.events import Event

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class ReadBody(msgspec.Struct):
    """The body of a read mark over HTTP: everything up to `seq` was seen."""

    seq: Number


class ReadFrame(msgspec.Struct):
    """Data of `receipt.read`."""

    chat_id: Number
    seq: Number


class ReadState(msgspec.Struct):
    """My mark in a chat and what is left after it (1,000: so many or more), as of the change `at_ev` of the chat."""

    read_seq: int
    unread: int
    at_ev: int


class ReadData(msgspec.Struct, kw_only=True):
    """A member read up to `seq`; `unread` is for the reader alone, with `at_ev` where the chat does not tell it itself."""

    chat_id: int
    user_id: int
    seq: int
    unread: int | UnsetType = UNSET
    at_ev: int | UnsetType = UNSET


class Reader(msgspec.Struct):
    """Somebody who has read a message."""

    user_id: int


class ReaderList(msgspec.Struct):
    """Who has read a message, its author not counted; above 100 members only how many."""

    items: list[Reader]
    count: int


ReceiptRead = Event("receipt.read", ReadData, ("chat", "user"))
