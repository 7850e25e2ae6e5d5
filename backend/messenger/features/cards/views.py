"""Turns rows of cards into views."""

from collections.abc import Iterable
from typing import Any

from messenger.features.cards.wire import CardPicture, Cards, CardView


def cards_of(rows: Iterable[Any]) -> dict[int, Cards]:
    """Returns the cards of messages by seq."""
    found: dict[int, Cards] = {}
    for row in rows:
        picture = CardPicture(row.picture, row.width, row.height, row.thumbhash) if row.picture else None
        view = CardView(row.place, row.address, row.site, row.title, row.summary, picture)
        found.setdefault(row.seq, Cards([])).items.append(view)
    return found


def key_of(picture: str) -> str:
    """Returns the key of a picture in the storage."""
    return f"cards/{picture[-2:]}/{picture}.webp"
