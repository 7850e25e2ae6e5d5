"""The proof that a person is a member, and their rights."""

from typing import Literal, NamedTuple

from messenger.features.chats import rights
from messenger.features.chats.errors import ChatForbidden
from messenger.features.chats.rights import Right
from messenger.kernel import events


class Seat(NamedTuple):
    """A member's place in a chat.

    `joined_seq`: the last message before they joined; `head_seq`: the last one now; `head_ev`: the last change now;
    `rights`: a mask of `Right`.
    """

    chat_id: int
    user_id: int
    role: Literal["owner", "admin", "member"]
    kind: Literal["direct", "group", "saved"]
    member_count: int
    joined_seq: int
    head_seq: int
    head_ev: int
    rights: int

    @property
    def is_large(self) -> bool:
        """Returns whether the chat has too many members to name each."""
        return self.member_count > events.CROWD

    def may(self, right: Right) -> bool:
        """Returns whether the member has a right."""
        return int.__and__(self.rights, right) != 0  # with flags the result would be a flag, at ten times the price

    def need(self, right: Right) -> None:
        """Raises `ChatForbidden` where the member lacks a right."""
        if not self.may(right):
            _, because = rights.why(self.kind, self.role, right)
            raise ChatForbidden(right=rights.name_of(right), because=because)
