"""The variables of chats."""

from pydantic import Field

from messenger.doors.section import Duration, Section


class ChatSettings(Section):
    """How long an invite link works."""

    invite_ttl: Duration = Field(7 * 86_400, description="Life of an invite link.")
