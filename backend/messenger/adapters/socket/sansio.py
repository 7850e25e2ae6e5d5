"""The plain socket driver: the sans-I/O protocol of `websockets` on the transport that uvicorn upgraded."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, cast

from websockets.exceptions import InvalidState
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from messenger.adapters.socket import Outflow
from messenger.kernel.ports.socket import (
    FRAGMENTS_MAX,
    FRAME_MAX,
    SUBPROTOCOL,
    VERSION,
    Closed,
    Entrance,
    Session,
)

READ_MAX: Final = 16 * 1024
"""Bytes that are parsed before their frames are counted."""


def make(entrance: Entrance) -> type[asyncio.Protocol]:
    """Returns the class for `uvicorn.Config(ws=…)`."""

    class Bound(SansioSocket):
        def __init__(self, config: Any, server_state: Any, app_state: Any, **_: Any) -> None:
            super().__init__(entrance, server_state)

    return Bound


def _ours(_: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Returns our sub-protocol where it is offered; a client that offers none, or others, may speak it all the same."""
    ours = Subprotocol(SUBPROTOCOL)
    return ours if ours in offered else None


class SansioSocket(asyncio.Protocol):
    """One connection; also the `Socket` that its session holds."""

    def __init__(self, entrance: Entrance, server_state: Any) -> None:
        self.address = self.device = ""
        self._entrance, self._connections = entrance, server_state.connections
        self._wire = ServerProtocol(max_size=FRAME_MAX, select_subprotocol=_ours)
        self._session: Session | None = None
        self._parts: list[bytes] = []
        self._is_over = False
        self._transport: asyncio.Transport
        self._outflow: Outflow

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop has classes of its own
        self._outflow = Outflow(self._transport, self.let_go)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._outflow.resume()
        session, self._session = self._session, None
        if session is not None:
            session.closed()

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), READ_MAX):
            self._wire.receive_data(data[start : start + READ_MAX])
            for event in self._wire.events_received():
                if isinstance(event, Request):
                    self._accept(event)
                elif isinstance(event, Frame) and not self._is_over:
                    self._frame(event)
            self._flush()
            if self._is_over:
                break

    def eof_received(self) -> None:
        self._wire.receive_eof()

    def pause_writing(self) -> None:
        self._outflow.pause()

    def resume_writing(self) -> None:
        self._outflow.resume()

    def let_go(self) -> None:
        """Disconnects a peer that has not read for too long."""
        self.close(Closed.TOO_SLOW, "too slow")

    def shutdown(self) -> None:
        """Closes the connection when uvicorn stops."""
        self.close(Closed.RESTART)
        self._transport.close()

    def send(self, data: bytes) -> int:
        if self._wire.state is State.OPEN:
            self._transport.write(data)
        return self._transport.get_write_buffer_size()

    async def taken(self) -> None:
        await self._outflow.taken()

    def close(self, code: int, reason: str = "") -> None:
        self._is_over = True
        self._outflow.end(reads=code != Closed.TOO_MANY)
        with suppress(InvalidState):  # it was closed before, or never open
            self._wire.send_close(code, reason)
        self._flush()

    def abort(self) -> None:
        self._transport.abort()

    def buffered(self) -> int:
        return self._transport.get_write_buffer_size()

    def _accept(self, request: Request) -> None:
        refusal = self._entrance.refusal(request.path, request.headers.get_all)
        if refusal is not None:
            response = self._wire.reject(refusal, f"{refusal.phrase}\n")
            response.headers["Sec-WebSocket-Version"] = VERSION
        else:
            response = self._wire.accept(request)
        self._wire.send_response(response)
        self._flush()
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            peer = self._transport.get_extra_info("peername")
            self.address = self._entrance.address(str(peer[0]) if peer else "", request.headers.get_all)
            self.device = self._entrance.device(request.headers.get_all)
            self._session = self._entrance.make_session()
            self._session.opened(self)
        else:
            self._transport.close()

    def _frame(self, frame: Frame) -> None:
        if self._session is not None:
            self._session.heard(len(frame.data))
        if self._is_over:
            return
        if frame.opcode is Opcode.BINARY:
            self.close(Closed.PROTOCOL, "text frames only")
        elif frame.opcode in (Opcode.TEXT, Opcode.CONT):
            self._parts.append(bytes(frame.data))
            if len(self._parts) > FRAGMENTS_MAX:
                self.close(Closed.TOO_BIG, "too many fragments")
            elif frame.fin:
                message, self._parts = b"".join(self._parts), []
                self._message(message)

    def _message(self, message: bytes) -> None:
        try:
            message.decode()
        except UnicodeDecodeError:
            self.close(CloseCode.INVALID_DATA, "not UTF-8")
            return
        if self._session is not None:
            self._session.frame(message)

    def _flush(self) -> None:
        for data in self._wire.data_to_send():
            if data:
                self._transport.write(data)
            elif not self._transport.is_closing():
                # Closed at once, unread bytes would make the system drop the close frame.
                self._transport.write_eof()
        if self._wire.close_expected():
            self._outflow.end()
