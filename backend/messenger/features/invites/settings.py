"""The variables of invites."""

from pydantic import Field

from messenger.doors.section import Duration, Section


class InviteSettings(Section):
    """How long an invite link works."""

    invite_ttl: Duration = Field(7 * 86_400, description="Life of an invite link.")
