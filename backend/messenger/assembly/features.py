"""The one list of plates, bottom to top, and what is computed from it."""

from collections.abc import Sequence
from typing import Any, Final

from messenger.db import tables
from messenger.db.base import Base
from messenger.db.tx import Hooks, Seam
from messenger.doors.feature import Feature, Gate
from messenger.features.cards.feature import feature as cards
from messenger.features.chats.feature import feature as chats
from messenger.features.invites.feature import feature as invites
from messenger.features.media.feature import feature as media
from messenger.features.messages.feature import feature as messages
from messenger.features.people.feature import feature as people
from messenger.features.reactions.feature import feature as reactions
from messenger.features.receipts.feature import feature as receipts
from messenger.features.sessions.feature import feature as sessions
from messenger.kernel.events import Event
from messenger.kernel.signing import Seals
from messenger.realtime.plate.feature import feature as realtime

FEATURES: Sequence[Feature] = (people, sessions, chats, invites, media, messages, receipts, reactions, cards)
PLATES: Final = (*FEATURES, realtime)
"""The houses, and the floor that brings rates, variables and offers of its own."""

TABLES: Final = (tables, *(one.tables for one in FEATURES if one.tables))
"""Every module of tables: importing them made them known to `metadata`."""
metadata = Base.metadata


def hooks(seals: Seals | None = None, features: Sequence[Feature] = FEATURES) -> Hooks:
    """Returns the listeners and decorators of all houses, in street order."""
    listeners: dict[Event[Any], list[Any]] = {}
    decorators: dict[Seam[Any], list[Any]] = {}
    for feature in features:
        for event, listener in feature.listens:
            listeners.setdefault(event, []).append(listener)
        for seam, decorate in feature.decorates:
            decorators.setdefault(seam, []).append(decorate)
    return Hooks(listeners, decorators, seals or Seals())


def gate() -> Gate:
    """Returns the gate of the one house that has it."""
    (found,) = (feature.gate for feature in FEATURES if feature.gate)
    return found
