"""The wire shapes of link cards."""

from typing import Final

import msgspec

from messenger.features.messages.wire import MessageView
from messenger.kernel.events import Event
from messenger.kernel.parts import Part


class CardPicture(msgspec.Struct):
    """The picture of a card: its id, its width and height (px), its ThumbHash in base64."""

    id: str
    width: int
    height: int
    thumbhash: str


class CardView(msgspec.Struct):
    """A preview of a page: its place in the message, the address to which it leads, and what the page says of itself.

    `site`, `title` and `summary` are a stranger's words; all but the title may be empty.
    """

    place: int
    address: str
    site: str
    title: str
    summary: str
    picture: CardPicture | None


class Cards(msgspec.Struct):
    """The cards of a message by their places."""

    items: list[CardView]


class CardsChangedData(msgspec.Struct):
    """The cards of a message as they are now."""

    chat_id: int
    seq: int
    cards: Cards


CARDS: Final = Part("cards", MessageView, Cards)
CardsChanged = Event("cards.changed", CardsChangedData, ("chat",))
