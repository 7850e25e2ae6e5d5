"""Tests the driver of clamd against a small clamd that speaks the real protocol, and one that misbehaves."""

import asyncio
import select
import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from messenger.adapters.scan import clamd
from messenger.adapters.scan.clamd import Clamd
from messenger.kernel.ports.scan import ScanTooLarge
from tests.ports_free import free_port
from tests.scanner import EICAR, SIGNATURE, Mood, Scanner, scanner

MIB = 1024 * 1024


@pytest.fixture
def well() -> Iterator[Scanner]:
    with scanner() as running:
        yield running


class Line(Clamd):
    """Shows its connection."""

    line: socket.socket

    async def _connected(self) -> socket.socket:
        self.line = await super()._connected()
        return self.line


def scanned(running: Scanner, data: bytes, chunk: int = 256 * 1024) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(data), chunk):
            yield data[start : start + chunk]

    return asyncio.run(Clamd("127.0.0.1", running.server_address[1]).scan(chunks(), 60))


def test_it_finds_a_signature_across_chunks_and_nothing_in_the_rest(well: Scanner) -> None:
    assert scanned(well, b"x" * 10 + EICAR, 30) == SIGNATURE
    assert scanned(well, b"words") == ""
    assert scanned(well, b"") == ""
    assert scanned(well, bytes(3 * MIB + 1)) == ""
    assert sorted(well.seen) == [0, 5, 10 + len(EICAR), 3 * MIB + 1]
    asyncio.run(Clamd("127.0.0.1", well.server_address[1]).ping())


@pytest.mark.parametrize("size", [1001, 8 * MIB], ids=str)
def test_what_is_too_large_for_it_is_no_silence(well: Scanner, size: int) -> None:
    well.most = 1000
    with pytest.raises(ScanTooLarge):
        scanned(well, bytes(size))
    assert scanned(well, bytes(1000)) == ""


@pytest.mark.parametrize("mood", ["hangs", "closes", "early", "garbles", "refuses", "stops reading"])
@pytest.mark.parametrize("size", [10, 40 * MIB], ids=str)
def test_what_is_no_whole_answer_is_none(well: Scanner, monkeypatch: pytest.MonkeyPatch, mood: Mood, size: int) -> None:
    monkeypatch.setattr(clamd, "TAKE_S", 0.5)
    well.mood = mood

    async def scenario() -> None:
        driver = Line("127.0.0.1", well.server_address[1])

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(0, size, MIB):
                yield bytes(min(MIB, size))
            if mood == "early":  # its answer is here before the file has ended, not only on its way
                await asyncio.to_thread(select.select, [driver.line], [], [])

        with pytest.raises(OSError):
            await driver.scan(chunks(), 0.5)

    asyncio.run(scenario())


@pytest.mark.parametrize("mood", ["hangs", "closes", "garbles"])
def test_a_ping_without_its_answer_fails(well: Scanner, monkeypatch: pytest.MonkeyPatch, mood: Mood) -> None:
    monkeypatch.setattr(clamd, "PING_S", 0.5)
    well.mood = mood
    with pytest.raises(OSError):
        asyncio.run(Clamd("127.0.0.1", well.server_address[1]).ping())


def test_a_scanner_that_is_away_fails() -> None:
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(Clamd("127.0.0.1", free_port()).ping())
