"""The contract of the bus."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from messenger.adapters.bus.memory import MemoryBus
from messenger.kernel.events import Envelope
from messenger.kernel.ports.bus import Bus


@asynccontextmanager
async def _memory() -> AsyncIterator[tuple[Bus, Bus]]:
    bus = MemoryBus()
    yield bus, bus
    await bus.close()


@pytest.fixture(params=[_memory], ids=["memory"])
def pair(request: pytest.FixtureRequest) -> object:
    """Two ends of one bus, as two processes would have them (the memory bus has one process)."""
    return request.param


def test_a_list_arrives_whole_and_in_order(pair: object) -> None:
    async def scenario() -> None:
        assert callable(pair)
        async with pair() as (here, there):
            heard: list[Envelope] = []
            there.listen(heard.extend)
            sent = [
                Envelope("chat", 7, 1, "message.created", '{"a":"ы"}', 5, '{"b":1}', (1, 2), (3,)),
                Envelope("user", 8, 2, "session.ended", "{}"),
            ]
            here.publish(sent)
            for _ in range(100):
                if len(heard) == len(sent):
                    break
                await asyncio.sleep(0.01)
            assert heard == sent

    asyncio.run(scenario())
