"""The verbs of receipts: reading in the plural, readers, marks in the views of chats, and listening to voice."""

from collections import defaultdict
from typing import NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats import actions as chats
from messenger.features.chats.access import ChatNotFound, Pair, Seat
from messenger.features.chats.wire import ChatViews, MemberState
from messenger.features.media.actions import uses
from messenger.features.messages import access as messages
from messenger.features.messages.access import Place
from messenger.features.messages.errors import MessageNotFound
from messenger.features.messages.wire import Has, MessagesGoneData, MessageView
from messenger.features.receipts import store
from messenger.features.receipts.errors import NoVoice
from messenger.features.receipts.wire import (
    LISTENED,
    Listened,
    ListenedData,
    ReadData,
    Reader,
    ReaderList,
    ReceiptRead,
    VoiceListened,
)
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
    author = messages.sender_of(tx, Place(chat_id, seq))
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


def listen(tx: Tx, me: Actor, place: Place) -> None:
    """Notes that I listened to a voice message; a repeat, and a message of my own, change nothing.

    Raises `ChatNotFound`, `MessageNotFound`, `NoVoice`.
    """
    seat = access.seat(tx, me.user_id, place.chat_id)
    author = messages.sender_of(tx, place)
    # In a large chat an author would get an event of each member.
    told = {events.user(me.user_id)} if seat.is_large else {events.user(me.user_id), events.user(author)}
    tx.hold({events.chat(place.chat_id)} | told)  # a deletion of the message holds the chat's stream too
    row = messages.row_at(tx, place)
    if row.deleted_at is not None:
        raise MessageNotFound
    found = uses.list_files(tx, [place] if row.has & Has.FILES else []).get(place)
    if found is None or all(one.kind != "voice" for one in found.items):
        raise NoVoice
    heard = {**place._asdict(), "user_id": me.user_id, "author_id": author, "at": tx.now}
    if me.user_id == author or not store.insert_listened(tx, heard):
        return
    if not row.has & Has.LISTENED:
        messages.note(tx, {place}, Has.LISTENED)
    for stream in sorted(told):
        tx.emit(VoiceListened, ListenedData(*place, me.user_id), to=stream)


def decorate(tx: Tx, page: messages.Page) -> None:
    """Adds who listened to the messages of a page."""
    seqs = page.having(Has.LISTENED)
    if not seqs:
        return
    seat, found = page.seat, defaultdict[int, list[int]](list)
    for row in store.list_listened(tx, seat.chat_id, seqs, seat.user_id, 0 if seat.is_large else seat.user_id):
        found[row.seq].append(row.user_id)
    for seq, by in found.items():
        page.put(seq, LISTENED, Listened(by))


def forget(tx: Tx, gone: list[MessagesGoneData]) -> None:
    """Deletes who listened to messages that are gone."""
    for one in gone:
        store.forget_listened(tx, one.chat_id, one.seqs)
