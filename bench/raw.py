"""Runs clients that cost almost nothing.

WebSockets by hand that say hello, count events, and may send; HTTP by hand.
"""

import asyncio
import base64
import json
import os
import resource
import time
import uuid
from collections.abc import Iterator
from functools import partial
from typing import ClassVar, TypeVar, cast

EVENT = b'"type":"message.created"'
ACK = b'"type":"ack","ref":"abc"'
"""As long as `EVENT`: so one tail of the last read serves both counts."""
ERROR = b'"type":"error"'
PING = b'"type":"ping"'
TEXT = "Выезд в девять, собираемся у метро."


def allow_many_sockets() -> None:
    """Raises the limit of open files as far as this user may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def masked(payload: bytes) -> bytes:
    """Returns a client's text frame; a mask of zeros leaves the bytes as they are."""
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + payload


PONG = masked(b'{"type":"pong"}')

Kind = TypeVar("Kind", bound="Reader")


class Reader(asyncio.Protocol):
    """Signs a socket in and then only counts events; all readers of a process share the count.

    `hello`: fields of the first frame beside the token.
    """

    heard: ClassVar[int] = 0

    def __init__(self, token: str, **hello: object) -> None:
        self._hello, self._tail = {"token": token, **hello}, b""
        self.greeting = b""
        """The bytes from the beginning to `resumed`."""
        self._is_upgraded = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /api/ws HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Protocol: web-messenger.v1", "", ""]
        self.transport.write("\r\n".join(lines).encode())

    def data_received(self, data: bytes) -> None:
        data = self._tail + data
        if self.ready.done():
            self.count(data)
            if PING in data:
                self.transport.write(PONG)
            self._tail = data[1 - len(EVENT) :]
            return
        if not self._is_upgraded and b"\r\n\r\n" in data:
            self._is_upgraded = True
            self.transport.write(masked(json.dumps({"type": "hello", "data": self._hello}).encode()))
        is_in = b'"type":"resumed"' in data
        self._tail = b"" if is_in else data
        if is_in:
            self.greeting = data
            self.ready.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(self._tail.decode(errors="replace")[:300]))

    def count(self, data: bytes) -> None:
        """Searches the new bytes, together with the end of the bytes before."""
        Reader.heard += data.count(EVENT)


class Sender(Reader):
    """Keeps `depth` messages in flight until a time; all senders of a process share the count."""

    acked: ClassVar[int] = 0

    def __init__(self, token: str, **hello: object) -> None:
        super().__init__(token, **hello)
        self._chat_id = self._in_flight = 0
        self._until = 0.0
        self.done: asyncio.Future[None]

    def begin(self, chat_id: int, depth: int, until: float) -> "asyncio.Future[None]":
        """Starts to send to a chat, at least one message; the answer is set when the last one is acknowledged."""
        self._chat_id, self._until = chat_id, until
        self.done = asyncio.get_running_loop().create_future()
        self._send(depth)
        return self.done

    def count(self, data: bytes) -> None:
        super().count(data)
        acks = data.count(ACK)
        if acks:
            Sender.acked += acks
            self._in_flight -= acks
            self._send(acks)
        if ERROR in data:
            self.done.set_exception(RuntimeError(data.decode(errors="replace")))

    def _send(self, most: int) -> None:
        if time.monotonic() < self._until:
            self._in_flight += most
            self.transport.write(b"".join(masked(self._message()) for _ in range(most)))
        elif not self._in_flight and not self.done.done():
            self.done.set_result(None)

    def _message(self) -> bytes:
        data = {"chat_id": self._chat_id, "text": TEXT, "client_msg_id": str(uuid.uuid4())}
        return json.dumps({"type": "message.send", "ref": "abc", "data": data}, ensure_ascii=False).encode()


async def connected(kind: type[Kind], port: int, tokens: list[str]) -> list[Kind]:
    """Returns a signed-in socket for each token."""
    loop = asyncio.get_running_loop()
    readers = []
    for token in tokens:
        _, reader = await loop.create_connection(partial(kind, token), "127.0.0.1", port)
        async with asyncio.timeout(10):
            await reader.ready
        readers.append(reader)
    return readers


def request(method: str, path: str, token: str, body: object = None) -> bytes:
    """Returns an HTTP request on a connection that is kept; `token` may be empty, `body` becomes JSON."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json"] if content else []
    return "\r\n".join([*lines, "", ""]).encode() + content


class Asker(asyncio.Protocol):
    """Sends one request after another; all askers of a process share the count."""

    answered: ClassVar[int] = 0

    def __init__(self, requests: Iterator[bytes]) -> None:
        self._requests, self._held = requests, b""
        self._contents: list[bytes] = []
        self.done: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport

    @classmethod
    async def ask(cls, port: int, requests: Iterator[bytes]) -> list[bytes]:
        """Sends all requests in turn, and returns the answers. An answer that is no success is an error."""
        loop = asyncio.get_running_loop()
        _, asker = await loop.create_connection(lambda: cls(requests), "127.0.0.1", port)
        return await asker.done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, end, content = self._held.partition(b"\r\n\r\n")
        if not end or len(content) < int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self.done.set_exception(RuntimeError(self._held.decode(errors="replace")[:600]))
            self._transport.close()
            return
        Asker.answered += 1
        self._contents.append(content)
        self._held = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        asked = next(self._requests, None)
        if asked is not None:
            self._transport.write(asked)
            return
        self.done.set_result(self._contents)
        self._transport.close()
