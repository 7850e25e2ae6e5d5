"""Decides what a seat may do to a member.

Pure functions; each raises the error for the caller. `Seat.need` checks plain rights.
"""

from messenger.features.chats import rights
from messenger.features.chats.errors import ChatForbidden, LastOwner
from messenger.features.chats.rights import Right
from messenger.features.chats.seat import Seat

_RANK = {"member": 0, "admin": 1, "owner": 2}


def may_remove(seat: Seat, role: str) -> None:
    """Checks that a seat may remove a member of `role`: only with a higher rank, or as an owner.

    Raises `ChatForbidden`.
    """
    seat.need(Right.RESTRICT)
    if seat.role != "owner" and _RANK[role] >= _RANK[seat.role]:
        raise ChatForbidden(right=rights.name_of(Right.RESTRICT), because="rank")


def may_step_down(owners: int) -> None:
    """Checks that an owner may take another role: not the last one, even alone. Raises `LastOwner`."""
    if owners == 1:
        raise LastOwner


def may_leave(seat: Seat, owners: int) -> None:
    """Checks that a member may leave: not the last owner with others left. Raises `ChatForbidden`, `LastOwner`."""
    seat.need(Right.LEAVE)
    if seat.role == "owner" and owners == 1 and seat.member_count > 1:
        raise LastOwner
