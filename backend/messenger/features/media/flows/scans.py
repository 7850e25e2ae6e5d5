"""The flow of a file through the scanner of viruses, if there is one: it sees all bytes before anyone may read them."""

import logging
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from messenger.doors.platform import Platform
from messenger.features.media.errors import FileInfected, FileUnscanned
from messenger.features.media.policy import HEAVY_SCAN
from messenger.kernel.ports.scan import ScanTooLarge

log = logging.getLogger("messenger.media")
PATIENCE_S: Final = 20.0
"""Seconds for the judgement of a file, within its job of 50 s."""
HEAVY_PATIENCE_S: Final = 300.0


class ScannerAway(Exception):
    """The scanner does not answer, so the file is not judged."""


class Judged(NamedTuple):
    """Why a file is refused, as the code of an error, and what was found in it; both empty where it is not."""

    code: str = ""
    found: str = ""


async def judge(platform: Platform, chunks: AsyncIterator[bytes], size: int) -> Judged:
    """Reads all bytes of a file, through the scanner if there is one. Raises `ScannerAway`."""
    if platform.scan is None:
        async for _ in chunks:
            continue
        return Judged()
    try:
        found = await platform.scan.scan(chunks, HEAVY_PATIENCE_S if size > HEAVY_SCAN else PATIENCE_S)
    except ScanTooLarge:
        platform.scans["unscanned"] += 1
        log.warning("the scanner takes no file of %d bytes: set its StreamMaxLength above FILE_MAX", size)
        return Judged(FileUnscanned.code)
    except OSError as error:
        platform.scans["away"] += 1
        raise ScannerAway(str(error) or type(error).__name__) from error
    platform.scans["found" if found else "clean"] += 1
    return Judged(FileInfected.code, found) if found else Judged()
