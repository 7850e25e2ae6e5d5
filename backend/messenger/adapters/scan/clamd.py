"""Scans by clamd, the server of ClamAV: its protocol over TCP."""

import asyncio
import re
import select
import socket
from collections.abc import AsyncIterator
from typing import Final

from messenger.kernel.ports.scan import ScanTooLarge

CONNECT_S: Final = 5.0
TAKE_S: Final = 20.0
"""Seconds in which the scanner takes a chunk."""
PING_S: Final = 5.0
ANSWER_MAX: Final = 4096
FOUND_MAX: Final = 64
"""Characters of a name that are passed on: as many as the audit trail keeps."""
_JUDGED: Final = re.compile(r"stream: (?:OK|(.+) FOUND)")
_TOO_LARGE: Final = "size limit exceeded"


class Clamd:
    """A driver of `kernel.ports.scan.Scan`: a connection for each file."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)

    async def scan(self, chunks: AsyncIterator[bytes], patience_s: float) -> str:
        with await self._connected() as line:
            is_whole = await _sent(line, chunks)
            said = await _answer(line, patience_s)
        if _TOO_LARGE in said:
            raise ScanTooLarge
        judged = _JUDGED.fullmatch(said)
        if judged is None or (not is_whole and not judged[1]):
            raise OSError(f"the scanner judged nothing: {said!r}")
        return (judged[1] or "")[:FOUND_MAX]

    async def ping(self) -> None:
        with await self._connected() as line:
            await _send(line, b"zPING\0")
            said = await _answer(line, PING_S)
        if said != "PONG":
            raise OSError(f"the scanner answers PING by {said!r}")

    async def _connected(self) -> socket.socket:
        line = await asyncio.to_thread(socket.create_connection, self._address, CONNECT_S)
        line.setblocking(False)
        return line


async def _sent(line: socket.socket, chunks: AsyncIterator[bytes]) -> bool:
    """Sends a file; returns whether the scanner took all of it. It answers before the end where it takes no more."""
    try:
        await _send(line, b"zINSTREAM\0")
        async for chunk in chunks:
            if _has_answered(line):
                return False
            await _send(line, len(chunk).to_bytes(4, "big") + chunk)
        if _has_answered(line):
            return False
        await _send(line, bytes(4))
    except ConnectionError:  # it may have answered before
        return False
    return True


def _has_answered(line: socket.socket) -> bool:
    waiting = select.poll()  # `select` knows no descriptor above 1,023
    waiting.register(line, select.POLLIN)
    return bool(waiting.poll(0))


async def _send(line: socket.socket, data: bytes) -> None:
    async with asyncio.timeout(TAKE_S):
        await asyncio.get_running_loop().sock_sendall(line, data)


async def _answer(line: socket.socket, patience_s: float) -> str:
    """Returns the answer of the scanner. Raises `OSError`, also where it ends the connection without one."""
    said = b""
    async with asyncio.timeout(patience_s):
        while b"\0" not in said and len(said) < ANSWER_MAX:
            more = await asyncio.get_running_loop().sock_recv(line, ANSWER_MAX)
            if not more:
                break
            said += more
    return said.partition(b"\0")[0].decode(errors="replace").strip()
