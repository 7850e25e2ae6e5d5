"""Decides which addresses of a message get a card, and who may remove one: pure functions."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from messenger.features.cards.errors import CardForbidden
from messenger.features.chats.access import Right, Seat
from messenger.kernel.ports.web import Address, Unfetchable, address_of

CARDS_MAX: Final = 3
"""Cards of one message."""
_TRACKERS: Final = re.compile(r"(?:utm_[^=&]*|fbclid|gclid|yclid)(?:=[^&]*)?(?:&|$)")
_FOR_ONE: Final = re.compile(
    r"reset|token|invit|unsubscri|passw|verif|confirm|activat"
    r"|(?:^|[^a-z0-9])(?:auth|oauth|login|logout|sign-?in|sign-?out|sso|otp|magic|secret|sig|signature|session|key)(?:[^a-z0-9]|$)"
)
"""Words of addresses that are meant for one person: to open such a page may do something in that person's name."""
_PART: Final = re.compile(r"[A-Za-z0-9_-]{32,}")
_UNBROKEN: Final = re.compile(r"[A-Za-z0-9]{32,}")
_CHANGE: Final = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[0-9])")
"""A place between two kinds of signs, of which words and names of pages have few."""
RANDOM: Final = 6
"""Signs for one such place, at most, in a part that was drawn at random."""


def addresses_of(links: Iterable[str], own: str) -> list[Address]:
    """Returns the addresses among links that get a card, without those of our own host, at most `CARDS_MAX`."""
    found: dict[Address, None] = {}
    for link in links:
        try:
            address = _plain(address_of(link))
        except Unfetchable:
            continue
        if address.host != own and not is_for_one(address):
            found[address] = None
    return list(found)[:CARDS_MAX]


def is_for_one(address: Address) -> bool:
    """Returns whether an address looks like one that only its receiver should open."""
    return bool(_FOR_ONE.search(address.target.lower())) or any(map(_is_random, _PART.findall(address.target)))


def _is_random(part: str) -> bool:
    return bool(_UNBROKEN.search(part)) or len(_CHANGE.findall(part)) * RANDOM >= len(part)


def _plain(address: Address) -> Address:
    """Returns an address without what only counts visits."""
    path, _, query = address.target.partition("?")
    kept = _TRACKERS.sub("", query).rstrip("&")
    return address._replace(target=f"{path}?{kept}" if kept else path)


def hash_of(address: Address) -> str:
    """Returns the hash by which the card of an address is found."""
    return hashlib.blake2b(str(address).encode(), digest_size=16).hexdigest()


def may_remove(seat: Seat, sender_id: int) -> None:
    """Checks that a member may remove a card of a message: the author, or with the right DELETE. Raises
    `CardForbidden`.
    """
    if seat.user_id != sender_id and not seat.may(Right.DELETE):
        raise CardForbidden
