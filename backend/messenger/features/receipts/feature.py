"""The plate of receipts."""

from messenger.doors.feature import Feature, adds, hears
from messenger.doors.platform import Platform
from messenger.features.chats.wire import CHATS
from messenger.features.messages.wire import MessageCreated
from messenger.features.receipts import actions, routes, wire
from messenger.kernel import events


def limits(_: Platform) -> dict[str, int]:
    """Returns the largest chat whose members see each other's marks."""
    return {"receipts_names_max_members": events.CROWD}


feature = Feature(
    "receipts",
    rates=(routes.READ,),
    hot=routes.hot,
    verbs=routes.verbs,
    events=(wire.ReceiptRead,),
    offers=("receipts",),
    limits=limits,
    listens=(hears(MessageCreated, actions.sent),),
    decorates=(adds(CHATS, actions.decorate_chats),),
)
