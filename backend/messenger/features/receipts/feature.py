"""The plate of receipts."""

from messenger.features.messages.wire import MessageCreated
from messenger.features.receipts import actions, routes, wire
from messenger.kernel.feature import Feature

feature = Feature(
    "receipts",
    hot=routes.hot,
    frames=routes.frames,
    events=(wire.ReceiptRead,),
    listens={MessageCreated: actions.sent},
    decorates={
        "chat": actions.decorate_chats,
        "member": actions.decorate_members,
        "mark": actions.add_mark,
    },
)
