"""The views of invites."""

import msgspec

from messenger.kernel.paging import CursorPage


class InviteView(msgspec.Struct, kw_only=True):
    """An invite as those see it who may make one."""

    code: str
    url: str
    chat_id: int | None
    created_by: int
    created_at: str
    expires_at: str
    max_uses: int | None
    uses: int
    admits_strangers: bool


class InviteList(msgspec.Struct):
    """All valid invites of a chat, newest first."""

    items: list[InviteView]
    page: CursorPage


class InvitePreview(msgspec.Struct, kw_only=True):
    """The inviting person and the chat or server of a link, for its holder."""

    code: str
    server_name: str
    inviter_name: str
    chat_name: str | None
    member_count: int | None
    expires_at: str
    registration: str
    admits_strangers: bool
