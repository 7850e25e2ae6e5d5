"""Who may come in? Pure functions; each raises what the caller is told."""

import hmac

from messenger.features.people.errors import UserForbidden
from messenger.features.sessions.errors import InviteRequired, RegistrationClosed, SetupRequired


def may_register(registration: str, *, admitted: bool) -> None:
    """By the server's mode, `admitted` by an invite or not. Raises `RegistrationClosed`, `InviteRequired`."""
    if registration == "closed":
        raise RegistrationClosed
    if registration == "invite" and not admitted:
        raise InviteRequired


def may_set_up(expected: str, given: str | None) -> None:
    """The first account, where the server printed a code for it. Raises `SetupRequired`."""
    if expected and not hmac.compare_digest(expected.encode(), (given or "").encode()):
        raise SetupRequired


def may_read_all(*, is_admin: bool) -> None:
    """Read what happened to all accounts: administrators. Raises `UserForbidden`."""
    if not is_admin:
        raise UserForbidden
