"""Decides who may register. Pure functions; each raises the error for the caller."""

import hmac

from messenger.features.people.errors import UserForbidden
from messenger.features.sessions.errors import InviteRequired, RegistrationClosed, SetupRequired


def may_register(registration: str, *, admitted: bool) -> None:
    """Checks the server's mode; `admitted`: an invite allows it. Raises `RegistrationClosed`, `InviteRequired`."""
    if registration == "closed":
        raise RegistrationClosed
    if registration == "invite" and not admitted:
        raise InviteRequired


def may_set_up(expected: str, given: str | None) -> None:
    """Checks the code for the first account, where the server printed one. Raises `SetupRequired`."""
    if expected and not hmac.compare_digest(expected.encode(), (given or "").encode()):
        raise SetupRequired


def may_read_all(*, is_admin: bool) -> None:
    """Checks that the reader of the audit trail of all accounts is an administrator. Raises `UserForbidden`."""
    if not is_admin:
        raise UserForbidden
