"""The views and events of sessions and of the audit trail."""

from typing import Final, Literal

import msgspec

from messenger.db.tx import Seam
from messenger.features.people.wire import UserRead
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage


class Tokens(msgspec.Struct, kw_only=True):
    """The answer to a sign-in; `refresh_token` is `None` when the cookie carries it, `expires_in` in s."""

    user: UserRead
    access_token: str
    refresh_token: str | None
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
    session_id: int


class SessionView(msgspec.Struct, kw_only=True):
    """A signed-in device; `current` marks the caller's own."""

    id: int
    device: str
    address: str
    created_at: str
    last_used_at: str
    current: bool


class SessionList(msgspec.Struct):
    """All open sessions, last used first."""

    items: list[SessionView]
    page: CursorPage


AuditKind = Literal[
    "account.created",
    "sign_in.done",
    "sign_in.failed",
    "session.ended",
    "password.changed",
    "password.refused",
    "password.reset",
    "email.verified",
    "member.role",
    "right.given",
    "right.taken",
    "quota.changed",
    "file.infected",
]


class AuditView(msgspec.Struct, kw_only=True):
    """An event of an account: `by` the user who did it, if known; a chat and a role, a right, a quota (bytes), or
    the name of a virus, where it has one.
    """

    id: int
    kind: AuditKind
    at: str
    user: UserRead
    by: UserRead | None
    chat_id: int | None
    device: str
    address: str
    detail: str


class AuditList(msgspec.Struct):
    """A page of the audit trail, newest first."""

    items: list[AuditView]
    page: CursorPage


Ending = Literal["ended", "password", "reuse", "limit"]
"""A session was ended by its owner (signed out, or ended in the settings), by another password, by a refresh token that
was used twice, or by newer sessions beyond the limit."""


class SessionEndedData(msgspec.Struct):
    """A session that is over: its sockets close.

    A device deletes unsent words only if its owner `ended` the session.
    """

    session_id: int
    reason: Ending = "ended"


class RegisteredData(msgspec.Struct):
    """A new person, and the invite they came with."""

    user_id: int
    invite: str | None


class Knock(msgspec.Struct):
    """A registration of a stranger, with an invite or none; the house of invites sets `admitted`."""

    invite: str | None
    registration: str
    admitted: bool = False


KNOCKS: Final = Seam[Knock]()
SessionEnded = Event("session.ended", SessionEndedData, ("user",))
Registered = Event("", RegisteredData)
