"""The views on answers and the data of events about chats."""

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
"""Stored by their places: a short row lets PostgreSQL tell its indexes apart while the table is empty."""
Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
LastMessage = Annotated[
    Any,
    Meta(extra_json_schema={"anyOf": [{"$ref": "#/components/schemas/MessageView"}, {"type": "null"}]}),
]
"""A `MessageView`, filled in by the house of messages, which is above this one."""


class MemberState(msgspec.Struct, kw_only=True):
    """The state of a member in a chat; only that person sees it.

    `unread`: messages of others after `read_seq`, or from `unread_from` on where the chat is marked as unread (1,000:
    so many or more), as of the change `at_ev` of the chat. Of two states the later one has the higher `rev` or
    `read_seq`.
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
        """Returns the message after which messages count as unread."""
        return self.read_seq if self.unread_from is None else self.unread_from - 1


class StateChange(msgspec.Struct):
    """The body of a change of my state in a chat; a missing field stays as it is."""

    level: Level | UnsetType = UNSET
    muted_until: Annotated[str, Meta(max_length=40)] | UnsetType | None = UNSET
    pin: Annotated[int, Meta(ge=1 - 2**53, le=2**53 - 1)] | UnsetType | None = UNSET
    archived: Annotated[int, Meta(ge=0, le=2**53 - 1)] | UnsetType | None = UNSET
    unread_from: Number | UnsetType | None = UNSET


class StateFrame(StateChange, kw_only=True):
    """Data of `mine.set`."""

    chat_id: Number


class ChatView(msgspec.Struct, kw_only=True):
    """A chat as one member sees it; `at_ev` is the last change it holds, `at_seal` the seal of that change.

    `cards`: whether its messages get previews of the pages to which they link.
    """

    id: int
    kind: ChatKind
    name: str
    created_at: str
    rev: int
    avatar: str | None = None
    cards: bool = True
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
    """The cursor of the next page of chats, and the position of the user's own stream at which the list was read."""

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
"""By chat and member: for the house that counts unread messages."""


class MemberList(msgspec.Struct):
    """A page of members, by the time they joined."""

    items: list[MemberView]
    page: CursorPage


class ChatChangedData(msgspec.Struct):
    """A chat got another name, avatar or setting from `by`; all as they are now."""

    chat_id: int
    name: str
    avatar: str | None
    rev: int
    by: int
    cards: bool


class MembersJoinedData(msgspec.Struct):
    """People joined; `by` added them (themselves, through a link). `members`: empty where many joined a large group."""

    chat_id: int
    members: list[MemberView]
    member_count: int
    by: int
    kind: ChatKind


class MemberLeftData(msgspec.Struct):
    """A member left, or was removed by `by`."""

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
    """My state in a chat changed; the whole state, as it is now."""

    chat_id: int
    my: MemberState


class ChatLeftData(msgspec.Struct):
    """A chat that the user is no longer in."""

    chat_id: int


class ChatCreatedData(msgspec.Struct):
    """A group was created."""

    chat_id: int
    name: str
    by: int


class PeopleCameData(msgspec.Struct):
    """People joined a group that existed already."""

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
"""The same event as the user's own `user.changed`, for the chats they are in."""
