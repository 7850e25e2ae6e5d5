"""The verbs of read marks: reading in the plural, readers, and the marks in the views of chats."""

from typing import NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats import actions as chats
from messenger.features.chats.access import ChatNotFound, Pair, Seat
from messenger.features.chats.wire import ChatViews, MemberState
from messenger.features.messages import actions as messages
from messenger.features.messages.wire import MessageView
from messenger.features.receipts.wire import ReadData, Reader, ReaderList, ReceiptRead
from messenger.kernel import events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError
from messenger.kernel.events import Topic


class ReadWish(NamedTuple):
    """A member has seen all messages of a chat up to `seq`."""

    me: Actor
    chat_id: int
    seq: int


def read_many(tx: Tx, wishes: list[ReadWish]) -> list[MemberState | AppError]:
    """Raises marks; the highest of a pair within the batch wins, none goes above the head or down (R8)."""
    seats = access.seats(tx, {(wish.chat_id, wish.me.user_id) for wish in wishes})
    wanted: dict[Pair, int] = {}
    for wish in wishes:
        pair = wish.chat_id, wish.me.user_id
        if pair in seats:
            wanted[pair] = max(wanted.get(pair, 0), min(wish.seq, seats[pair].head_seq))
    states = _raise(tx, seats, wanted) if wanted else {}
    return [states.get((wish.chat_id, wish.me.user_id)) or ChatNotFound() for wish in wishes]


def _raise(tx: Tx, seats: dict[Pair, Seat], wanted: dict[Pair, int]) -> dict[Pair, MemberState]:
    above = {pair: seq for pair, seq in wanted.items() if seq > seats[pair].joined_seq}
    if above:
        tx.hold({_stream(seats[pair]) for pair in above})  # as a send does, whose own mark follows its number
    raised = access.raise_marks(tx, above) if above else set()
    states = access.states(tx, seats.keys())
    for pair in sorted(raised & states.keys()):
        _tell(tx, seats[pair], states[pair])
    return states


def _stream(seat: Seat) -> Topic:
    """Returns the stream that gets a mark: the chat's, or in a large one its owner's."""
    return events.chat(seat.chat_id) if not seat.is_large else events.user(seat.user_id)


def _tell(tx: Tx, seat: Seat, state: MemberState) -> None:
    stream = _stream(seat)
    if stream.kind == "chat":
        data = ReadData(chat_id=seat.chat_id, user_id=seat.user_id, seq=state.read_seq)
        tx.emit(ReceiptRead, data, to=stream, author=(seat.user_id, {"my": state}))
    else:
        chats.tell_state(tx, (seat.chat_id, seat.user_id), state)


def readers(tx: Tx, me: Actor, chat_id: int, seq: int) -> ReaderList:
    """Returns the readers of a message. Raises `ChatNotFound`, `MessageNotFound`."""
    seat = access.seat(tx, me.user_id, chat_id)
    author = messages.sender_of(tx, messages.Place(chat_id, seq))
    read = [user_id for user_id in access.list_readers(tx, chat_id, seq) if user_id != author]
    names = [Reader(user_id) for user_id in read] if not seat.is_large else []
    return ReaderList(names, len(read))


def sent(tx: Tx, sent_messages: list[MessageView]) -> None:
    """Raises the marks of authors, who have read the messages above theirs.

    A listener; the message itself shows it, so there is no event.
    """
    marks: dict[Pair, int] = {}
    for message in sent_messages:
        if message.kind == "text":
            marks[(message.chat_id, message.sender_id)] = message.seq
    if marks:
        access.raise_marks(tx, marks)


def decorate_chats(tx: Tx, page: ChatViews) -> None:
    """Fills in how far any other member has read, where the chat is small enough to show it."""
    small = {view.id for view in page.views if view.member_count <= events.CROWD}
    others = access.others_read(tx, page.user_id, small) if small else {}
    for view in page.views:
        view.others_read_seq = others.get(view.id, 0)
