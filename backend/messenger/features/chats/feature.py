"""The plate of chats."""

from messenger.doors.feature import Feature, adds, hears
from messenger.doors.platform import Platform
from messenger.features.chats import actions, invites, models, routes, wire
from messenger.features.chats.errors import InviteNotFound
from messenger.features.chats.settings import ChatSettings
from messenger.features.people.wire import UserChanged
from messenger.features.sessions.wire import KNOCKS, Registered


def limits(platform: Platform) -> dict[str, int]:
    """Returns the limits of chats, their members and links into them."""
    return {
        "members_max": actions.MEMBERS_MAX,
        "members_per_hour": routes.MEMBERS.rate.tokens,
        "chats_max": actions.CHATS_MAX,
        "chats_per_hour": routes.CHATS.rate.tokens,
        "invite_ttl_s": platform.of(ChatSettings).invite_ttl,
    }


feature = Feature(
    "chats",
    tables=models,
    settings=ChatSettings,
    rates=(routes.CHATS, routes.MEMBERS),
    routers=(routes.router,),
    hot=routes.hot,
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
    refuses={"POST /api/auth/register": (InviteNotFound, actions.TooManyMembers, actions.TooManyChats)},
    offers=("direct", "group", "saved", "invites"),
    limits=limits,
    listens=(hears(Registered, invites.redeem), hears(UserChanged, actions.tell_chats)),
    decorates=(adds(KNOCKS, invites.judge),),
    topics=actions.topics,
    acquaintances=actions.last_seen,
)
