"""The plate of receipts."""

from messenger.doors.feature import Feature, adds, hears
from messenger.doors.platform import Platform
from messenger.features.chats.wire import CHATS
from messenger.features.messages.access import VIEWS
from messenger.features.messages.wire import MessageCreated, MessagesGone
from messenger.features.receipts import actions, models, routes, wire
from messenger.kernel import events


def limits(_: Platform) -> dict[str, int]:
    """Returns the largest chat whose members see each other's marks."""
    return {"receipts_names_max_members": events.CROWD}


feature = Feature(
    "receipts",
    tables=models,
    rates=(routes.READ,),
    hot=routes.hot,
    verbs=routes.verbs,
    events=(wire.ReceiptRead, wire.VoiceListened),
    offers=("receipts",),
    limits=limits,
    listens=(hears(MessageCreated, actions.sent), hears(MessagesGone, actions.forget)),
    decorates=(adds(CHATS, actions.decorate_chats), adds(VIEWS, actions.decorate)),
    parts=(wire.LISTENED,),
)
