"""The plate of chats."""

from messenger.features.accounts.wire import Registered, UserChanged
from messenger.features.chats import actions, invites, routes, wire
from messenger.kernel.feature import Feature

feature = Feature(
    "chats",
    routers=(routes.router,),
    events=(
        wire.ChatChanged,
        wire.MemberJoined,
        wire.MemberLeft,
        wire.MemberChanged,
        wire.ChatJoined,
        wire.ChatLeft,
        wire.PeerChanged,
    ),
    listens={Registered: invites.redeem, UserChanged: actions.tell_chats},
    decorates={"knock": invites.judge},
    topics=actions.topics,
    acquaintances=actions.last_seen,
)
