"""How much later does an event come when it comes through Redis?

`.venv/bin/python bench/bus.py [RATE]`. One process publishes `RATE` envelopes a second on 64 topics, another hears
them; the clock is the machine's. Beside it, in turns, the same stamps over a plain TCP connection between the same two
kinds of process: what the machine does to any two processes at that minute. The difference is what the bus adds.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from statistics import median

import uvloop
from rig import cpu, ground, helper

from messenger.adapters.bus.redis import RedisBus
from messenger.kernel import events
from messenger.kernel.events import Envelope

RATE, TOPICS, SECONDS, ROUNDS = 2000, 64, 4.0, 3
STAMP = 20
"""Characters of a time in ns."""
FRAME = '{"type":"message.created","topic":"chat:2251799813685248","data":{"text":"' + "x" * 200 + '"}}'


def _reported(pipe: Connection, late: list[int]) -> None:
    """Tell what was gathered since the last time, whenever asked."""
    while pipe.recv():
        some, late[:] = late[:], []
        pipe.send(some)


def hear(pipe: Connection, url: str) -> None:
    """The process that hears the topics through Redis."""
    late: list[int] = []

    def took(envelopes: list[Envelope]) -> None:
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
    """The process at the other end of a plain connection."""
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
    """Say a stamped frame `rate` times a second."""
    began, count = time.monotonic(), 0
    while (now := time.monotonic()) < began + SECONDS:
        due = int((now - began) * rate)
        for n in range(count, due):
            say(n, f"{time.monotonic_ns():0{STAMP}d}{FRAME}")
        count = due
        await asyncio.sleep(0)
        await asyncio.sleep(0.0004)


def _of(name: str, late: list[int]) -> tuple[float, float]:
    late.sort()
    p50, p99 = late[len(late) // 2] / 1e6, late[int(len(late) * 0.99)] / 1e6
    print(f"{name}: {p50:.2f} ms, p99 {p99:.2f}, worst {late[-1] / 1e6:.1f} ({len(late)} messages)")
    return p50, p99


def through_redis(url: str, rate: int) -> tuple[float, float]:
    """Milliseconds (p50, p99) through the bus."""
    with helper(hear, url) as (hearer, pipe):
        pipe.recv()

        async def run() -> float:
            bus = RedisBus(url)
            await bus.start()
            before = time.process_time()
            await _publish(
                lambda n, frame: bus.publish([Envelope("chat", n % TOPICS, n + 1, "message.created", frame)]), rate
            )
            spent = time.process_time() - before
            await asyncio.sleep(0.3)
            await bus.close()
            return spent

        heard = cpu(hearer.pid)
        spent = uvloop.run(run())
        heard = cpu(hearer.pid) - heard
        pipe.send("report")
        late = pipe.recv()
        each = 1e6 / max(1, len(late))
        print(f"  CPU a message: {spent * each:.0f} µs where published, {heard * each:.0f} µs where heard", end="; ")
        return _of("through Redis", late)


def through_a_socket(rate: int) -> tuple[float, float]:
    """Milliseconds (p50, p99) over a plain connection."""
    with helper(hear_plainly, "") as (_, pipe):
        port = pipe.recv()

        async def run() -> None:
            transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", port)
            await _publish(lambda _, frame: transport.write(frame.encode()), rate)
            await asyncio.sleep(0.3)

        uvloop.run(run())
        pipe.send("report")
        return _of("  a plain connection", pipe.recv())


def measure(rate: int = RATE) -> tuple[float, float]:
    """Milliseconds that the bus adds (p50, p99): medians of the rounds' differences."""
    pairs = []
    with ground() as under:
        for _ in range(ROUNDS):
            pairs.append((through_redis(under.redis.url, rate), through_a_socket(rate)))
    p50, p99 = (median(bus[n] - plain[n] for bus, plain in pairs) for n in (0, 1))
    print(f"bus: adds {p50:.2f} ms, p99 {p99:.2f} ms, at {rate} messages/s")
    return p50, p99


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else RATE)
