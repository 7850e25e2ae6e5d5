"""The variables of sockets."""

from pydantic import Field

from messenger.doors.section import Section


class SocketSettings(Section):
    """How many sockets may be open."""

    max_sockets_per_user: int = Field(10, ge=1, le=100, description="Open sockets of one person.")
