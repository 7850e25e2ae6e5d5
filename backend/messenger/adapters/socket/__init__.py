"""Handles, for both drivers, a peer that does not read: stops reading from it, then disconnects it."""

import asyncio
from collections.abc import Callable
from typing import Final

STOP_BYTES: Final = 256 * 1024
SLOW_S: Final = 30.0
CLOSE_S: Final = 2.0
"""How long a peer may take to read the close frame and to answer it."""


class Outflow:
    """The unsent bytes of one connection, whatever wrote them: events, answers, pongs, close frames.

    Above `STOP_BYTES` the peer is not read from, so that its requests add nothing, until it has taken three quarters of
    them. After `SLOW_S` without that, `let_go` is called.
    """

    __slots__ = ("_is_ending", "_is_taken", "_let_go", "_timer", "_transport")

    def __init__(self, transport: asyncio.Transport, let_go: Callable[[], None]) -> None:
        self._transport, self._let_go = transport, let_go
        self._timer: asyncio.TimerHandle | None = None
        self._is_ending = False
        self._is_taken = asyncio.Event()
        self._is_taken.set()
        transport.set_write_buffer_limits(STOP_BYTES, STOP_BYTES // 4)

    def pause(self) -> None:
        """Stops reading: the transport holds too much (its `pause_writing`)."""
        self._is_taken.clear()
        self._transport.pause_reading()
        self._timer = asyncio.get_running_loop().call_later(SLOW_S, self._let_go)

    def resume(self) -> None:
        """Reads again: the peer has taken most of it (the transport's `resume_writing`), or is gone."""
        self._is_taken.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            if not (self._is_ending or self._transport.is_closing()):
                self._transport.resume_reading()

    async def taken(self) -> None:
        """Waits for the peer; see `kernel.ports.socket.Socket`."""
        await asyncio.sleep(0)
        await self._is_taken.wait()

    def end(self, *, reads: bool = True) -> None:
        """Ends the connection after the close frame: the peer has a moment to answer, then it goes, read or not.

        `reads`: whether the peer's remaining bytes are handled.
        """
        if not reads:
            self._transport.pause_reading()
        if not self._is_ending:
            self._is_ending = True
            asyncio.get_running_loop().call_later(CLOSE_S, self._transport.abort)
