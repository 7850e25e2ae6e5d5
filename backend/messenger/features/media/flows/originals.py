"""The flow of an original into a file without a name, from which a decoder reads it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from messenger.doors.platform import Platform
from messenger.features.media import names


@asynccontextmanager
async def copied(platform: Platform, file_id: int) -> AsyncIterator[IO[bytes]]:
    """Yields the original of a file: its decoder sees no folder of ours, and the server keeps no large bytes."""
    opened = await platform.storage.open(names.original_key(file_id))
    with tempfile.TemporaryFile() as source:
        async for chunk in opened.chunks:
            await asyncio.to_thread(source.write, chunk)
        yield source


async def once(data: bytes) -> AsyncIterator[bytes]:
    """Yields bytes at once, for the storage."""
    yield data
