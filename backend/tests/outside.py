"""The open internet of a test: names lead to a server on loopback, which is the only address that is asked."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from messenger.adapters.web import fetcher
from messenger.adapters.web.fetcher import Fetcher
from messenger.assembly import wiring
from messenger.features.cards import flows
from messenger.kernel.address import is_public
from messenger.kernel.ports.web import Web
from messenger.settings import Settings

OUTSIDE: Final = "127.0.0.77"
"""The loopback address that plays the open internet; every other one is what it is."""
AGENT: Final = "web-messenger (+https://chat.example.org)"

PATIENCE: Final = ((fetcher, "WHOLE_S", 30.0), (fetcher, "CONNECT_S", 30.0), (flows, "WHOLE_S", 45.0))
"""Longer limits by the clock (module, name, seconds), for tests of what pages say. On a busy machine, where decoders
give way to all others, the right ones say nothing of a page; `ports/test_web.py` tests them.
"""

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
Pages = dict[str, bytes | Answer]
"""Raw answers by path, or functions that write them."""


class Site:
    """Answers at `OUTSIDE` as the open internet."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.asked: list[bytes] = []
        self.looked_up: list[str] = []
        self.places: list[list[tuple[str, int]]] = []
        self.port = 0

    @property
    def paths(self) -> list[str]:
        """Returns the paths that were asked for, in order."""
        return [head.split()[1].decode() for head in self.asked]

    async def look_up(self, host: str, port: int) -> list[tuple[str, int]]:
        """Returns this site for every name, or the next of `places`; an IP address is itself."""
        self.looked_up.append(host)
        if self.places:
            return self.places.pop(0)
        is_number = host[-1].isdigit() or ":" in host
        return [(host, port)] if is_number else [(OUTSIDE, self.port)]

    def fetcher(self, **more: Any) -> Fetcher:
        """Returns a fetcher for which this site is the open internet."""
        return Fetcher(AGENT, "chat.example.org", resolve=self.look_up, allows=_is_outside, **more)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head)
            answer = self.pages.get(head.split()[1].decode(), b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(head, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


def _is_outside(address: str) -> bool:
    return address == OUTSIDE or is_public(address)


@asynccontextmanager
async def site(pages: Pages, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """Runs a site until the block ends."""
    made = Site(pages)
    server = await asyncio.start_server(made.serve, OUTSIDE, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


def page(body: str | bytes, type_: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    """Returns an answer with a body."""
    data = body.encode() if isinstance(body, str) else body
    more: Mapping[str, str] = {"content-type": type_, "content-length": str(len(data)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in more.items())
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + data


def prepare() -> None:
    """Gives a server that a test forks an internet at the port of loopback that `OUTSIDE_PORT` names."""
    port = int(os.environ["OUTSIDE_PORT"])

    async def look_up(_: str, __: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", port)]

    def make_web(_: Settings) -> Web:
        return Fetcher(AGENT, resolve=look_up, allows=lambda address: address == "127.0.0.1")

    vars(wiring)["make_web"] = make_web
    for module, name, seconds in PATIENCE:
        vars(module)[name] = seconds
