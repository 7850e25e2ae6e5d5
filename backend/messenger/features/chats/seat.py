"""The key an action holds to prove that somebody is a member."""

from typing import Literal, NamedTuple


class Seat(NamedTuple):
    """A member's place in a chat."""

    chat_id: int
    user_id: int
    role: Literal["owner", "admin", "member"]
    kind: Literal["direct", "group", "saved"]
    member_count: int
    joined_seq: int
