"""May this person do this? Pure functions; each raises what the caller is answered."""

from typing import Any

from messenger.features.people.errors import UserForbidden


def may_invite(user: Any) -> bool:
    """Whether a user's links let strangers in where an invite is needed: administrators, and whom they allow."""
    return bool(user.role == "admin" or user.may_invite)


def may_administer(*, is_admin: bool) -> None:
    """Give rights to others, read what happened to all: administrators. Raises `UserForbidden`."""
    if not is_admin:
        raise UserForbidden
