"""Runs the reference: a messenger in its simplest form, on the standard library, with the minimal work of a message.

It speaks enough of the protocol for the clients of the benches: takes the same frames from the same sockets, decodes
them, writes the rows with a full sync, all messages together that came meanwhile, and answers and delivers as many
frames with as many writes. A server's CPU over this program's in the same turn shows the server's additional work. The
cost of the machine's system calls is in both. It checks nothing, knows no people, and must not change: budgets are
relative to it.
"""

import asyncio
import json
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import uvloop
from raw import allow_many_sockets
from rig import Spent, cpu, helper

PAGE, HISTORY = 50, 20_000
TABLES = """
CREATE TABLE messages (chat_id INTEGER, seq INTEGER, sender_id INTEGER, text TEXT, entities TEXT, sent_at INTEGER,
    cmid TEXT, PRIMARY KEY (chat_id, seq)) WITHOUT ROWID;
CREATE UNIQUE INDEX ix_messages_cmid ON messages (chat_id, sender_id, cmid);
CREATE TABLE journal (n INTEGER PRIMARY KEY, chat_id INTEGER, ev INTEGER, frame TEXT);
CREATE TABLE streams (id INTEGER PRIMARY KEY, seq INTEGER, active_at INTEGER);
"""


class Store:
    """Holds the database, used by one thread."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-8192"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(TABLES)
        rows = [(1, seq, 1, "Выезд в девять", "[]", seq, str(seq)) for seq in range(1, HISTORY + 1)]
        self._connection.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def write(self, sent: list[tuple[int, int, dict[str, Any]]]) -> list[tuple[int, int, str]]:
        """Stores messages (number of the socket, chat, data); returns for each its socket, chat and event."""
        now, seqs = int(time.time() * 1000), self._seqs({chat_id for _, chat_id, _ in sent})
        messages, journal, done = [], [], []
        for socket, chat_id, data in sent:
            seqs[chat_id] += 1
            frame = event(chat_id, seqs[chat_id], socket, data["text"], now)
            messages.append((chat_id, seqs[chat_id], socket, data["text"], "[]", now, data["client_msg_id"]))
            journal.append((chat_id, seqs[chat_id], frame))
            done.append((socket, chat_id, frame))
        run = self._connection.executemany
        self._connection.execute("BEGIN IMMEDIATE")
        run("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)", messages)
        run("INSERT INTO journal (chat_id, ev, frame) VALUES (?, ?, ?)", journal)
        run("REPLACE INTO streams VALUES (?, ?, ?)", [(id_, seq, now) for id_, seq in seqs.items()])
        self._connection.execute("COMMIT")
        return done

    def _seqs(self, chats: set[int]) -> dict[int, int]:
        marks = ", ".join("?" * len(chats))
        found = self._connection.execute(f"SELECT id, seq FROM streams WHERE id IN ({marks})", [*chats])
        return dict.fromkeys(chats, 0) | dict(found.fetchall())

    def page(self, before: int) -> list[dict[str, Any]]:
        """Returns the messages before one."""
        found = self._connection.execute(
            "SELECT * FROM messages WHERE chat_id = 1 AND seq < ? ORDER BY seq DESC LIMIT ?", (before, PAGE)
        )
        return [message(chat_id, seq, sender, text, at) for chat_id, seq, sender, text, _, at, _ in found]


def message(chat_id: int, seq: int, sender: int, text: str, at: int) -> dict[str, Any]:
    """Returns a message as readers get it."""
    sent_at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000)) + f".{at % 1000:03}Z"
    shown = {"chat_id": chat_id, "seq": seq, "kind": "text", "sender_id": sender, "text": text, "entities": []}
    rest = {"service": None, "sent_at": sent_at, "rev": 1, "edited_at": None, "deleted_at": None, "deleted_by": None}
    return shown | rest | {"reply_to": None}


def event(chat_id: int, seq: int, sender: int, text: str, now: int) -> str:
    """Returns the event of a new message."""
    shown = message(chat_id, seq, sender, text, now)
    head = {"type": "message.created", "topic": f"chat:{chat_id}", "ev": seq, "at": shown["sent_at"]}
    return json.dumps(head | {"data": shown}, ensure_ascii=False, separators=(",", ":"))


def framed(text: str) -> bytes:
    """Returns a server's text frame of less than 64 KiB."""
    content = text.encode()
    size = len(content)
    return (bytes((0x81, size)) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big")) + content


class House:
    """Holds the sockets by chat, and the frames to write."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.thread = ThreadPoolExecutor(1)
        self.sockets: dict[int, asyncio.Transport] = {}
        self.chats: defaultdict[int, list[asyncio.Transport]] = defaultdict(list)
        self.numbers = count(1)
        self._waiting: list[tuple[int, int, dict[str, Any]]] = []
        self._is_writing = False

    def send(self, socket: int, chat_id: int, frame: dict[str, Any]) -> None:
        """Stores a message soon, together with those that come until then."""
        self._waiting.append((socket, chat_id, frame["data"]))
        if not self._is_writing:
            self._is_writing = True
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        part, self._waiting = self._waiting, []
        asyncio.get_running_loop().run_in_executor(self.thread, self.store.write, part).add_done_callback(self._done)

    def _done(self, written: "asyncio.Future[list[tuple[int, int, str]]]") -> None:
        """Answers and delivers, with one write for each socket."""
        frames: defaultdict[asyncio.Transport, list[bytes]] = defaultdict(list)
        for socket, chat_id, text in written.result():
            frame = framed(text)
            for transport in self.chats[chat_id]:
                frames[transport].append(frame)
            frames[self.sockets[socket]].append(framed('{"type":"ack","ref":"abc","data":{"seq":1}}'))
        for transport, some in frames.items():
            transport.write(b"".join(some))
        self._is_writing = bool(self._waiting)
        if self._waiting:
            self._write()


class Visitor(asyncio.Protocol):
    """Serves a connection: a socket, whose token is the id of its chat, or requests of pages."""

    def __init__(self, house: House) -> None:
        self._house, self._held = house, b""
        self._number, self._chat_id = next(house.numbers), 0
        self._is_upgraded = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._held += data
        if self._is_upgraded:
            self._take_frames()
        elif self._held.endswith(b"\r\n\r\n"):
            request, self._held = self._held, b""
            if b"Upgrade: websocket" in request:
                self._is_upgraded = True
                self._transport.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
            else:
                self._answer(request)

    def _answer(self, request: bytes) -> None:
        before = int(request.partition(b"before=")[2].partition(b"&")[0])
        items = self._house.thread.submit(self._house.store.page, before).result()
        content = json.dumps({"items": items}, ensure_ascii=False, separators=(",", ":")).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._transport.write(head.encode() + content)

    def _take_frames(self) -> None:
        while len(self._held) > 8:
            short = self._held[1] & 0x7F
            start, size = (6, short) if short < 126 else (8, int.from_bytes(self._held[2:4], "big"))
            if len(self._held) < start + size:
                return
            frame, self._held = json.loads(self._held[start : start + size]), self._held[start + size :]
            if frame["type"] == "hello":
                self._enter(int(frame["data"]["token"]))
            else:
                self._house.send(self._number, self._chat_id, frame)

    def _enter(self, chat_id: int) -> None:
        self._chat_id = chat_id
        self._house.sockets[self._number] = self._transport
        self._house.chats[chat_id].append(self._transport)
        self._transport.write(framed('{"type":"resumed"}'))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._house.sockets.pop(self._number, None):
            self._house.chats[self._chat_id].remove(self._transport)


def run(pipe: Connection, folder: str) -> None:
    """Runs the process: prints its port, and serves until it is ended."""

    async def serve() -> None:
        house = House(Store(Path(folder) / "reference.db"))
        server = await asyncio.get_running_loop().create_server(lambda: Visitor(house), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    allow_many_sockets()
    uvloop.run(serve())


class Reference:
    """Controls the running program for the questions."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port = pid, port
        self._chats = count(2)

    def spent(self) -> Spent:
        """Returns the CPU so far."""
        return Spent(cpu(self.pid))

    async def seats(self, groups: int, size: int) -> list[tuple[str, int]]:
        """Makes new chats, and returns their seats."""
        return [(str(chat_id), chat_id) for chat_id in (next(self._chats) for _ in range(groups)) for _ in range(size)]


@contextmanager
def referred() -> Iterator[Reference]:
    """Runs the reference program, until the block ends."""
    with tempfile.TemporaryDirectory() as folder, helper(run, folder) as (process, pipe):
        yield Reference(process.pid, pipe.recv())
