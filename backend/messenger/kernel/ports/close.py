"""The codes that a socket is closed with; a test compares them with `API_CONTRACT.md` section 3 and with the client."""

from enum import IntEnum


class Closed(IntEnum):
    """Why a socket is closed. Other codes are the protocol's own (RFC 6455)."""

    TOO_BIG = 1009
    RESTART = 1012
    OVERLOADED = 1013
    PROTOCOL = 4400
    UNAUTHENTICATED = 4401
    REVOKED = 4403
    TOO_SLOW = 4408
    TOO_MANY = 4429
