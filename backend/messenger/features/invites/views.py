"""Turns rows of invites into views."""

from typing import Any

from messenger.features.invites.wire import InviteView
from messenger.kernel import clock


def invite_view(row: Any, public_url: str, *, admits_strangers: bool) -> InviteView:
    """Returns an invite with its link."""
    return InviteView(
        code=row.code,
        url=f"{public_url}/invite/{row.code}",
        chat_id=row.chat_id,
        created_by=row.created_by,
        created_at=clock.text(row.created_at),
        expires_at=clock.text(row.expires_at),
        max_uses=row.max_uses,
        uses=row.uses,
        admits_strangers=admits_strangers,
    )
