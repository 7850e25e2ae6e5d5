"""The verbs of read marks: reading in the plural, readers, and what other houses' views show of it."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.access import ChatNotFound, Seat
from messenger.features.chats.wire import ChatView, MemberView
from messenger.features.messages import actions as messages
from messenger.features.messages.wire import MessageView
from messenger.features.receipts import store
from messenger.features.receipts.wire import ReadData, Reader, ReaderList, ReadState, ReceiptRead
from messenger.kernel import events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError
from messenger.kernel.events import Topic

NAMES_MAX_MEMBERS: Final = 100
"""Above so many members marks are nobody else's business (behaviours.md 4.4)."""

Pair = tuple[int, int]


class ReadWish(NamedTuple):
    """Somebody has seen everything of a chat up to `seq`."""

    me: Actor
    chat_id: int
    seq: int


def read_many(tx: Tx, wishes: list[ReadWish]) -> list[ReadState | AppError]:
    """Raise marks; the highest of a pair within the batch wins, none goes above the head or down (R8)."""
    seats = access.seats(tx, {(wish.chat_id, wish.me.user_id) for wish in wishes})
    wanted: dict[Pair, int] = {}
    for wish in wishes:
        pair = wish.chat_id, wish.me.user_id
        if pair in seats:
            wanted[pair] = max(wanted.get(pair, 0), min(wish.seq, seats[pair].head_seq))
    states = _raise(tx, seats, {pair: seq for pair, seq in wanted.items() if seq}) if wanted else {}
    return [states.get((wish.chat_id, wish.me.user_id)) or ChatNotFound() for wish in wishes]


def _raise(tx: Tx, seats: dict[Pair, Seat], wanted: dict[Pair, int]) -> dict[Pair, ReadState]:
    above = {pair: seq for pair, seq in wanted.items() if seq > seats[pair].joined_seq}
    if above:
        tx.hold({_stream(seats[pair]) for pair in above})  # as a send does, whose own mark follows its number
    raised = store.raise_marks(tx, above, tx.now) if above else set()
    marks = {pair: max(store_seq, seats[pair].joined_seq) for pair, store_seq in _marks(tx, seats).items()}
    counts = messages.count_unread(tx, marks)
    states = {pair: ReadState(marks[pair], counts[pair].number, counts[pair].at_ev) for pair in seats}
    for pair in sorted(raised):
        _tell(tx, seats[pair], states[pair])
    return states


def _marks(tx: Tx, seats: dict[Pair, Seat]) -> dict[Pair, int]:
    return dict.fromkeys(seats, 0) | store.find_marks(tx, seats.keys())


def _stream(seat: Seat) -> Topic:
    """Who hears of a mark: the chat, or in a large one only its owner."""
    return events.chat(seat.chat_id) if seat.member_count <= NAMES_MAX_MEMBERS else events.user(seat.user_id)


def _tell(tx: Tx, seat: Seat, state: ReadState) -> None:
    data, stream = ReadData(chat_id=seat.chat_id, user_id=seat.user_id, seq=state.read_seq), _stream(seat)
    if stream.kind == "chat":
        tx.emit(ReceiptRead, data, to=stream, author=(seat.user_id, {"unread": state.unread}))
    else:
        data.unread, data.at_ev = state.unread, state.at_ev
        tx.emit(ReceiptRead, data, to=stream)


def readers(tx: Tx, me: Actor, chat_id: int, seq: int) -> ReaderList:
    """Who has read a message. Raises `ChatNotFound`, `MessageNotFound`."""
    seat = access.seat(tx, me.user_id, chat_id)
    author = messages.sender_of(tx, messages.Place(chat_id, seq))
    read = {row[0] for row in store.list_readers(tx, chat_id, seq)} - {author}
    present = access.find_members(tx, chat_id, read) if read else set()
    names = [Reader(id_) for id_ in sorted(present)] if seat.member_count <= NAMES_MAX_MEMBERS else []
    return ReaderList(names, len(present))


def sent(tx: Tx, sent_messages: list[MessageView]) -> None:
    """Listener: who writes has read what stands above; told by the message itself, so without an event."""
    marks: dict[Pair, int] = {}
    for message in sent_messages:
        if message.kind == "text":
            marks[(message.chat_id, message.sender_id)] = message.seq
    if marks:
        store.raise_marks(tx, marks, tx.now)


def decorate_chats(tx: Tx, user_id: int, chats: Collection[ChatView]) -> None:
    """Decorator: my mark, what is unread after it, and how far anybody else is."""
    if not chats:
        return
    marks = store.find_marks(tx, {(chat.id, user_id) for chat in chats})
    others = store.find_others(tx, user_id, {chat.id for chat in chats if _is_shown(chat)})
    for chat in chats:
        chat.read_seq = max(chat.read_seq, marks.get((chat.id, user_id), 0))
        chat.others_read_seq = others.get(chat.id, 0)
    behind = {(chat.id, user_id): chat.read_seq for chat in chats if chat.read_seq < chat.head_seq}
    counts = messages.count_unread(tx, behind) if behind else {}
    for chat in chats:
        if (chat.id, user_id) in counts:
            chat.unread = counts[(chat.id, user_id)].number


def _is_shown(chat: ChatView) -> bool:
    return chat.member_count <= NAMES_MAX_MEMBERS


def decorate_members(tx: Tx, chat_id: int, members: Collection[MemberView]) -> None:
    """Decorator: how far each member has read."""
    marks = store.find_marks(tx, {(chat_id, member.user.id) for member in members})
    for member in members:
        member.read_seq = max(member.read_seq, marks.get((chat_id, member.user.id), 0))


def add_mark(tx: Tx, user_id: int, chat_id: int, marks: list[Any]) -> None:
    """Decorator: where a member has read up to, for a page around the first unread message."""
    marks.extend(store.find_marks(tx, [(chat_id, user_id)]).values())
