"""Messages by their place, for the verbs of this house and for houses above."""

from typing import Any, NamedTuple

from messenger.db.tx import Tx
from messenger.features.messages import store
from messenger.features.messages.errors import MessageNotFound


class Place(NamedTuple):
    """A message by its chat and number."""

    chat_id: int
    seq: int


def row_at(tx: Tx, place: Place) -> Any:
    """Returns the row of a message. Raises `MessageNotFound`."""
    row = store.find_message(tx, *place)
    if row is None:
        raise MessageNotFound
    return row


def sender_of(tx: Tx, place: Place) -> int:
    """Returns the user id of a message's author. Raises `MessageNotFound`."""
    return int(row_at(tx, place).sender_id)
