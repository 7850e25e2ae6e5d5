"""Turns rows of people into views."""

from typing import Any

from messenger.features.people import policy
from messenger.features.people.wire import UserRead
from messenger.kernel import clock


def public(row: Any) -> UserRead:
    """Returns a person as others see them."""
    created_at = clock.text(row.created_at)
    return UserRead(id=row.id, name=row.name, role=row.role, created_at=created_at, rev=row.rev, avatar=row.avatar)


def seen_by(row: Any, *, is_admin: bool) -> UserRead:
    """Returns a person as others see them; an administrator also sees the rights they gave."""
    view = public(row)
    if is_admin:
        view.may_invite = policy.may_invite(row)
    return view


def own(row: Any) -> UserRead:
    """Returns a person as they see themselves."""
    view = public(row)
    view.email, view.language = row.email, row.language
    view.email_verified = row.email_verified_at is not None
    view.may_invite = policy.may_invite(row)
    return view
