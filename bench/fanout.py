"""How many deliveries to 500 sockets does the server make per CPU-second, beside a bare writer of the same bytes?

`.venv/bin/python bench/fanout.py`. One group, five people with a hundred sockets each, one sender. The bare writer is a
process with uvloop that writes the same frame to 500 plain TCP connections: what Python can do at most. Readers stand
in a third process. Figures are deliveries over the CPU time of the writing process. `SECONDS` each, loopback only.
"""

import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
import uuid
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import uvloop
from raw import Reader, allow_many_sockets, connected
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from messenger.kernel.ports.socket import text_frame  # noqa: E402
from tests.server import started  # noqa: E402
from tests.world import World  # noqa: E402

PEOPLE, EACH, SECONDS, DEPTH = 5, 100, 5.0, 4
TEXT = "Выезд в девять, собираемся у метро."


def read(port: int, tokens: list[str], pipe: Connection) -> None:
    """The process of the readers: says when all are connected, counts until asked."""

    async def run() -> None:
        await connected(port, tokens)
        pipe.send("ready")
        await asyncio.to_thread(pipe.recv)
        pipe.send(Reader.heard)

    allow_many_sockets()
    uvloop.run(run())


def write(frame: bytes, pipe: Connection) -> None:
    """The process of the bare writer: accepts, then writes rounds until asked."""
    transports: list[asyncio.Transport] = []

    class Accepted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transports.append(transport)  # type: ignore[arg-type]

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Accepted, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(pipe.recv)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            for transport in transports:
                transport.write(frame)
            while transports[-1].get_write_buffer_size() > 65_536:
                await asyncio.sleep(0.001)
            await asyncio.sleep(0)
        pipe.send("done")
        await asyncio.to_thread(pipe.recv)

    allow_many_sockets()
    uvloop.run(run())


async def send(url: str, token: str, chat: int) -> None:
    """Send for a while, `DEPTH` in flight, and wait for the last ack."""
    async with connect(url, subprotocols=[Subprotocol("web-messenger.v1")], compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "data": {"token": token}}))
        until, in_flight = time.monotonic() + SECONDS, 0
        while in_flight or time.monotonic() < until:
            while in_flight < DEPTH and time.monotonic() < until:
                data = {"chat_id": chat, "text": TEXT, "client_msg_id": str(uuid.uuid4())}
                await socket.send(json.dumps({"type": "message.send", "ref": "r", "data": data}))
                in_flight += 1
            frame = await socket.recv()
            in_flight -= str(frame).startswith('{"type":"ack"')
            if str(frame).startswith('{"type":"error"'):
                raise RuntimeError(frame)


def cpu(process: psutil.Process) -> float:
    """User and system seconds so far."""
    return sum(process.cpu_times()[:2])


def of_the_server() -> float:
    """Deliveries per CPU-second of the whole path: socket, commit, journal, fan-out."""
    environment = {"RATE_LIMITS": "off", "LOG_LEVEL": "warning", "MAX_SOCKETS_PER_USER": str(EACH)}
    with started(Path(tempfile.mkdtemp()), **environment) as server:
        world = World(server)
        sender, *people = world.people("sender", *(f"p{n}" for n in range(PEOPLE)))
        chat = world.group(sender, *people)
        here, there = multiprocessing.Pipe()
        tokens = [one.tokens["access_token"] for one in people for _ in range(EACH)]
        readers = multiprocessing.Process(target=read, args=(server.port, tokens, there))
        readers.start()
        here.recv()
        process = psutil.Process(server.pid)
        before = cpu(process)
        asyncio.run(send(server.socket_url, sender.tokens["access_token"], chat))
        time.sleep(0.5)
        spent = cpu(process) - before
        here.send("enough")
        heard = here.recv()
        readers.join()
    print(f"server: {heard} deliveries, CPU {spent:.2f} s: {heard / spent / 1000:.0f}k deliveries/CPU-s")
    return float(heard / spent)


def of_the_writer() -> float:
    """Deliveries per CPU-second of the bare writer."""
    data = {"chat_id": 2**51, "seq": 1000, "kind": "text", "sender_id": 2**51, "text": TEXT, "entities": []}
    more = {"service": None, "sent_at": "2026-01-01T00:00:00.000Z", "rev": 1, "edited_at": None, "deleted_at": None}
    event = {"type": "message.created", "topic": f"chat:{2**51}", "ev": 1000, "at": "2026-01-01T00:00:00.000Z"}
    whole = event | {"data": data | more | {"deleted_by": None, "reply_to": None}}
    frame = text_frame(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())
    here, there = multiprocessing.Pipe()
    to_readers, readers_end = multiprocessing.Pipe()
    writer = multiprocessing.Process(target=write, args=(frame, there))
    writer.start()
    port = here.recv()
    readers = multiprocessing.Process(target=read, args=(port, [""] * PEOPLE * EACH, readers_end))
    readers.start()
    to_readers.recv()
    process = psutil.Process(writer.pid)
    before = cpu(process)
    here.send("go")
    here.recv()
    time.sleep(0.5)
    spent = cpu(process) - before
    to_readers.send("enough")
    heard = to_readers.recv()
    here.send("enough")
    for one in (readers, writer):
        one.join()
    print(f"bare writer: {heard} deliveries, CPU {spent:.2f} s: {heard / spent / 1000:.0f}k deliveries/CPU-s")
    return float(heard / spent)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    print(f"share of the bare writer: {100 * of_the_server() / of_the_writer():.0f} %")
