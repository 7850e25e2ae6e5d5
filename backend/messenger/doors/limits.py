"""Takes tokens from rate limits, and defines the buckets that all houses share. A house has its own on its plate."""

from typing import Final

from starlette.requests import Request

from messenger.doors.platform import Platform
from messenger.kernel.errors import TooMany
from messenger.kernel.ports.limits import Bucket, Rate, Taken

ANONYMOUS: Final = Bucket("anonymous", Rate(60, 60, 60))
CHANGE: Final = Bucket("change", Rate(30, 5, 1))
DEFAULT: Final = Bucket("default", Rate(60, 10, 1))
SHARED: Final = (ANONYMOUS, CHANGE, DEFAULT)
"""The buckets per address, per change of something, and per other call."""


def check(platform: Platform, bucket: Bucket, key: object, cost: int = 1) -> Taken:
    """Takes `cost` tokens of a quick `bucket` for `key` (a user's id or an address). Raises `TooMany`."""
    if not platform.config.limits_on:
        return bucket.full
    return _checked(platform, bucket, platform.limits.take(f"{bucket.name}:{key}", bucket.rate, cost))


async def ask(platform: Platform, bucket: Bucket, key: object, cost: int = 1) -> Taken:
    """Takes tokens of a slow `bucket`, which all processes share. Raises `TooMany`."""
    if not platform.config.limits_on:
        return bucket.full
    return _checked(platform, bucket, await platform.limits.ask(f"{bucket.name}:{key}", bucket.rate, cost))


def _checked(platform: Platform, bucket: Bucket, taken: Taken) -> Taken:
    if taken.wait_ms:
        platform.refused[bucket.name] += 1
        raise TooMany(retry_after_ms=taken.wait_ms, bucket=bucket.name)
    return taken


def left(platform: Platform, bucket: Bucket, key: object) -> int:
    """Returns how many tokens a bucket holds."""
    if not platform.config.limits_on:
        return bucket.rate.burst
    return platform.limits.take(f"{bucket.name}:{key}", bucket.rate, 0).remaining


def note(request: Request, bucket: Bucket, taken: Taken) -> None:
    """Stores the bucket's state for the answer's headers (written by `web/http.py`)."""
    request.state.limit = (bucket, taken)
