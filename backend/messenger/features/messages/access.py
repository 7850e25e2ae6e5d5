"""Reads messages by their place, and lets houses above add to them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from messenger.db.tx import Seam, Tx
from messenger.features.chats.access import Seat
from messenger.features.messages import store, views
from messenger.features.messages.errors import MessageNotFound
from messenger.features.messages.wire import Has, MessageView
from messenger.kernel.parts import Part

P = TypeVar("P")


class Place(NamedTuple):
    """The place of a message: its chat and number."""

    chat_id: int
    seq: int


def row_at(tx: Tx, place: Place) -> Any:
    """Returns the row of a message. Raises `MessageNotFound`."""
    row = store.find_message(tx, *place)
    if row is None:
        raise MessageNotFound
    return row


def rows_at(tx: Tx, places: Collection[Place]) -> dict[Place, Any]:
    """Returns the rows of messages by their places, in one statement; those that are not there are missing."""
    rows = store.find_many(tx, places) if places else ()
    return {Place(row.chat_id, row.seq): row for row in rows}


def links_of(row: Any) -> list[str]:
    """Returns the addresses to which a message leads, without those that a spoiler hides."""
    return views.links_in(views.entities_of(row.entities))


def sender_of(tx: Tx, place: Place) -> int:
    """Returns the user id of a message's author. Raises `MessageNotFound`."""
    return int(row_at(tx, place).sender_id)


class Page:
    """A page of messages as the member of `seat` sees them, for the houses that add parts to them."""

    __slots__ = ("_has", "_views", "seat")

    def __init__(self, seat: Seat, views: Sequence[MessageView], has: Mapping[int, int]) -> None:
        """Takes the bits (`Has`) of messages by seq as `has`, at least of those that have any."""
        self.seat = seat
        self._views = {view.seq: view for view in views}
        self._has = has

    def having(self, bit: Has) -> list[int]:
        """Returns the seqs of the messages with this bit: for a page without any, a house asks the database nothing."""
        return [seq for seq, bits in self._has.items() if bits & bit and seq in self._views]

    def put(self, seq: int, part: Part[P], value: P) -> None:
        """Adds a part to a message of the page."""
        part.put(self._views[seq], value)


VIEWS: Final = Seam[Page]()


def decorate(tx: Tx, seat: Seat, rows: Sequence[Any], views: Sequence[MessageView]) -> None:
    """Lets houses above add parts to the views of these rows."""
    tx.decorate(VIEWS, Page(seat, views, {row.seq: row.has for row in rows if row.has}))


def note(tx: Tx, places: Collection[Place], bit: Has) -> None:
    """Notes that a house above has data about messages: without its bit the house is not asked about a message."""
    store.raise_has(tx, places, int(bit))
