"""May this seat do this? Pure functions; each raises what the caller is told."""

from messenger.features.chats.errors import ChatForbidden, LastOwner
from messenger.features.chats.seat import Seat

_RANK = {"member": 0, "admin": 1, "owner": 2}


def may_manage(seat: Seat) -> None:
    """Rename, invite and add: owners and admins of groups. Raises `ChatForbidden`."""
    if seat.kind != "group" or _RANK[seat.role] < _RANK["admin"]:
        raise ChatForbidden


def may_remove(seat: Seat, role: str) -> None:
    """Remove a member of `role`: only somebody of a higher rank, or an owner. Raises `ChatForbidden`."""
    may_manage(seat)
    if seat.role != "owner" and _RANK[role] >= _RANK[seat.role]:
        raise ChatForbidden


def may_promote(seat: Seat) -> None:
    """Give roles: owners. Raises `ChatForbidden`."""
    if seat.kind != "group" or seat.role != "owner":
        raise ChatForbidden


def may_step_down(owners: int) -> None:
    """Stop being an owner and stay: not as the last one, even alone. Raises `LastOwner`."""
    if owners == 1:
        raise LastOwner


def may_leave(seat: Seat, owners: int) -> None:
    """Leave a group, unless as its last owner with others left. Raises `ChatForbidden`, `LastOwner`."""
    if seat.kind != "group":
        raise ChatForbidden
    if seat.role == "owner" and owners == 1 and seat.member_count > 1:
        raise LastOwner
