"""Measures how much later an event comes through Redis.

`.venv/bin/python bench/bus.py [RATE]`. One process publishes `RATE` envelopes a second on 64 topics, another receives
them; the clock is the machine's. Beside it the same timestamps go over a plain TCP connection between two such
processes: the delay that the machine adds between any two processes at that minute. On a busy one the worst percent
shows little else.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

import uvloop
from rig import Ground, ground, helper

from messenger.adapters.bus.redis import RedisBus
from messenger.kernel import events
from messenger.kernel.events import Envelope

RATE, TOPICS, SECONDS = 2000, 64, 4.0
STAMP = 20
"""Characters of a time in ns."""
FRAME = '{"type":"message.created","topic":"chat:2251799813685248","data":{"text":"' + "x" * 200 + '"}}'


def _reported(pipe: Connection, late: list[int]) -> None:
    """Publishes the envelopes that are due since the last call, whenever asked."""
    while pipe.recv():
        some, late[:] = late[:], []
        pipe.send(some)


def hear(pipe: Connection, url: str) -> None:
    """Runs the process that receives the topics through Redis."""
    late: list[int] = []

    def took(envelopes: Sequence[Envelope]) -> None:
        now = time.monotonic_ns()
        late.extend(now - int(envelope.frame[:STAMP]) for envelope in envelopes)

    async def run() -> None:
        bus = RedisBus(url)
        bus.listen(took)
        bus.want(events.chat(n) for n in range(TOPICS))
        await bus.start()
        await bus.settle()
        pipe.send(0)
        await asyncio.to_thread(_reported, pipe, late)

    uvloop.run(run())


def hear_plainly(pipe: Connection, _: str) -> None:
    """Runs the process at the other end of a plain connection."""
    late: list[int] = []
    size = STAMP + len(FRAME)

    class Accepted(asyncio.Protocol):
        rest = b""

        def data_received(self, data: bytes) -> None:
            now, data = time.monotonic_ns(), self.rest + data
            whole = len(data) // size * size
            late.extend(now - int(data[at : at + STAMP]) for at in range(0, whole, size))
            self.rest = data[whole:]

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Accepted, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(_reported, pipe, late)

    uvloop.run(run())


async def _publish(say: Callable[[int, str], None], rate: int) -> None:
    """Sends a stamped frame `rate` times a second."""
    began, count = time.monotonic(), 0
    while (now := time.monotonic()) < began + SECONDS:
        due = int((now - began) * rate)
        for n in range(count, due):
            say(n, f"{time.monotonic_ns():0{STAMP}d}{FRAME}")
        count = due
        await asyncio.sleep(0)
        await asyncio.sleep(0.0004)


def _of(late: list[int]) -> tuple[float, float]:
    """Returns milliseconds (p50, p99)."""
    late.sort()
    return late[len(late) // 2] / 1e6, late[int(len(late) * 0.99)] / 1e6


def through_redis(url: str, rate: int) -> tuple[float, float]:
    """Returns milliseconds (p50, p99) through the bus."""
    with helper(hear, url) as (_, pipe):
        pipe.recv()

        async def run() -> None:
            bus = RedisBus(url)
            await bus.start()
            await _publish(
                lambda n, frame: bus.publish([Envelope("chat", n % TOPICS, n + 1, "message.created", frame)]), rate
            )
            await asyncio.sleep(0.3)
            await bus.close()

        uvloop.run(run())
        pipe.send("report")
        return _of(pipe.recv())


def through_a_socket(rate: int) -> tuple[float, float]:
    """Returns milliseconds (p50, p99) over a plain connection."""
    with helper(hear_plainly, "") as (_, pipe):
        port = pipe.recv()

        async def run() -> None:
            transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", port)
            await _publish(lambda _, frame: transport.write(frame.encode()), rate)
            await asyncio.sleep(0.3)

        uvloop.run(run())
        pipe.send("report")
        return _of(pipe.recv())


def measure(under: Ground, rate: int = RATE) -> float:
    """Makes one run of both, and returns the median milliseconds through the bus."""
    plain, bus = through_a_socket(rate), through_redis(under.redis.url, rate)
    print(
        f"bus: {bus[0]:.2f} ms, p99 {bus[1]:.2f}; a plain connection {plain[0]:.2f} ms, p99 {plain[1]:.2f} ({rate} messages/s)"
    )
    return bus[0]


if __name__ == "__main__":
    with ground() as below:
        measure(below, int(sys.argv[1]) if len(sys.argv) > 1 else RATE)
