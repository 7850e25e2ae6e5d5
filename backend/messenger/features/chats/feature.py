"""The plate of chats."""

from messenger.doors.feature import Feature, hears
from messenger.doors.platform import Platform
from messenger.features.chats import actions, models, routes, wire
from messenger.features.people.wire import UserChanged


def limits(_: Platform) -> dict[str, int]:
    """Returns the limits of chats and their members."""
    return {
        "members_max": actions.MEMBERS_MAX,
        "members_per_hour": routes.MEMBERS.rate.tokens,
        "chats_max": actions.CHATS_MAX,
        "chats_per_hour": routes.CHATS.rate.tokens,
    }


feature = Feature(
    "chats",
    tables=models,
    rates=(routes.CHATS, routes.MEMBERS),
    routers=(routes.router,),
    hot=routes.hot,
    verbs=routes.verbs,
    events=(
        wire.ChatChanged,
        wire.MemberJoined,
        wire.MemberLeft,
        wire.MemberChanged,
        wire.ChatJoined,
        wire.ChatLeft,
        wire.ChatMine,
        wire.PeerChanged,
    ),
    offers=("direct", "group", "saved"),
    limits=limits,
    listens=(hears(UserChanged, actions.tell_chats),),
    topics=actions.topics,
    acquaintances=actions.last_seen,
)
