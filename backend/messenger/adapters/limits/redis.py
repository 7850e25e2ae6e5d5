"""Rate limits of all processes together: quick ones decided here and settled with Redis later, slow ones by Redis."""

import asyncio
import logging
import math
import random
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from messenger.adapters.limits.memory import MemoryLimits
from messenger.kernel.ports.limits import Rate, Taken

log = logging.getLogger("messenger.limits")

TIMEOUT_S: Final = 0.2
"""How long one call of Redis may take; measured here and not by the client (see the bus)."""
ASK_S: Final = 2.0
"""Seconds for slow buckets: better a slow sign-in than a process that counts alone because Redis was busy."""
ASKING_MAX: Final = 4
"""Connections for slow buckets; more callers at once take turns."""
GATHER_S: Final = 0.02
"""Tokens taken in this time (s) are settled together."""
BACK_OFF_S: Final = (0.1, 5.0)
SETTLED_MOST: Final = 500
UNSETTLED_MAX: Final = 10_000
PREFIX: Final = "wm:limit:"

_COUNT: Final = """
local burst, per_ms, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(kept[1]) or burst
tokens = math.min(burst, tokens + math.max(0, now - (tonumber(kept[2]) or now)) * per_ms)
"""
"""Counts the tokens in a bucket now, by the clock of Redis."""
_KEEP: Final = """
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / per_ms) + 1000)
"""

SETTLE: Final = f"{_COUNT} tokens = math.max(tokens - cost, -burst) {_KEEP} return tostring(tokens)"
"""Charges a bucket with the tokens taken; returns the tokens left, less than none when processes took more at once than
there were. A process that overdrew waits until it is paid back, so the rate holds.
"""

TAKE: Final = f"""{_COUNT}
local enough = tokens >= cost
if enough then tokens = tokens - cost end
{_KEEP}
return {{enough and 1 or 0, tostring(tokens)}}
"""
"""Takes from a bucket, or leaves it as it is; returns whether there was enough, and the tokens left."""


@dataclass(slots=True)
class Charge:
    """The debt of a bucket to Redis."""

    rate: Rate
    cost: int = 0


class RedisLimits:
    """A driver of `kernel.ports.limits.Limits` for any number of processes."""

    def __init__(self, url: str) -> None:
        once = Retry(NoBackoff(), 0)
        self._client = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=TIMEOUT_S, retry=once)
        self._local = MemoryLimits()
        self._owed: dict[str, Charge] = {}
        self._owes = asyncio.Event()
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=ASKING_MAX,
            timeout=ASK_S,
            socket_timeout=None,
            socket_connect_timeout=ASK_S,
            retry=once,
        )
        self._asking = Redis.from_pool(pool)
        self._take: Any = self._asking.register_script(TAKE)
        self._is_away = False
        self._task: asyncio.Task[None] | None = None

    def take(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        taken = self._local.take(key, rate, cost)
        if not taken.wait_ms and (key in self._owed or len(self._owed) < UNSETTLED_MAX):
            self._owed.setdefault(key, Charge(rate)).cost += cost
            self._owes.set()
        return taken

    async def ask(self, key: str, rate: Rate, cost: int = 1) -> Taken:
        per_ms = rate.tokens / (rate.seconds * 1000)
        # While Redis is away no caller waits for it: tokens taken here are owed, and the task that settles them notices
        # when it is back.
        found = None if self._is_away else await self._ask(key, [rate.burst, per_ms, cost])
        if found is None:
            return self.take(key, rate, cost)
        enough, tokens = found
        self._local.put(key, rate, tokens)
        wait = 0 if enough else math.ceil((cost - tokens) / per_ms)
        return Taken(wait, max(0, int(tokens)), math.ceil((rate.burst - tokens) / per_ms))

    async def _ask(self, key: str, args: list[float]) -> tuple[bool, float] | None:
        try:
            async with asyncio.timeout(ASK_S):
                enough, tokens = await self._take(keys=[PREFIX + key], args=args)
        except (RedisError, OSError, TimeoutError):
            return None
        return bool(enough), float(tokens)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._settle())

    async def close(self) -> None:
        while self._task is not None and not self._task.done():
            # Once is not always enough: the client may take a cancellation for the failure of its own.
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=TIMEOUT_S)
        await self._client.aclose()
        await self._asking.aclose()

    async def _settle(self) -> None:
        """Settles what is owed; while Redis is away the local buckets count alone and the debts are kept."""
        pause = 0.0
        script: Any = self._client.register_script(SETTLE)
        while True:
            await self._owes.wait()
            await asyncio.sleep(max(GATHER_S, pause * random.uniform(0.5, 1)))
            self._owes.clear()
            owed = dict(list(self._owed.items())[:SETTLED_MOST])
            costs = {key: charge.cost for key, charge in owed.items()}
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    left = await self._charge(script, owed)
            except (RedisError, OSError, TimeoutError) as error:
                pause = min(BACK_OFF_S[1], max(BACK_OFF_S[0], pause * 2))
                if not self._is_away:
                    log.warning("Redis (LIMITS_URL) is away, each process counts alone: %r", error)
                self._is_away = True
                self._owes.set()
                continue
            if self._is_away:
                log.warning("Redis (LIMITS_URL) is back")
            pause, self._is_away = 0.0, False
            for key, tokens in left.items():
                charge = self._owed[key]
                charge.cost -= costs[key]
                self._local.put(key, charge.rate, tokens - charge.cost)
                if not charge.cost:
                    del self._owed[key]
            if self._owed:
                self._owes.set()

    async def _charge(self, script: Any, owed: dict[str, Charge]) -> dict[str, float]:
        pipe = self._client.pipeline(transaction=False)
        for key, charge in owed.items():
            per_ms = charge.rate.tokens / (charge.rate.seconds * 1000)
            await script(keys=[PREFIX + key], args=[charge.rate.burst, per_ms, charge.cost], client=pipe)
        return dict(zip(owed, map(float, await pipe.execute()), strict=True))
