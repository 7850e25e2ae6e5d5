"""Tests the contract of the bus for every driver; the tests at the end are for Redis alone."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis

from messenger.adapters.bus.memory import MemoryBus
from messenger.adapters.bus.redis import ORIGIN_BYTES, PIECE, STAMP_BYTES, RedisBus
from messenger.kernel.events import Envelope, chat, user
from messenger.kernel.ports.bus import Bus
from tests.ports_free import free_port
from tests.redis_server import RedisServer

Ends = Callable[[], Any]
SENT = [
    Envelope("chat", 7, 1, "message.created", '{"a":"ы"}', 5, '{"b":1}', (1, 2), (3,)),
    Envelope("user", 8, 2, "session.ended", "{}", ends=(9,)),
]


@asynccontextmanager
async def _memory() -> AsyncIterator[tuple[Bus, Bus]]:
    bus = MemoryBus()
    yield bus, bus
    await bus.close()


@asynccontextmanager
async def _redis(url: str) -> AsyncIterator[tuple[Bus, Bus]]:
    here, there = RedisBus(url), RedisBus(url)
    await here.start()
    await there.start()
    yield here, there
    await here.close()
    await there.close()


@pytest.fixture(scope="module")
def cluster_of_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Makes a Redis that reports to be a cluster."""
    folder = tmp_path_factory.mktemp("redis-cluster")
    # Its second port would be 10,000 higher, where outgoing connections have theirs.
    cluster = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    with RedisServer.started(folder, *cluster) as running:
        with redis.Redis(port=running.port) as client:
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        yield running


@pytest.fixture(params=["memory", "redis", "cluster"])
def ends(request: pytest.FixtureRequest) -> Ends:
    """Opens two ends of one bus, as two processes would have them (the memory bus has one process)."""
    if request.param == "memory":
        return _memory
    name = {"redis": "redis_server", "cluster": "cluster_of_one"}[request.param]
    url = request.getfixturevalue(name).url
    return lambda: _redis(url)


async def until(holds: Callable[[], Any], seconds: float = 5) -> None:
    """Waits until a condition is true."""
    for _ in range(int(seconds * 100)):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("it never held")


async def settled(bus: Bus) -> None:
    """Waits until a bus has its subscriptions; on a busy machine it may give up, and is asked again."""
    for _ in range(50):
        if await bus.settle():
            return
    raise TimeoutError("the bus does not hear what it wants")


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    """Runs a scenario to its end."""
    asyncio.run(scenario())  # type: ignore[arg-type]


def test_a_list_arrives_whole_and_in_order(ends: Ends) -> None:
    async def scenario() -> None:
        async with ends() as (here, there):
            heard: list[Envelope] = []
            there.listen(heard.extend)
            there.want([chat(7), user(8)])
            await settled(there)
            here.publish(SENT)
            here.publish([Envelope("chat", 7, ev, "message.created", "{}") for ev in range(2, 50)])
            await until(lambda: len(heard) == 50)
            assert [one for one in heard if one.kind == "user"] == SENT[1:]
            of_chat = [one for one in heard if one.kind == "chat"]
            assert of_chat[0] == SENT[0]
            assert [one.ev for one in of_chat] == list(range(1, 50))

    run(scenario)


def test_ones_own_process_hears_at_once_and_once(ends: Ends) -> None:
    async def scenario() -> None:
        async with ends() as (here, _):
            heard: list[Envelope] = []
            here.listen(heard.extend)
            here.want([chat(7), user(8)])
            await settled(here)
            here.publish(SENT)
            assert heard == SENT, "before publish returns"
            await asyncio.sleep(0.2)
            assert heard == SENT

    run(scenario)


def test_whom_an_envelope_brings_in_hears_it(ends: Ends) -> None:
    async def scenario() -> None:
        async with ends() as (here, there):
            heard: list[Envelope] = []
            there.listen(heard.extend)
            there.want([user(2)])
            await settled(there)
            here.publish(SENT[:1])
            await until(lambda: SENT[0] in heard)

    run(scenario)


def test_a_wish_counts_until_it_is_taken_back_as_often(ends: Ends) -> None:
    async def scenario() -> None:
        async with ends() as (here, there):
            heard: list[Envelope] = []
            there.listen(heard.extend)
            there.want([chat(7)])
            there.want([chat(7)])
            there.unwant([chat(7)])
            await settled(there)
            here.publish(SENT[:1])
            await until(lambda: heard == SENT[:1])

    run(scenario)


def test_a_closed_end_hears_nothing(ends: Ends) -> None:
    async def scenario() -> None:
        async with ends() as (here, there):
            heard: list[Envelope] = []
            there.listen(heard.extend)
            there.want([chat(7)])
            await there.settle()
            await there.close()
            here.publish(SENT)
            await asyncio.sleep(0.1)
            assert heard == []

    run(scenario)


def test_only_what_is_wanted_crosses(redis_server: RedisServer) -> None:
    async def scenario() -> None:
        async with _redis(redis_server.url) as (here, there):
            heard: list[Envelope] = []
            there.listen(heard.extend)
            there.want([chat(1), chat(2)])
            there.unwant([chat(2)])
            await settled(there)
            await asyncio.sleep(0.1)
            here.publish([Envelope("chat", id_, 1, "x", "{}") for id_ in (3, 2, 1)])
            await until(lambda: heard)
            assert [one.id for one in heard] == [1]

    run(scenario)


def test_many_messages_at_once_leave_others_their_turn(redis_server: RedisServer) -> None:
    """Everything that has come is read without a pause: events, and Redis' answers to a thousand subscriptions."""
    most = 4 * PIECE

    async def scenario() -> None:
        async with _redis(redis_server.url) as (_, there):
            loop = asyncio.get_running_loop()
            turn, heard = 0, Counter[int]()

            def beat() -> None:
                nonlocal turn
                turn += 1
                if heard.total() < most:
                    loop.call_soon(beat)

            there.listen(lambda envelopes: heard.update([turn] * len(envelopes)))
            there.want([chat(id_) for id_ in range(most)])
            await settled(there)
            beat()
            with redis.Redis(port=redis_server.port) as client, client.pipeline(transaction=False) as pipe:
                for id_ in range(most):
                    said = msgspec.msgpack.encode([Envelope("chat", id_, 1, "x", "{}")])
                    pipe.publish(f"wm:chat:{id_}", bytes(ORIGIN_BYTES + STAMP_BYTES) + said)
                pipe.execute()  # holds the loop: all of them have come when it goes on
            await until(lambda: heard.total() == most)
            assert max(heard.values()) <= PIECE

    run(scenario)


def test_redis_away_blocks_nothing_and_is_found_again(tmp_path: Path) -> None:
    async def scenario(server: RedisServer) -> None:
        async with _redis(server.url) as (here, there):
            heard: list[Envelope] = []
            doubts: list[int] = []
            there.listen(heard.extend)
            there.on_doubt(lambda: doubts.append(1))
            there.want([chat(7)])
            await settled(there)
            server.kill()
            for _ in range(100):
                here.publish(SENT)
            await until(lambda: not there.is_up)
            assert not await there.settle(), "at once, without a question to Redis"
            server.start()
            await until(lambda: doubts)
            await settled(there)
            await until(lambda: here.is_up)
            heard.clear()
            here.publish(SENT[:1])
            await until(lambda: heard == SENT[:1])

    with RedisServer.started(tmp_path) as server:
        run(lambda: scenario(server))


def test_it_closes_at_every_moment_of_a_publish(redis_server: RedisServer) -> None:
    async def scenario() -> None:
        for turns in range(40):
            bus = RedisBus(redis_server.url)
            await bus.start()
            bus.publish(SENT)
            for _ in range(turns):
                await asyncio.sleep(0)
            async with asyncio.timeout(10):
                await bus.close()

    run(scenario)


def test_a_start_without_redis_is_a_start(tmp_path: Path) -> None:
    async def scenario(server: RedisServer) -> None:
        server.kill()
        async with _redis(server.url) as (here, _):
            heard: list[Envelope] = []
            here.listen(heard.extend)
            here.publish(SENT)
            assert heard == SENT

    with RedisServer.started(tmp_path) as server:
        run(lambda: scenario(server))


class Former(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """Reads an envelope of a process of level 2, which may run beside this one while they are restarted."""

    kind: str
    id: int
    ev: int
    type: str
    frame: str
    owner: int = 0
    owner_frame: str = ""
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


@pytest.mark.parametrize(
    "sent", [*SENT, Envelope("user", 8, 3, "chat.joined", "{}", opens=(7, 4))], ids=lambda one: one.type
)
def test_processes_of_two_versions_read_each_other(sent: Envelope) -> None:
    names = Envelope.__struct_fields__[: len(Former.__struct_fields__)]
    former = Former(*(getattr(sent, name) for name in names))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(sent), type=Former) == former
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(former), type=Envelope)
    assert read == msgspec.structs.replace(sent, opens=(), ends=())
