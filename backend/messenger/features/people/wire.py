"""The views and events of people."""

from typing import Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from messenger.kernel.actor import Actor
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage
from messenger.kernel.parts import Parts


class UserRead(msgspec.Struct, kw_only=True):
    """A person. `email`, `email_verified` and `language` are only in one's own view.

    `may_invite` is there for administrators too.
    """

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
    parts: Parts | UnsetType = UNSET


class UserList(msgspec.Struct):
    """A page of people by name."""

    items: list[UserRead]
    page: CursorPage


class UserChangedData(msgspec.Struct):
    """A profile as it is now."""

    user: UserRead


class RightChangedData(NamedTuple):
    """A right that an administrator gave a person, or took from them."""

    user_id: int
    by: Actor
    right: str
    is_given: bool


UserChanged = Event("user.changed", UserChangedData, ("user",))
RightChanged = Event("", RightChangedData)
