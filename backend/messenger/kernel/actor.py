"""Who asks."""

from typing import NamedTuple


class Actor(NamedTuple):
    """A signed-in person and the session they speak through; `expires_at` (ms) is the end of the access token."""

    user_id: int
    session_id: int
    is_admin: bool = False
    expires_at: int = 0
