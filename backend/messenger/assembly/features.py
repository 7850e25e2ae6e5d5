"""The one list of plates, bottom to top, and what follows from it."""

from collections.abc import Sequence
from typing import Any

from messenger.db import tables
from messenger.db.base import Base
from messenger.db.tx import Hooks
from messenger.features.accounts import models as account_models
from messenger.features.accounts.feature import feature as accounts
from messenger.features.chats import models as chat_models
from messenger.features.chats.feature import feature as chats
from messenger.features.media import models as media_models
from messenger.features.media.feature import feature as media
from messenger.features.messages import models as message_models
from messenger.features.messages.feature import feature as messages
from messenger.features.receipts import models as receipt_models
from messenger.features.receipts.feature import feature as receipts
from messenger.kernel.events import Event
from messenger.kernel.feature import Feature
from messenger.kernel.signing import Seals

FEATURES: Sequence[Feature] = (accounts, chats, media, messages, receipts)

TABLES = (tables, account_models, chat_models, media_models, message_models, receipt_models)
"""Every module of tables, named here so that `metadata` knows them all."""
metadata = Base.metadata


def hooks(seals: Seals | None = None) -> Hooks:
    """Listeners and decorators of all houses, in street order."""
    listeners: dict[Event, list[Any]] = {}
    decorators: dict[str, list[Any]] = {}
    for feature in FEATURES:
        for event, listener in feature.listens.items():
            listeners.setdefault(event, []).append(listener)
        for kind, decorator in feature.decorates.items():
            decorators.setdefault(kind, []).append(decorator)
    return Hooks(listeners, decorators, seals or Seals())
