"""The only way to a chat: a seat in it. Not a member is the same as not there."""

from collections.abc import Collection

from messenger.db.tx import Tx
from messenger.features.chats import store
from messenger.features.chats.errors import ChatNotFound
from messenger.features.chats.seat import Seat

__all__ = ["ChatNotFound", "Seat", "acquaintances", "find_members", "seat", "seats"]


def seats(tx: Tx, wishes: Collection[tuple[int, int]]) -> dict[tuple[int, int], Seat]:
    """The seats of (chat, user) pairs; pairs without a seat are missing. One statement."""
    return {(row[0], row[1]): Seat(*row) for row in store.find_seats(tx, wishes)}


def seat(tx: Tx, user_id: int, chat_id: int) -> Seat:
    """The seat of a user in a chat. Raises `ChatNotFound`."""
    found = seats(tx, [(chat_id, user_id)])
    if not found:
        raise ChatNotFound
    return found[(chat_id, user_id)]


def acquaintances(tx: Tx, user_id: int, user_ids: Collection[int]) -> set[int]:
    """Those of `user_ids` whom the user shares a chat with."""
    return store.list_acquaintances(tx, user_id, user_ids)


def find_members(tx: Tx, chat_id: int, user_ids: Collection[int]) -> set[int]:
    """Those of `user_ids` who are members of a chat."""
    return {row[0] for row in store.find_members(tx, chat_id, user_ids)}
