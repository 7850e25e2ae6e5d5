"""The contract of rate limits."""

import pytest

from messenger.adapters.limits.memory import MemoryLimits
from messenger.kernel import clock
from messenger.kernel.ports.limits import Limits, Rate


@pytest.fixture(params=[MemoryLimits])
def limits(request: pytest.FixtureRequest) -> Limits:
    made: Limits = request.param()
    return made


def test_a_burst_then_a_trickle(limits: Limits) -> None:
    now = 1_000_000
    clock.replace_source(lambda: now)
    try:
        rate = Rate(3, 1, 10)
        assert [limits.take("a", rate).wait_ms for _ in range(4)] == [0, 0, 0, 10_000]
        assert limits.take("b", rate).wait_ms == 0, "buckets are apart"
        now += 10_000
        assert [limits.take("a", rate).wait_ms for _ in range(2)] == [0, 10_000]
    finally:
        clock.replace_source(None)
