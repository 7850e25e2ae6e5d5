"""How many deliveries to 500 sockets does the server make per CPU-second, beside a bare writer of the same bytes?

`.venv/bin/python bench/fanout.py [DEPTH]`. One group, five people with a hundred sockets each, and one who sends with
`DEPTH` messages in flight. With 1, the default, no two deliveries share a write, so the comparison is just. The bare
writer is a process with uvloop that writes the same frame to 500 plain TCP connections, a round at a time: what Python
can do at most. Readers stand in a third process. Figures are deliveries over the CPU time of the writing process.
"""

import asyncio
import json
import sys
import time
from multiprocessing.connection import Connection

import uvloop
from raw import EVENT, TEXT, Reader, Sender, allow_many_sockets, connected
from rig import SOCKETS_EACH, World, cpu, helper, served

from messenger.kernel.ports.socket import text_frame

PEOPLE, SECONDS = 5, 5.0


def read(pipe: Connection, port: int, tokens: list[str]) -> None:
    """The process of the readers: says when all are signed in, counts until asked."""

    async def run() -> None:
        await connected(Reader, port, tokens)
        pipe.send("ready")
        while await asyncio.to_thread(pipe.recv):
            pipe.send(Reader.heard)

    allow_many_sockets()
    uvloop.run(run())


class Counter(asyncio.Protocol):
    """A plain connection that counts events; the last one says so to the writer, which then begins the next round."""

    def __init__(self, *, is_last: bool) -> None:
        self._is_last = is_last
        self._transport: asyncio.BaseTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        Reader.heard += data.count(EVENT)
        if self._is_last:
            self._transport.write(b".")  # type: ignore[attr-defined]


def read_plainly(pipe: Connection, port: int, count: int) -> None:
    """The process of the bare writer's readers."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for n in range(count):
            await loop.create_connection(lambda n=n: Counter(is_last=n == count - 1), "127.0.0.1", port)  # type: ignore[misc]
        pipe.send("ready")
        while await asyncio.to_thread(pipe.recv):
            pipe.send(Reader.heard)

    allow_many_sockets()
    uvloop.run(run())


def write(pipe: Connection, frame: bytes, count: int) -> None:
    """The process of the bare writer: accepts, and from the first round on answers each sign with another round."""
    transports: list[asyncio.Transport] = []
    all_here = asyncio.Event()

    def round_() -> None:
        for transport in transports:
            transport.write(frame)

    class Accepted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transports.append(transport)  # type: ignore[arg-type]
            if len(transports) == count:
                all_here.set()

        def data_received(self, data: bytes) -> None:
            round_()

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Accepted, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await all_here.wait()
        round_()
        await asyncio.sleep(3600)

    allow_many_sockets()
    uvloop.run(run())


def frame_of_an_event() -> bytes:
    """A frame as the readers of the server get it."""
    data = {"chat_id": 2**51, "seq": 1000, "kind": "text", "sender_id": 2**51, "text": TEXT, "entities": []}
    more = {"service": None, "sent_at": "2026-01-01T00:00:00.000Z", "rev": 1, "edited_at": None, "deleted_at": None}
    event = {"type": "message.created", "topic": f"chat:{2**51}", "ev": 1000, "at": "2026-01-01T00:00:00.000Z"}
    whole = event | {"data": data | more | {"deleted_by": None, "reply_to": None}}
    return text_frame(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())


def of_the_writer() -> float:
    """Deliveries per CPU-second of the bare writer."""
    count = PEOPLE * SOCKETS_EACH
    with (
        helper(write, frame_of_an_event(), count) as (writer, port),
        helper(read_plainly, port.recv(), count) as (_, heard),
    ):
        heard.recv()
        time.sleep(0.5)
        rate = _rate(writer.pid, heard)
    print(f"bare writer: {rate / 1000:.0f}k deliveries/CPU-s")
    return rate


def of_the_server(depth: int = 1) -> float:
    """Deliveries per CPU-second of the whole path: socket, commit, journal, fan-out."""
    with served() as server:
        world = World(server)
        author, *people = world.people("author", *(f"p{n}" for n in range(PEOPLE)))
        chat_id = world.group(author, *people)
        tokens = [one.tokens["access_token"] for one in people for _ in range(SOCKETS_EACH)]
        with helper(read, server.port, tokens) as (_, heard):
            heard.recv()

            async def run() -> float:
                sender = (await connected(Sender, server.port, [author.tokens["access_token"]]))[0]
                sender.begin(chat_id, depth, time.monotonic() + SECONDS + 1)
                await asyncio.sleep(0.5)
                rate = await asyncio.to_thread(_rate, server.pid, heard)
                await sender.done
                return rate

            rate = uvloop.run(run())
    print(f"server: {rate / 1000:.0f}k deliveries/CPU-s ({depth} in flight)")
    return rate


def _rate(pid: int, heard: Connection) -> float:
    def now() -> tuple[float, int]:
        heard.send("how many")
        return cpu(pid), heard.recv()

    spent, count = now()
    time.sleep(SECONDS)
    later, counted = now()
    return (counted - count) / (later - spent)


def measure(depth: int = 1) -> tuple[float, float]:
    """One run: the server's share of the bare writer, and the bare writer's deliveries per CPU-second."""
    writer = of_the_writer()
    share = of_the_server(depth) / writer
    print(f"fanout: {100 * share:.0f} % of a bare writer")
    return share, writer


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
