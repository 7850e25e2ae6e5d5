"""Tests a client that asks for everything repeatedly: it gets as much as its bucket pays for; others are served."""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from messenger.features.messages.sending import SendWish, send_many
from messenger.kernel.actor import Actor
from messenger.realtime.plate.rates import REPLAY
from tests.inside import inside
from tests.server import Served, started
from tests.wire import dial

CHATS, EVENTS = 5, 950
WORDS = "столько слов, сколько пишут в обычный день, " * 3
ROUNDS = 50
"""Frames of one burst; a person's bucket pays for a fifth of the events that they ask for."""


@dataclass
class Filled:
    """Holds a data folder with `CHATS` chats of `EVENTS` messages each, their owner, and a person in another chat."""

    flooder: str = ""
    other: str = ""
    others_chat: int = 0
    chats: list[int] = field(default_factory=list)

    async def fill(self, folder: Path) -> None:
        """Writes all of it without limits."""
        async with inside(folder) as app:
            user_id, self.flooder = await app.person("ann")
            _, self.other = await app.person("bob")
            self.others_chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, self.other))["id"]
            for n in range(CHATS):
                body = {"kind": "group", "name": f"den {n}", "member_ids": []}
                chat = (await app.call("POST", "/api/chats", body, self.flooder))["id"]
                me = Actor(user_id, 1)
                wishes = [SendWish(me, chat, f"{m} {WORDS}", str(uuid.uuid4()), None, (), 9000) for m in range(EVENTS)]
                await app.platform.db.write(send_many, wishes)
                self.chats.append(chat)

    @property
    def from_start(self) -> dict[str, Any]:
        """Returns the cursors of a client without events."""
        return {"epoch": 1, "streams": {f"chat:{chat}": 0 for chat in self.chats}}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Filled, Path]:
    folder, what = tmp_path_factory.mktemp("filled"), Filled()
    asyncio.run(what.fill(folder))
    return what, folder


def tell(socket: ClientConnection, type_: str, data: Any) -> None:
    """Sends a frame."""
    socket.send(json.dumps({"type": type_, "ref": "r", "data": data}))


def enter(server: Served, token: str) -> ClientConnection:
    """Opens a socket, says hello and reads the answer."""
    socket = dial(server.socket_url)
    tell(socket, "hello", {"token": token})
    while json.loads(socket.recv(timeout=30))["type"] != "resumed":
        pass
    return socket


def answers(socket: ClientConnection, count: int) -> tuple[list[dict[str, Any]], int]:
    """Returns the data of the next acks, and the number of bytes until the last of them."""
    acks: list[dict[str, Any]] = []
    size = 0
    while len(acks) < count:
        text = socket.recv(timeout=60, decode=False)
        size += len(text)
        frame = json.loads(text)
        assert frame["type"] != "error", frame
        acks += [frame["data"]] if frame["type"] == "ack" else []
    return acks, size


@pytest.mark.parametrize("driver", ["picows", "sansio"])
def test_a_flood_of_replays_is_sent_what_its_bucket_pays_for(filled: tuple[Filled, Path], driver: str) -> None:
    what, folder = filled
    rate = REPLAY.rate
    with started(folder, SOCKET_DRIVER=driver) as server, enter(server, what.flooder) as flood:
        began = time.monotonic()
        for _ in range(ROUNDS):
            tell(flood, "resume", what.from_start)
        with enter(server, what.other) as other:
            for n in range(5):
                tell(
                    other,
                    "message.send",
                    {"chat_id": what.others_chat, "text": str(n), "client_msg_id": str(uuid.uuid4())},
                )
                answers(other, 1)
        acks, size = answers(flood, ROUNDS)
        paid = rate.burst + rate.tokens * (time.monotonic() - began) / rate.seconds
        whole = [ack for ack in acks if ack["replayed"] >= CHATS * EVENTS]
        anew = [ack for ack in acks if (ack["replayed"], len(ack["resync"])) == (0, CHATS)]
        assert whole
        assert len(anew) > ROUNDS / 2
        # A comma follows each event, and an answer without events is small.
        assert size <= paid + len(whole) * CHATS * (EVENTS + 10) + ROUNDS * 1_000
