"""The variables of messages."""

from pydantic import Field

from messenger.doors.section import Duration, Section


class MessageSettings(Section):
    """How long a message may be, and for how long it may be changed."""

    max_message_chars: int = Field(16_000, ge=100, le=16_000, description="Longest message.")
    edit_window: Duration = Field(86_400, description="Time in which one's own message may be edited or deleted.")
