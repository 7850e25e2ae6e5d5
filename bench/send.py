"""How many durable messages with ten recipients each does the server handle per CPU-second? `.venv/bin/python bench/send.py`

Starts the real server on an empty embedded database, six groups of eleven people, one socket each; every socket sends
`DEPTH` messages at a time and waits for their acks. The figure is messages over the server process's own CPU time
(user and system), so the speed of this client does not matter. Bounded to `SECONDS`, loopback only.
"""

import asyncio
import json
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from tests.server import Served, started  # noqa: E402
from tests.world import World  # noqa: E402

GROUPS, PEOPLE, SECONDS = 6, 11, 6.0
DEPTH = int(sys.argv[1]) if len(sys.argv) > 1 else 4


async def open_socket(server: Served, token: str) -> ClientConnection:
    """A socket that has said hello."""
    socket = await connect(server.socket_url, subprotocols=[Subprotocol("web-messenger.v1")], compression=None)
    await socket.send(json.dumps({"type": "hello", "data": {"token": token}}))
    while json.loads(await socket.recv())["type"] != "resumed":
        pass
    return socket


async def talk(socket: ClientConnection, chat: int, until: float) -> tuple[int, int]:
    """Send and receive until a time; messages acknowledged and events heard."""
    acked = heard = in_flight = 0
    while True:
        while in_flight < DEPTH and time.monotonic() < until:
            data = {"chat_id": chat, "text": "Выезд в девять, собираемся у метро.", "client_msg_id": str(uuid.uuid4())}
            await socket.send(json.dumps({"type": "message.send", "ref": "r", "data": data}))
            in_flight += 1
        if not in_flight:
            return acked, heard
        frame = await socket.recv()
        if frame.startswith('{"type":"ack"'):  # type: ignore[arg-type]
            acked, in_flight = acked + 1, in_flight - 1
        elif frame.startswith('{"type":"message.created"'):  # type: ignore[arg-type]
            heard += 1
        elif frame.startswith('{"type":"error"'):  # type: ignore[arg-type]
            raise RuntimeError(frame)


async def measure(server: Served, chats: list[tuple[int, list[Any]]]) -> None:
    """One run, one line."""
    sockets = [(await open_socket(server, one.tokens["access_token"]), chat) for chat, people in chats for one in people]
    process = psutil.Process(server.pid)
    before, began = sum(process.cpu_times()[:2]), time.monotonic()
    done = await asyncio.gather(*(talk(socket, chat, began + SECONDS) for socket, chat in sockets))
    cpu, took = sum(process.cpu_times()[:2]) - before, time.monotonic() - began
    acked, heard = sum(one for one, _ in done), sum(one for _, one in done)
    rss = process.memory_info().rss / 2**20
    print(f"{len(sockets)} senders x {DEPTH}: {acked} messages, {heard} events heard, {took:.1f} s, CPU {cpu:.2f} s:", end=" ")
    print(f"{acked / cpu:.0f} messages/CPU-s, {acked / took:.0f}/s, RSS {rss:.0f} MB")


def main() -> None:
    """Start, fill, measure, stop."""
    with started(Path(tempfile.mkdtemp()), RATE_LIMITS="off", LOG_LEVEL="warning") as server:
        world = World(server)
        chats = []
        for _ in range(GROUPS):
            people = world.people(*(f"p{n}" for n in range(PEOPLE)))
            chats.append((world.group(*people), people))
        asyncio.run(measure(server, chats))


if __name__ == "__main__":
    main()
