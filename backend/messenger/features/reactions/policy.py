"""Decides which reactions are allowed: pure functions that raise the error for the caller."""

import re
from collections.abc import Collection
from typing import Final

from messenger.features.chats.access import Right, Seat
from messenger.features.messages.errors import MessageForbidden
from messenger.features.reactions.errors import TooManyReactions
from messenger.kernel.errors import ValidationFailed

KINDS_MAX: Final = 50
"""Different emoji on one message."""
MINE_MAX: Final = 5
"""Emoji of one person on one message."""
EMOJI_MAX: Final = 32
"""Code points of one emoji: families and flags have many."""

_SIGN: Final = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_PICTURE: Final = f"{_SIGN}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
_EMOJI: Final = re.compile(
    rf"{_PICTURE}(?:\u200d{_PICTURE})*"
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|[0-9#*]\ufe0f?\u20e3"  # a key
    "|\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]+\U000e007f"  # a flag of a part of a country
)


def may_choose(emoji: str) -> None:
    """Checks that a text is one emoji. Raises `ValidationFailed`."""
    if len(emoji) > EMOJI_MAX or not _EMOJI.fullmatch(emoji):
        raise ValidationFailed(errors=[{"loc": ["emoji"], "code": "invalid", "message": "This is not one emoji."}])


def may_react(seat: Seat, kind: str) -> None:
    """Checks that a member may react to a message of a kind. Raises `ChatForbidden`, `MessageForbidden`."""
    seat.need(Right.REACT)
    if kind == "service":
        raise MessageForbidden


def may_add(emoji: str, kinds: Collection[str], mine: Collection[str]) -> None:
    """Checks that a message has room for one more reaction of mine. Raises `TooManyReactions`."""
    if len(mine) >= MINE_MAX or (emoji not in kinds and len(kinds) >= KINDS_MAX):
        raise TooManyReactions
