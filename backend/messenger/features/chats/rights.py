"""The rights of members: one number for a kind of chat and a role."""

from enum import IntFlag
from functools import cache
from typing import Final, Literal, get_args

RightName = Literal[
    "send",
    "react",
    "pin",
    "mention_all",
    "invite",
    "add",
    "info",
    "delete",
    "restrict",
    "promote",
    "leave",
    "media",
]
Because = Literal["kind", "role"]


class Right(IntFlag):
    """The rights of a member in a chat; the names on the wire are those of `RightName`, in this order.

    MENTION_ALL: mention all members at once. INVITE: make and see links. ADD: add people. INFO: change name and avatar.
    DELETE: delete messages of others. RESTRICT: remove members of a lower rank. PROMOTE: give roles. MEDIA: send files.
    """

    SEND = 1
    REACT = 2
    PIN = 4
    MENTION_ALL = 8
    INVITE = 16
    ADD = 32
    INFO = 64
    DELETE = 128
    RESTRICT = 256
    PROMOTE = 512
    LEAVE = 1024
    MEDIA = 2048


_WORDS: Final = Right.SEND | Right.REACT | Right.MEDIA
_MANAGE: Final = Right.PIN | Right.MENTION_ALL | Right.INVITE | Right.ADD | Right.INFO | Right.DELETE | Right.RESTRICT
_MEMBER: Final = _WORDS | Right.LEAVE
_ADMIN: Final = _MEMBER | _MANAGE
_RIGHTS: Final[dict[tuple[str, str], int]] = {
    ("direct", "member"): int(_WORDS | Right.PIN),
    ("saved", "member"): int(_WORDS | Right.PIN),
    ("group", "member"): int(_MEMBER),
    ("group", "admin"): int(_ADMIN),
    ("group", "owner"): int(_ADMIN | Right.PROMOTE),
}


def rights_of(kind: str, role: str) -> int:
    """Returns the rights of a role in a kind of chat, as a mask: a plain number, because each send asks."""
    return _RIGHTS[(kind, role)]


def why(kind: str, role: str, right: Right) -> tuple[bool, Because]:
    """Returns whether a role has a right, and the reason.

    The reason is the role, or the kind of chat where all roles are alike.
    """
    answers = {bool(mask & right) for (one, _), mask in _RIGHTS.items() if one == kind}
    return bool(_RIGHTS[(kind, role)] & right), "role" if len(answers) > 1 else "kind"


def name_of(right: Right) -> RightName:
    """Returns the name of one right on the wire."""
    return _NAMES[right]


@cache
def names(mask: int) -> tuple[RightName, ...]:
    """Returns the names of the rights in a mask."""
    return tuple(name for right, name in _NAMES.items() if mask & right)


_NAMES: Final[dict[Right, RightName]] = dict(zip(Right, get_args(RightName), strict=True))
