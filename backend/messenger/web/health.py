"""Checks whether this process can do its work: the answer of `GET /api/readyz`."""

import asyncio
import logging
import os
import secrets
import time
from pathlib import Path
from typing import Final

from messenger.db import journal
from messenger.doors.platform import Platform
from messenger.kernel.errors import Damaged

log = logging.getLogger("messenger")

READY_S: Final = 3.0
"""Seconds after which a database that has not answered counts as away, however long its network would let us wait."""
KEPT_S: Final = 1.0
"""Seconds for which a result is kept.

Any caller may ask at any rate, and the disk is written no more often than this.
"""
PROBE_BYTES: Final = 65_536


class Health:
    """The checks by name, each `ok` or the fault.

    `folders` are those on this machine's disks that must take more bytes.
    """

    def __init__(self, platform: Platform, folders: list[Path]) -> None:
        self._platform, self._folders = platform, folders
        self._asking = asyncio.Lock()
        self._found: dict[str, str] = {}
        self._asked_at = -KEPT_S

    async def checks(self) -> dict[str, str]:
        """Returns results that are younger than `KEPT_S`, or checks now."""
        async with self._asking:
            if time.monotonic() - self._asked_at >= KEPT_S:
                self._found = {"database": await self._database(), "disk": await self._disk()}
                self._asked_at = time.monotonic()
            return self._found

    async def _database(self) -> str:
        checked = self._platform.db.checked
        if checked is not None and checked.is_damaged:
            return "damaged"
        try:
            async with asyncio.timeout(READY_S):
                await self._platform.db.read(journal.epoch)
        except Damaged:
            return "damaged"
        except Exception:
            return "unavailable"
        return "ok"

    async def _disk(self) -> str:
        try:
            async with asyncio.timeout(READY_S):
                await asyncio.to_thread(_fill, self._folders)
        except (OSError, TimeoutError) as error:
            log.warning("nothing can be written: %s", error)
            return "unavailable"
        return "ok"


def _fill(folders: list[Path]) -> None:
    """Writes some pages into each folder and deletes them. Raises `OSError` where there is no room or no right."""
    for folder in folders:
        probe = folder / f".ready-{secrets.token_hex(8)}"
        try:
            with probe.open("xb") as file:
                file.write(bytes(PROBE_BYTES))
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)
