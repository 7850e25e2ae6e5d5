"""Tests the contract of rate limits for every driver; the tests at the end are for Redis alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from messenger.adapters.limits.memory import MemoryLimits
from messenger.adapters.limits.redis import RedisLimits
from messenger.kernel.ids import new_secret
from messenger.kernel.ports.limits import Limits, Rate
from tests.ports.test_bus import run, until
from tests.redis_server import RedisServer

SLOW = Rate(3, 1, 3600)
"""A rate of three at once, and no more in the time of a test."""


@asynccontextmanager
async def opened(limits: Limits) -> AsyncIterator[Limits]:
    """Opens limits that count, until the block ends."""
    await limits.start()
    yield limits
    await limits.close()


@pytest.fixture(params=["memory", "redis"])
def make(request: pytest.FixtureRequest) -> Callable[[], Limits]:
    """Makes limits of either kind."""
    if request.param == "memory":
        return MemoryLimits
    url = request.getfixturevalue("redis_server").url
    return lambda: RedisLimits(url)


@pytest.fixture
def key() -> str:
    """Returns an unused bucket."""
    return new_secret()


def waits(limits: Limits, key: str, count: int, rate: Rate = SLOW) -> list[bool]:
    """Returns for each of `count` takes whether it must wait."""
    return [limits.take(key, rate).wait_ms > 0 for _ in range(count)]


def test_a_burst_then_a_trickle(make: Callable[[], Limits], key: str) -> None:
    async def scenario() -> None:
        async with opened(make()) as limits:
            rate = Rate(3, 10, 3)
            assert waits(limits, key, 4, rate) == [False, False, False, True]
            assert waits(limits, key + "b", 1, rate) == [False], "buckets are separate"
            refused = limits.take(key, rate)
            assert 0 < refused.wait_ms <= 300
            assert refused.remaining == 0
            await asyncio.sleep(refused.wait_ms / 1000 + 0.15)
            assert waits(limits, key, 1, rate) == [False]

    run(scenario)


def test_what_is_refused_costs_nothing(make: Callable[[], Limits], key: str) -> None:
    async def scenario() -> None:
        async with opened(make()) as limits:
            assert limits.take(key, SLOW, 5).wait_ms > 0
            await asyncio.sleep(0.2)
            assert limits.take(key, SLOW, 3).wait_ms == 0

    run(scenario)


def test_concurrent_takes_get_one_burst(make: Callable[[], Limits], key: str) -> None:
    async def scenario() -> None:
        async with opened(make()) as here, opened(make()) as there:
            clerks = [here] if isinstance(here, MemoryLimits) else [here, there]
            taken = await asyncio.gather(*(clerk.ask(key, SLOW) for clerk in clerks for _ in range(20)))
            assert sum(one.wait_ms == 0 for one in taken) == SLOW.burst
            refused = await clerks[-1].ask(key, SLOW)
            assert 3_500_000 < refused.wait_ms <= 3_600_001
            assert (refused.remaining, (await here.ask(key + "b", SLOW, 2)).remaining) == (0, 1)
            assert (await here.ask(key + "c", SLOW, SLOW.burst + 1)).wait_ms > 0
            assert (await here.ask(key + "c", SLOW, SLOW.burst)).wait_ms == 0, "refused takes cost nothing"

    run(scenario)


def test_processes_share_a_bucket(redis_server: RedisServer, key: str) -> None:
    async def scenario() -> None:
        async with opened(RedisLimits(redis_server.url)) as here, opened(RedisLimits(redis_server.url)) as there:
            assert waits(here, key, 2) == [False, False]
            await asyncio.sleep(0.3)
            assert waits(there, key, 1) == [False]
            await until(lambda: here.take(key, SLOW).wait_ms or there.take(key, SLOW).wait_ms)
            await asyncio.sleep(0.3)
            assert there.take(key, SLOW).wait_ms > 0

    run(scenario)


def test_what_is_overdrawn_is_paid_back(redis_server: RedisServer, key: str) -> None:
    rate = Rate(4, 10, 1)

    async def scenario() -> None:
        async with opened(RedisLimits(redis_server.url)) as here, opened(RedisLimits(redis_server.url)) as there:
            assert waits(here, key, 4, rate) + waits(there, key, 4, rate) == [False] * 8
            await until(lambda: here.take(key, rate).wait_ms > 200 or there.take(key, rate).wait_ms > 200)

    run(scenario)


def test_redis_away_each_process_counts_alone(tmp_path: Path, key: str) -> None:
    async def scenario(server: RedisServer) -> None:
        async with opened(RedisLimits(server.url)) as here, opened(RedisLimits(server.url)) as there:
            assert waits(here, key, 1) == [False]
            server.kill()
            await asyncio.sleep(0.3)
            assert (await here.ask(key, SLOW)).wait_ms == 0
            assert waits(here, key, 2) == [False, True]
            server.start()
            await until(lambda: _owes_nothing(here), 15)
            assert waits(there, key, 1) == [False], "a bucket that Redis has not seen yet"
            await until(lambda: there.take(key, SLOW).wait_ms)
            assert (await there.ask(key, SLOW)).wait_ms > 0

    def _owes_nothing(limits: Any) -> bool:
        return not limits._owed

    with RedisServer.started(tmp_path) as server:
        run(lambda: scenario(server))
