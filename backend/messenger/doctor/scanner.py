"""Checks the scanner of viruses: it answers, finds the test virus, and takes files of every size that is allowed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from messenger.assembly.drivers.choice import make_scan
from messenger.assembly.variables import sections_of
from messenger.doctor.check import Finding, failed, ok, warning, why
from messenger.features.media.settings import MediaSettings
from messenger.kernel.ports.scan import Scan, ScanTooLarge
from messenger.settings import Settings

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR_STANDARD_ANTIVIRUS_TEST_FILE!$H+H*".replace(b"_", b"-")
"""The harmless file that every scanner finds; made here, so that none stops at this module."""
CHUNK: Final = bytes(256 * 1024)
PATIENCE_S: Final = 2.0


class _Enough(Exception):
    """The scanner took so many bytes; it need not judge them."""


def check(settings: Settings) -> Finding:
    """Returns the finding of `SCAN_URL`."""
    scan, media = make_scan(settings), sections_of(settings)[MediaSettings]
    assert scan is not None
    assert isinstance(media, MediaSettings)
    try:
        return asyncio.run(_examined(scan, media.file_max))
    except OSError as error:
        return failed(
            f"The scanner in SCAN_URL does not answer: {why(error)}. Uploads wait until it does.",
            "Start clamd, let it listen on TCP (TCPSocket 3310, TCPAddr), and wait until it has loaded its signatures.",
        )


async def _examined(scan: Scan, largest: int) -> Finding:
    await scan.ping()
    if not await scan.scan(_once(EICAR), PATIENCE_S):
        return failed(
            "The scanner does not find the test virus.", "Load its signatures (freshclam) and start it again."
        )
    if found := await scan.scan(_once(b"plain words"), PATIENCE_S):
        return failed(
            f"The scanner finds {found} in plain words.", "Look at its own signatures: all files are refused."
        )
    if not await _takes(scan, largest):
        return warning(
            "The scanner takes no files as large as FILE_MAX: they are refused.",
            "Set its StreamMaxLength, MaxFileSize and MaxScanSize above FILE_MAX.",
        )
    return ok("The scanner finds the test virus, and takes files of every size that is allowed.")


async def _takes(scan: Scan, size: int) -> bool:
    """Returns whether the scanner takes so many bytes; what it has not refused after a while it takes."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await scan.scan(_zeros(size), PATIENCE_S)
    except ScanTooLarge:
        return False
    except (_Enough, TimeoutError):
        return True
    return True


async def _zeros(size: int) -> AsyncIterator[bytes]:
    """Yields so many bytes, and then does not let them be judged."""
    for start in range(0, size, len(CHUNK)):
        yield CHUNK[: size - start]
    raise _Enough


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
