"""The person on whose behalf a call is made."""

from typing import NamedTuple


class Actor(NamedTuple):
    """A signed-in person and the session they use. `expires_at` (ms) is the end of the access token."""

    user_id: int
    session_id: int
    is_admin: bool = False
    expires_at: int = 0
