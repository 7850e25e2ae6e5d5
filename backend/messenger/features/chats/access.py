"""The only way to a chat: a seat in it. For a user without a seat the chat does not exist."""

from collections.abc import Collection, Mapping

from messenger.db.tx import Tx
from messenger.features.chats import store, views
from messenger.features.chats.errors import ChatNotFound
from messenger.features.chats.rights import Right, rights_of
from messenger.features.chats.seat import Seat
from messenger.features.chats.wire import STATES, ChatKind, MemberState

__all__ = [
    "ChatNotFound", "Pair", "Right", "Seat", "acquaintances", "find_members", "list_readers", "others_read", "outlines",
    "raise_marks", "seat", "seats", "shows_cards", "states", "unread_after",
]  # fmt: skip

Pair = tuple[int, int]
"""A chat and one of its members."""


def seats(tx: Tx, wishes: Collection[tuple[int, int]]) -> dict[tuple[int, int], Seat]:
    """Returns the seats of (chat, user) pairs; pairs without a seat are missing. One statement."""
    return {(row[0], row[1]): Seat._make((*row, rights_of(row[3], row[2]))) for row in store.find_seats(tx, wishes)}


def seat(tx: Tx, user_id: int, chat_id: int) -> Seat:
    """Returns the seat of a user in a chat. Raises `ChatNotFound`."""
    found = seats(tx, [(chat_id, user_id)])
    if not found:
        raise ChatNotFound
    return found[(chat_id, user_id)]


def states(tx: Tx, pairs: Collection[Pair]) -> dict[Pair, MemberState]:
    """Returns the states of members, with their counts; pairs without a seat are missing. Two statements."""
    found = {(row.chat_id, row.user_id): views.member_state(row) for row in store.find_states(tx, pairs)}
    if found:
        tx.decorate(STATES, found)
    return found


def unread_after(tx: Tx, seat: Seat) -> int:
    """Returns the message after which messages are unread to a member. Raises `ChatNotFound`."""
    for row in store.find_states(tx, [(seat.chat_id, seat.user_id)]):
        return views.member_state(row).unread_after
    raise ChatNotFound


def raise_marks(tx: Tx, marks: Mapping[Pair, int]) -> set[Pair]:
    """Raises read marks, never lowers one; returns those that rose.

    The caller emits the change, and holds the streams.
    """
    return store.raise_marks(tx, marks)


def others_read(tx: Tx, user_id: int, chat_ids: Collection[int]) -> dict[int, int]:
    """Returns how far any other member has read, per chat."""
    return store.find_others_read(tx, user_id, chat_ids)


def list_readers(tx: Tx, chat_id: int, seq: int) -> list[int]:
    """Returns the members who have read a message, by rising id."""
    return store.list_readers(tx, chat_id, seq)


def acquaintances(tx: Tx, user_id: int, user_ids: Collection[int]) -> set[int]:
    """Returns those of `user_ids` who share a chat with the user."""
    return store.list_acquaintances(tx, user_id, user_ids)


def find_members(tx: Tx, chat_id: int, user_ids: Collection[int]) -> set[int]:
    """Returns those of `user_ids` who are members of a chat."""
    return {row[0] for row in store.find_members(tx, chat_id, user_ids)}


def outlines(tx: Tx, chat_ids: Collection[int]) -> dict[int, tuple[ChatKind, int]]:
    """Returns the kind and the number of members of chats, for administrators, who need no seat to count."""
    return {row.id: (row.kind, row.member_count) for row in store.list_outlines(tx, chat_ids)} if chat_ids else {}


def shows_cards(tx: Tx, chat_id: int) -> bool:
    """Returns whether the messages of a chat get cards."""
    return store.has_cards(tx, chat_id)
