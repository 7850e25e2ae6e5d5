"""Runs a TCP proxy in the test's own process, for partitions: it passes, stalls, cuts, or loses answers."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Passes bytes from its own port on to another port of this machine.

    `losing`: the share of answers (0 to 1) with which the connection ends instead.
    """

    losing = 0.0

    def __init__(self, target: int) -> None:
        self._target = target
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._passes: asyncio.Event
        self._is_cut = False
        self._links: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Stops passing bytes and closes nothing, as when packets are dropped."""
        self._call(self._passes.clear)
        try:
            yield
        finally:
            self._call(self._passes.set)

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Closes every connection, and every new one at once."""
        self._call(self._sever)
        try:
            yield
        finally:
            self._is_cut = False

    @classmethod
    @contextmanager
    def opened(cls, target: int) -> Iterator["Proxy"]:
        """Runs a proxy until the block ends."""
        proxy = cls(target)
        proxy._thread.start()
        assert proxy._ready.wait(10)
        try:
            yield proxy
        finally:
            proxy._call(proxy._loop.stop)
            proxy._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()
        self._sever()
        self._loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(self._loop), return_exceptions=True))

    async def _open(self) -> None:
        self._passes = asyncio.Event()
        self._passes.set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    def _call(self, function: object) -> None:
        self._loop.call_soon_threadsafe(function)  # type: ignore[arg-type]

    def _sever(self) -> None:
        self._is_cut = True
        for link in self._links:
            link.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.close()
            return
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            ways = [self._pass(reader, far_writer), self._pass(far_reader, writer, are_answers=True)]
            links = [asyncio.ensure_future(way) for way in ways]
            self._links.update(links)
            await asyncio.wait(links, return_when=asyncio.FIRST_COMPLETED)
            for link in links:
                link.cancel()
            self._links.difference_update(links)
            far_writer.close()
        writer.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, are_answers: bool = False
    ) -> None:
        while data := await reader.read(65_536):
            await self._passes.wait()
            if are_answers and random.random() < self.losing:
                return
            writer.write(data)
            await writer.drain()
