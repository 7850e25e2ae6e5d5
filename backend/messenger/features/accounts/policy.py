"""Who may come in? Pure functions; each raises what the caller is told."""

import hmac
from typing import Any

from messenger.features.accounts.errors import InviteRequired, RegistrationClosed, SetupRequired, UserForbidden


def may_register(registration: str, *, admitted: bool) -> None:
    """By the server's mode, `admitted` by an invite or not. Raises `RegistrationClosed`, `InviteRequired`."""
    if registration == "closed":
        raise RegistrationClosed
    if registration == "invite" and not admitted:
        raise InviteRequired


def may_invite(user: Any) -> bool:
    """Whether a user's links let strangers in where an invite is needed: administrators, and whom they allow."""
    return bool(user.role == "admin" or user.may_invite)


def may_administer(*, is_admin: bool) -> None:
    """Give rights to others, read what happened to all: administrators. Raises `UserForbidden`."""
    if not is_admin:
        raise UserForbidden


def may_set_up(expected: str, given: str | None) -> None:
    """The first account, where the server printed a code for it. Raises `SetupRequired`."""
    if expected and not hmac.compare_digest(expected.encode(), (given or "").encode()):
        raise SetupRequired
