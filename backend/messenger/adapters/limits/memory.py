"""Rate limits inside one process: token buckets in a dictionary."""

import math
from typing import Final

from messenger.kernel import clock
from messenger.kernel.ports.limits import Rate, Taken

KEPT_MAX: Final = 50_000
"""Buckets kept; beyond, those that are full again are forgotten."""


class MemoryLimits:
    """A driver of `kernel.ports.limits.Limits` for a single process."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, int, Rate]] = {}

    def take(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        now, (burst, given, seconds) = clock.now_ms(), rate
        per_ms = given / (seconds * 1000)
        tokens, at, _ = self._buckets.get(key) or (float(burst), now, rate)
        if now > at:
            tokens += (now - at) * per_ms
            if tokens > burst:
                tokens = float(burst)
        wait = 0 if tokens >= cost else math.ceil((cost - tokens) / per_ms)
        if not wait:
            tokens -= cost
        self._buckets[key] = (tokens, now, rate)
        if len(self._buckets) > KEPT_MAX:
            self._forget(now)
        return Taken(wait, int(tokens), math.ceil((burst - tokens) / per_ms))

    async def ask(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        return self.take(key, rate, cost)

    def put(self, key: str, rate: Rate, tokens: float) -> None:
        """Sets a bucket to the tokens that Redis counted; below zero it must be paid back first."""
        self._buckets[key] = (tokens, clock.now_ms(), rate)

    async def start(self) -> None:
        """Does nothing: there is nothing to open."""

    async def close(self) -> None:
        """Does nothing: there is nothing to close."""

    def _forget(self, now: int) -> None:
        """Forgets full buckets, which are the same as new ones."""
        self._buckets = {
            key: (tokens, at, rate)
            for key, (tokens, at, rate) in self._buckets.items()
            if tokens + (now - at) * rate.tokens / (rate.seconds * 1000) < rate.burst
        }
