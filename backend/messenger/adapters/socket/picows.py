"""The fast socket driver: a picows session on the transport that uvicorn upgraded.

picows' protocol class is no documented API, so the version is pinned, this file is the only one that knows it, and
`tests/ports/test_socket.py` runs the same contract against it and the plain driver.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from picows import WSUpgradeRequest, WSUpgradeResponse
from picows.api import WSUpgradeResponseWithListener
from picows.picows import (  # type: ignore[attr-defined]
    WSAutoPingStrategy,
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSProtocol,
    WSTransport,
)
from websockets.exceptions import ProtocolError
from websockets.frames import Close, CloseCode

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

_log = logging.LoggerAdapter(logging.getLogger("picows.quiet"))
"""picows makes a logger for each connection of a `Logger`; an adapter it uses as it is."""
_log.logger.setLevel(logging.CRITICAL)
READ_BUFFER = 2048
READ_MAX = 64 * 1024
"""Bytes of one read.

picows doubles its buffer whenever a read fills it, so a flood could make it as large as it likes.
"""


def make(entrance: Entrance) -> type[Any]:
    """Returns the class for `uvicorn.Config(ws=…)`."""

    class Bound(PicowsProtocol):
        def __init__(self, config: Any, server_state: Any, app_state: Any, **_: Any) -> None:
            super().__init__(entrance, server_state)

    return Bound


class PicowsProtocol(WSProtocol):  # type: ignore[misc]
    """Connects uvicorn and picows: replays the handshake, registers itself, shuts down."""

    def __init__(self, entrance: Entrance, server_state: Any) -> None:
        self._connections = server_state.connections
        super().__init__(
            None,
            None,
            False,
            lambda request: _accept(entrance, request),
            _log,
            True,
            5.0,
            False,
            60.0,
            60.0,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            False,
            FRAME_MAX,
            None,
            READ_BUFFER,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        super().connection_lost(exc)

    def get_buffer(self, size_hint: int) -> memoryview:
        buffer: memoryview = super().get_buffer(size_hint)
        return buffer[:READ_MAX]

    def data_received(self, data: bytes) -> None:
        """Takes the handshake that uvicorn replays; afterwards the loop fills picows' own buffer."""
        while data:
            buffer = self.get_buffer(-1)
            part = data[: len(buffer)]
            buffer[: len(part)] = part
            data = data[len(part) :]
            self.buffer_updated(len(part))

    def shutdown(self) -> None:
        """Closes the connection when uvicorn stops; without it SIGTERM would wait for the last client."""
        if self.transport is not None:
            self.transport.send_close(Closed.RESTART)
            self.transport.disconnect()


def _accept(entrance: Entrance, request: WSUpgradeRequest) -> WSUpgradeResponseWithListener:
    def header(name: str) -> list[str]:
        found: list[str] = request.headers.getall(name, [])
        return found

    refusal = entrance.refusal(request.path.decode("latin-1"), header)
    if refusal is not None:
        spoken = {"Sec-WebSocket-Version": VERSION}
        refused = WSUpgradeResponse.create_error_response(refusal, f"{refusal.phrase}\n".encode(), spoken)
        return WSUpgradeResponseWithListener(refused, None)
    offered = [part.strip() for part in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    chosen = {"Sec-WebSocket-Protocol": SUBPROTOCOL} if SUBPROTOCOL in offered else None
    request.headers["Connection"] = "Upgrade"  # uvicorn has found it among others; picows takes it alone
    accepted = WSUpgradeResponse.create_101_response(extra_headers=chosen)
    return WSUpgradeResponseWithListener(accepted, PicowsSocket(entrance, header))


class PicowsSocket(WSListener):  # type: ignore[misc]
    """One connection; also the `Socket` that its session holds."""

    __slots__ = ("_address_of", "_outflow", "_parts", "_raw", "_session", "_ws", "address", "device")

    def __init__(self, entrance: Entrance, header: Callable[[str], list[str]]) -> None:
        super().__init__()
        self.address, self.device = "", entrance.device(header)
        self._address_of: Callable[[str], str] = lambda peer: entrance.address(peer, header)
        self._session: Session | None = entrance.make_session()
        self._parts: list[bytes] | None = None
        self._ws: WSTransport
        self._raw: asyncio.Transport
        self._outflow: Outflow

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._ws, self._raw = transport, transport.underlying_transport
        self._outflow = Outflow(self._raw, self.let_go)
        peer = self._raw.get_extra_info("peername")
        self.address = self._address_of(str(peer[0]) if peer else "")
        if self._session is not None:
            self._session.opened(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if self._session is not None and not transport.is_close_frame_sent:
            self._session.heard(frame.payload_size)
        if transport.is_close_frame_sent and kind != WSMsgType.CLOSE:
            return
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self.close(1002, "reserved bits must be 0")
        elif kind == WSMsgType.TEXT and frame.fin and self._parts is None:
            self._message(frame.get_payload_as_bytes())
        elif kind in (WSMsgType.TEXT, WSMsgType.CONTINUATION):
            self._fragment(kind, frame)
        elif kind == WSMsgType.BINARY:
            self.close(Closed.PROTOCOL, "text frames only")
        elif kind == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif kind == WSMsgType.CLOSE:
            self._answer_close(transport, frame)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._outflow.resume()
        session, self._session = self._session, None
        if session is not None:
            session.closed()

    def pause_writing(self) -> None:
        self._outflow.pause()

    def resume_writing(self) -> None:
        self._outflow.resume()

    def let_go(self) -> None:
        """Disconnects a peer that has not read for too long."""
        self.close(Closed.TOO_SLOW, "too slow")

    def send(self, data: bytes) -> int:
        ws, raw = self._ws, self._raw
        if not (ws.is_close_frame_sent or ws.is_disconnected):
            raw.write(data)
        return raw.get_write_buffer_size()

    async def taken(self) -> None:
        await self._outflow.taken()

    def close(self, code: int, reason: str = "") -> None:
        self._ws.send_close(code, reason.encode())  # type: ignore[arg-type]
        self._outflow.end(reads=code != Closed.TOO_MANY)

    def abort(self) -> None:
        self._ws.disconnect(False)

    def buffered(self) -> int:
        return self._raw.get_write_buffer_size()

    def _fragment(self, kind: WSMsgType, frame: WSFrame) -> None:
        if (kind == WSMsgType.TEXT) != (self._parts is None):
            self.close(1002, "fragments out of order")
            return
        parts = self._parts = [*(self._parts or []), frame.get_payload_as_bytes()]
        if len(parts) > FRAGMENTS_MAX or sum(map(len, parts)) > FRAME_MAX:
            self.close(Closed.TOO_BIG, "message too big")
        elif frame.fin:
            self._parts = None
            self._message(b"".join(parts))

    def _message(self, data: bytes) -> None:
        try:
            data.decode()
        except UnicodeDecodeError:
            self.close(1007, "not UTF-8")
            return
        if self._session is not None:
            self._session.frame(data)

    def _answer_close(self, transport: WSTransport, frame: WSFrame) -> None:
        if not transport.is_close_frame_sent:
            try:
                said = Close.parse(frame.get_payload_as_bytes())
            except ProtocolError:  # picows lets codes pass that may not be sent, such as 1006 and 5000
                self.close(1002, "this code may not be sent")
                return
            if self._parts is not None:
                self.close(1002, "a message has no end")
                return
            # Echo the peer's code; the default would be 1005, which may not be sent.
            has_none = said.code == CloseCode.NO_STATUS_RCVD
            transport.send_close(WSCloseCode.OK if has_none else frame.get_close_code())
        transport.disconnect()
        self._outflow.end()
