"""The key an action holds to prove that somebody is a member."""

from typing import Literal, NamedTuple


class Seat(NamedTuple):
    """A member's place in a chat. `joined_seq`: the last message before they came; `head_seq`: the last one now; `head_ev`:
    the last change now."""

    chat_id: int
    user_id: int
    role: Literal["owner", "admin", "member"]
    kind: Literal["direct", "group", "saved"]
    member_count: int
    joined_seq: int
    head_seq: int
    head_ev: int
