"""Decides what a person may do. Pure functions; each raises the error for the caller."""

from typing import Any

from messenger.features.people.errors import UserForbidden


def may_invite(user: Any) -> bool:
    """Returns whether a user's links admit people without an account.

    Those of administrators do, and those of people they allow.
    """
    return bool(user.role == "admin" or user.may_invite)


def may_administer(*, is_admin: bool) -> None:
    """Checks that a person is an administrator, who may give rights and read the audit of all.

    Raises `UserForbidden`.
    """
    if not is_admin:
        raise UserForbidden
