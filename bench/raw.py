"""Clients that cost nearly nothing: WebSockets by hand that say hello and count what comes."""

import asyncio
import base64
import json
import os
import resource

EVENT = b'"type":"message.created"'


def allow_many_sockets() -> None:
    """Raise the limit of open files as far as this user may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def masked(payload: bytes) -> bytes:
    """A client's text frame; a mask of zeros leaves the bytes as they are."""
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + payload


class Reader(asyncio.Protocol):
    """A socket that is greeted and then only counts events. With an empty token it counts from the first byte."""

    heard = 0

    def __init__(self, token: str) -> None:
        self._token, self._head = token, b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if not self._token:
            self.ready.set_result(None)
            return
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /api/ws HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Protocol: web-messenger.v1", "", ""]
        hello = json.dumps({"type": "hello", "data": {"token": self._token}}).encode()
        transport.write("\r\n".join(lines).encode() + masked(hello))

    def data_received(self, data: bytes) -> None:
        Reader.heard += data.count(EVENT)
        if not self.ready.done():
            self._head += data
            if b'"type":"resumed"' in self._head:
                self.ready.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(self._head.decode(errors="replace")[:300]))


async def connected(port: int, tokens: list[str]) -> list[Reader]:
    """A greeted socket for each token."""
    loop = asyncio.get_running_loop()
    readers = []
    for token in tokens:
        _, reader = await loop.create_connection(lambda token=token: Reader(token), "127.0.0.1", port)
        await asyncio.wait_for(reader.ready, 10)
        readers.append(reader)
    return readers
