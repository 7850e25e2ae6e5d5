"""Who may come in? Pure functions; each raises what the caller is told."""

import hmac

from messenger.features.accounts.errors import InviteRequired, RegistrationClosed, SetupRequired


def may_register(registration: str, *, is_first: bool, has_invite: bool) -> None:
    """By the server's mode; the first account always may. Raises `RegistrationClosed`, `InviteRequired`."""
    if is_first:
        return
    if registration == "closed":
        raise RegistrationClosed
    if registration == "invite" and not has_invite:
        raise InviteRequired


def may_set_up(expected: str, given: str | None) -> None:
    """The first account, where the server printed a code for it. Raises `SetupRequired`."""
    if expected and not hmac.compare_digest(expected.encode(), (given or "").encode()):
        raise SetupRequired
