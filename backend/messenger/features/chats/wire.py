"""What travels about chats: views on answers, data of events."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

from messenger.db.tx import Seam
from messenger.features.chats.rights import RightName
from messenger.features.people.wire import UserChangedData, UserRead
from messenger.kernel.events import Event
from messenger.kernel.paging import CursorPage
from messenger.kernel.parts import Parts

Role = Literal["owner", "admin", "member"]
ChatKind = Literal["direct", "group", "saved"]
Level = Literal["all", "mentions", "none"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""Kept by their places: a short row lets PostgreSQL tell its indexes apart while the table is empty."""
Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
LastMessage = Annotated[
    Any,
    Meta(extra_json_schema={"anyOf": [{"$ref": "#/components/schemas/MessageView"}, {"type": "null"}]}),
]
"""A `MessageView`, filled in by the house of messages, which stands above this one."""


class MemberState(msgspec.Struct, kw_only=True):
    """What a chat is to one of its members; only that person sees it.

    `unread`: messages of others after `read_seq`, or from `unread_from` on where the chat is marked as unread (1,000: so
    many or more), as of the change `at_ev` of the chat. Of two states the later one has the higher `rev` or `read_seq`.
    """

    read_seq: int
    unread: int = 0
    mentions: int = 0
    at_ev: int
    level: Level
    muted_until: str | None
    pin: int | None
    archived: int | None
    unread_from: int | None
    rev: int

    @property
    def unread_after(self) -> int:
        """The message after which messages count as unread."""
        return self.read_seq if self.unread_from is None else self.unread_from - 1


class StateChange(msgspec.Struct):
    """The body of a change of what a chat is to me; a field that is missing stays as it is."""

    level: Level | UnsetType = UNSET
    muted_until: Annotated[str, Meta(max_length=40)] | UnsetType | None = UNSET
    pin: Annotated[int, Meta(ge=1 - 2**53, le=2**53 - 1)] | UnsetType | None = UNSET
    archived: Annotated[int, Meta(ge=0, le=2**53 - 1)] | UnsetType | None = UNSET
    unread_from: Number | UnsetType | None = UNSET


class ChatView(msgspec.Struct, kw_only=True):
    """A chat as one member sees it; `at_ev` is the last change it holds, `at_seal` the seal of that change."""

    id: int
    kind: ChatKind
    name: str
    created_at: str
    rev: int
    avatar: str | None = None
    my_role: Role
    my_rights: tuple[RightName, ...]
    member_count: int
    peer: UserRead | None = None
    head_seq: int = 0
    last_message: LastMessage = None
    my: MemberState
    others_read_seq: int = 0
    at_ev: int = 0
    at_seal: str | None = None
    parts: Parts | UnsetType = UNSET


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
    """A member of a chat and up to where they show that they have read."""

    user: UserRead
    role: Role
    joined_at: str
    read_seq: int = 0


class ChatViews(NamedTuple):
    """Chats as one user sees them, for houses above to fill in."""

    user_id: int
    views: Sequence[ChatView]


CHATS: Final = Seam[ChatViews]()
STATES: Final = Seam[Mapping[tuple[int, int], MemberState]]()
"""By chat and member: for the house that counts what is unread."""


class MemberList(msgspec.Struct):
    """A page of members, by the time they came."""

    items: list[MemberView]
    page: CursorPage


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
    """A member got another role; `my_rights` is for that member alone."""

    chat_id: int
    user_id: int
    role: Role
    my_rights: tuple[RightName, ...] | UnsetType = UNSET


class ChatJoinedData(msgspec.Struct):
    """A chat that is new to the user."""

    chat: ChatView


class ChatMineData(msgspec.Struct):
    """What a chat is to me changed; all of it, as it is now."""

    chat_id: int
    my: MemberState


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
ChatMine = Event("chat.mine", ChatMineData, ("user",))
PeerChanged = Event("user.changed", UserChangedData, ("chat",))
"""The same fact as the user's own `user.changed`, told to the chats they are in."""
