"""What travels about people and their sessions."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from messenger.kernel.events import Event


class UserRead(msgspec.Struct, kw_only=True):
    """A person; `email`, `email_verified` and `language` only in one's own view, `may_invite` also for administrators."""

    id: int
    name: str
    role: Literal["admin", "member"]
    created_at: str
    rev: int
    avatar: str | None = None
    email: str | UnsetType = UNSET
    email_verified: bool | UnsetType = UNSET
    language: Literal["ru", "en"] | UnsetType = UNSET
    may_invite: bool | UnsetType = UNSET


class Tokens(msgspec.Struct, kw_only=True):
    """What a sign-in answers; `refresh_token` is `None` when the cookie carries it, `expires_in` in s."""

    user: UserRead
    access_token: str
    refresh_token: str | None
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
    session_id: int


class SessionView(msgspec.Struct, kw_only=True):
    """A signed-in device; `current` is the one that asks."""

    id: int
    device: str
    address: str
    created_at: str
    last_used_at: str
    current: bool


class ListPage(msgspec.Struct):
    """Where a list goes on; `None` at its end."""

    next_cursor: str | None = None


class UserList(msgspec.Struct):
    """A page of people by name."""

    items: list[UserRead]
    page: ListPage


class SessionList(msgspec.Struct):
    """All open sessions, last used first."""

    items: list[SessionView]
    page: ListPage


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
]


class AuditView(msgspec.Struct, kw_only=True):
    """What happened to an account: `by` whom, if that is known; a chat and a role, or a right, where it has one."""

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
    """A page of what happened, newest first."""

    items: list[AuditView]
    page: ListPage


class UserChangedData(msgspec.Struct):
    """A profile as it is now."""

    user: UserRead


class SessionEndedData(msgspec.Struct):
    """A session that is over: its sockets close."""

    session_id: int


class RegisteredData(msgspec.Struct):
    """Somebody new, and the invite they came with."""

    user_id: int
    invite: str | None


class Knock(msgspec.Struct):
    """Somebody at the door of the server, with an invite or none; `admitted` by whoever knows invites."""

    invite: str | None
    admitted: bool = False


UserChanged = Event("user.changed", UserChangedData, ("user",))
SessionEnded = Event("session.ended", SessionEndedData, ("user",))
Registered = Event("", RegisteredData)
