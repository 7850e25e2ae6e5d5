"""Makes time-ordered ids: 52 bits, exact as a JavaScript number."""

import secrets
import threading
from typing import Final

from messenger.kernel import clock

EPOCH_MS: Final = 1_735_689_600_000
"""2025-01-01T00:00:00Z: the zero of the 41 bits of milliseconds, which last until 2094."""
RANDOM_BITS: Final = 11

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Returns a new id: 41 bits of milliseconds and 11 random bits; rising within this process.

    Two processes may draw the same id in the same millisecond. Then the primary key refuses it and the lane repeats the
    function (`db/lanes.py`).
    """
    global _last
    drawn = (clock.now_ms() - EPOCH_MS) << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
    with _lock:
        _last = max(drawn, _last + 1)
        return _last


def new_secret() -> str:
    """Returns 256 random bits as URL-safe text, for tokens and links."""
    return secrets.token_urlsafe(32)
