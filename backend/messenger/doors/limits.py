"""The rate limits of the contract and the door that asks them."""

from typing import Final

from starlette.requests import Request

from messenger.doors.platform import Platform
from messenger.kernel.errors import TooMany
from messenger.kernel.ports.limits import Rate, Taken

RATES: Final = {
    "login": Rate(5, 1, 60),
    "login_device": Rate(5, 1, 60),
    "login_address": Rate(20, 1, 10),
    "register": Rate(5, 5, 3600),
    "refresh": Rate(10, 1, 30),
    "forgot": Rate(3, 3, 3600),
    "forgot_address": Rate(10, 10, 3600),
    "resend": Rate(3, 3, 3600),
    "anonymous": Rate(60, 60, 60),
    "send": Rate(20, 5, 1),
    "change": Rate(30, 5, 1),
    "chats": Rate(60, 60, 3600),
    "members": Rate(1000, 1000, 3600),
    "read": Rate(20, 5, 1),
    "directory": Rate(30, 1, 1),
    "upload": Rate(20, 20, 60),
    "avatars": Rate(600, 100, 1),
    "default": Rate(60, 10, 1),
    "frames": Rate(60, 20, 1),
    "frame_bytes": Rate(1_048_576, 262_144, 1),
    "replay": Rate(16_777_216, 262_144, 1),
    "sockets": Rate(10, 1, 5),
}
"""`API_CONTRACT.md` section 5; a test compares them."""


QUICK: Final = frozenset(bucket for bucket, rate in RATES.items() if rate.tokens > rate.seconds)
"""More than a token a second: a process decides at once and settles with the others later (see `Limits.take`)."""


def check(platform: Platform, bucket: str, key: object, cost: int = 1) -> Taken:
    """Take `cost` tokens of a quick `bucket` for `key` (a user's id or an address). Raises `TooMany`."""
    if not platform.config.limits_on:
        return Taken(0, RATES[bucket].burst, 0)
    return _checked(platform, bucket, platform.limits.take(f"{bucket}:{key}", RATES[bucket], cost))


async def ask(platform: Platform, bucket: str, key: object, cost: int = 1) -> Taken:
    """Take tokens of a slow `bucket`, which all processes have in common. Raises `TooMany`."""
    if not platform.config.limits_on:
        return Taken(0, RATES[bucket].burst, 0)
    return _checked(platform, bucket, await platform.limits.ask(f"{bucket}:{key}", RATES[bucket], cost))


def _checked(platform: Platform, bucket: str, taken: Taken) -> Taken:
    if taken.wait_ms:
        platform.refused[bucket] += 1
        raise TooMany(retry_after_ms=taken.wait_ms, bucket=bucket)
    return taken


def left(platform: Platform, bucket: str, key: object) -> int:
    """How many tokens a bucket holds."""
    rate = RATES[bucket]
    if not platform.config.limits_on:
        return rate.burst
    return platform.limits.take(f"{bucket}:{key}", rate, 0).remaining


def note(request: Request, bucket: str, taken: Taken) -> None:
    """Leave the bucket's state for the answer's headers (written by `assembly/http.py`)."""
    request.state.limit = (bucket, RATES[bucket], taken)
