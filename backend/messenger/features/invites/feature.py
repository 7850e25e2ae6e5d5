"""The plate of invites."""

from messenger.doors.feature import Feature, adds, hears
from messenger.doors.platform import Platform
from messenger.features.chats.actions import TooManyChats, TooManyMembers
from messenger.features.chats.wire import MemberChanged, MemberLeft
from messenger.features.invites import actions, models, routes
from messenger.features.invites.errors import InviteNotFound
from messenger.features.invites.settings import InviteSettings
from messenger.features.sessions.wire import KNOCKS, Registered


def limits(platform: Platform) -> dict[str, int]:
    """Returns how long a link works."""
    return {"invite_ttl_s": platform.of(InviteSettings).invite_ttl}


feature = Feature(
    "invites",
    tables=models,
    settings=InviteSettings,
    routers=(routes.router,),
    refuses={"POST /api/auth/register": (InviteNotFound, TooManyMembers, TooManyChats)},
    offers=("invites",),
    limits=limits,
    listens=(
        hears(Registered, actions.redeem),
        hears(MemberChanged, actions.revoke_of_demoted),
        hears(MemberLeft, actions.revoke_of_gone),
    ),
    decorates=(adds(KNOCKS, actions.judge),),
)
