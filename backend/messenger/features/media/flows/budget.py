"""The budget of bytes: transfers of a process take turns at a fixed rate, so that messages come first."""

import asyncio
from typing import Final

from messenger.doors.platform import Platform
from messenger.features.media.settings import MediaSettings


class Budget:
    """Lets bytes pass at a rate. All who ask wait in one line, in the order in which they came."""

    def __init__(self) -> None:
        self._free_at = 0.0

    async def take(self, size: int, rate: int) -> None:
        """Waits until `size` bytes may pass at `rate` bytes a second."""
        now = asyncio.get_running_loop().time()
        begins = max(now, self._free_at)
        self._free_at = begins + size / rate
        if begins > now:
            await asyncio.sleep(begins - now)


_IN: Final = Budget()
_OUT: Final = Budget()


async def take_in(platform: Platform, size: int) -> None:
    """Waits until bytes of an upload may pass, and counts them."""
    platform.moved["in"] += size
    await _IN.take(size, platform.of(MediaSettings).files_rate)


async def take_out(platform: Platform, size: int) -> None:
    """Waits until bytes of a download may pass, and counts them."""
    platform.moved["out"] += size
    await _OUT.take(size, 2 * platform.of(MediaSettings).files_rate)
