"""Sends requests with JSON over HTTP/1.1 for a tenth of the work of `httpx`: no TLS, redirects or cookies."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser


class Lane(asyncio.Protocol):
    """Holds one connection. It carries one request at a time, and is in `idle` while it carries none."""

    _transport: asyncio.Transport
    _answer: asyncio.Future[tuple[int, bytes]] | None = None

    def __init__(self, idle: list["Lane"]) -> None:
        self._idle = idle
        self._parser, self._body = HttpResponseParser(self), b""

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Returns status and body of the answer; raises `OSError` when the connection ends without one."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except asyncio.CancelledError:
            self._transport.abort()  # its answer would be taken for that of the next request
            raise

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes the connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Takes a part of an answer."""
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self.connection_lost(error)
            self._transport.abort()

    def on_body(self, data: bytes) -> None:
        """Takes a part of a body."""
        self._body += data

    def on_message_complete(self) -> None:
        """Passes an answer on, and is free for the next request unless the server closes the connection."""
        body, self._body = self._body, b""
        if self._parser.should_keep_alive():
            self._idle.append(self)
        else:
            self._transport.close()
        if self._answer and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), body))

    def connection_lost(self, error: Exception | None) -> None:
        """Leaves the idle connections, or fails the request on its way."""
        if self in self._idle:
            self._idle.remove(self)
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError(error or "the connection ended without an answer"))


class Light:
    """Sends requests of one event loop, over connections that it keeps."""

    def __init__(self) -> None:
        self._idle: defaultdict[str, list[Lane]] = defaultdict(list)

    async def __call__(
        self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Returns status and body of an answer; raises `OSError` where none comes."""
        place = urlsplit(url)
        sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        lines = [f"{method} {url.removeprefix(f'http://{place.netloc}')} HTTP/1.1", f"host: {place.netloc}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body is not None:
            lines += ["content-type: application/json", f"content-length: {len(sent)}"]
        idle = self._idle[place.netloc]
        lane = idle.pop() if idle else await self._open(place.hostname or "", place.port or 80, idle)
        return await lane.ask("\r\n".join([*lines, "", ""]).encode() + sent)

    async def _open(self, host: str, port: int, idle: list[Lane]) -> Lane:
        _, lane = await asyncio.get_running_loop().create_connection(lambda: Lane(idle), host, port)
        return lane

    def close(self) -> None:
        """Closes the connections that carry no request."""
        for lane in [lane for idle in self._idle.values() for lane in idle]:
            lane.close()
