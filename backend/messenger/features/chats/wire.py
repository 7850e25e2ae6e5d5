"""What travels about chats: views on answers, data of events."""

from typing import Annotated, Any, Literal

import msgspec

from messenger.features.people.wire import UserChangedData, UserRead
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage

Role = Literal["owner", "admin", "member"]
ChatKind = Literal["direct", "group", "saved"]
LastMessage = Annotated[
    Any,
    msgspec.Meta(extra_json_schema={"anyOf": [{"$ref": "#/components/schemas/MessageView"}, {"type": "null"}]}),
]
"""A `MessageView`, filled in by the house of messages, which stands above this one."""


class ChatView(msgspec.Struct, kw_only=True):
    """A chat as one member sees it; `at_ev` is the last change it holds, `at_seal` the seal of that change."""

    id: int
    kind: ChatKind
    name: str
    created_at: str
    rev: int
    avatar: str | None = None
    my_role: Role
    member_count: int
    peer: UserRead | None = None
    head_seq: int = 0
    last_message: LastMessage = None
    read_seq: int = 0
    unread: int = 0
    others_read_seq: int = 0
    at_ev: int = 0
    at_seal: str | None = None


class ChatPage(msgspec.Struct):
    """Where a list of chats goes on, and the position of the user's own stream it was read at."""

    next_cursor: str | None
    epoch: int
    user_ev: int
    user_seal: str | None


class ChatList(msgspec.Struct):
    """A page of chats, last active first."""

    items: list[ChatView]
    page: ChatPage


class MemberView(msgspec.Struct, kw_only=True):
    """A member of a chat and how far they have read."""

    user: UserRead
    role: Role
    joined_at: str
    read_seq: int = 0


class MemberList(msgspec.Struct):
    """A page of members, by the time they came."""

    items: list[MemberView]
    page: CursorPage


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
    """Who invites to what, for somebody who holds the link."""

    code: str
    server_name: str
    inviter_name: str
    chat_name: str | None
    member_count: int | None
    expires_at: str
    registration: str
    admits_strangers: bool


class ChatChangedData(msgspec.Struct):
    """A chat got another name or avatar from `by`; both as they are now."""

    chat_id: int
    name: str
    avatar: str | None
    rev: int
    by: int


class MembersJoinedData(msgspec.Struct):
    """People came in; `by` brought them (themselves, through a link). `members`: empty where many came into a large group."""

    chat_id: int
    members: list[MemberView]
    member_count: int
    by: int
    kind: ChatKind


class MemberLeftData(msgspec.Struct):
    """Somebody left, or was removed by `by`."""

    chat_id: int
    user_id: int
    by: int
    member_count: int


class MemberChangedData(msgspec.Struct):
    """A member got another role."""

    chat_id: int
    user_id: int
    role: Role


class ChatJoinedData(msgspec.Struct):
    """A chat that is new to the user."""

    chat: ChatView


class ChatLeftData(msgspec.Struct):
    """A chat that the user is no longer in."""

    chat_id: int


class ChatCreatedData(msgspec.Struct):
    """A group began."""

    chat_id: int
    name: str
    by: int


class PeopleCameData(msgspec.Struct):
    """People came into a group that is there already."""

    chat_id: int
    user_ids: list[int]
    by: int


class ChatRenamedData(msgspec.Struct):
    """A chat got another name."""

    chat_id: int
    name: str
    by: int


class ChatPicturedData(msgspec.Struct):
    """A chat got another avatar, or lost its own."""

    chat_id: int
    avatar: str | None
    by: int


ChatRenamed = Event("", ChatRenamedData)
ChatPictured = Event("", ChatPicturedData)
ChatCreated = Event("", ChatCreatedData)
PeopleCame = Event("", PeopleCameData)
ChatChanged = Event("chat.changed", ChatChangedData, ("chat",))
MemberJoined = Event("member.joined", MembersJoinedData, ("chat",))
MemberLeft = Event("member.left", MemberLeftData, ("chat",))
MemberChanged = Event("member.changed", MemberChangedData, ("chat",))
ChatJoined = Event("chat.joined", ChatJoinedData, ("user",))
ChatLeft = Event("chat.left", ChatLeftData, ("user",))
PeerChanged = Event("user.changed", UserChangedData, ("chat",))
"""The same fact as the user's own `user.changed`, told to the chats they are in."""
