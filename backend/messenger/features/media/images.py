"""Decodes images in a separate process, which has little memory, little time and no access to data."""

import asyncio
import sys
from pathlib import Path
from typing import Final

from messenger.features.media.errors import ImageBroken

BYTES_MAX: Final = 8 * 1024 * 1024
WAIT_S: Final = 20
"""Seconds for the process as a whole; its own limit of computing time is shorter (`decoder.py`)."""
_MAGIC: Final = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_DECODER: Final = str(Path(__file__).with_name("decoder.py"))
_slot: Final = asyncio.Semaphore(1)
"""One at a time: a large image takes most of the memory that all of them may have."""


def kind_of(head: bytes) -> str | None:
    """Returns `jpg`, `png`, `gif` or `webp` by a file's first 12 bytes."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


async def squares(data: bytes, kind: str, sizes: tuple[int, ...]) -> list[bytes]:
    """Returns the middle of an image as WebP squares of these sizes (px), without metadata. Raises `ImageBroken`."""
    async with _slot:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", _DECODER, kind, *map(str, sizes),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(WAIT_S):
                output, _ = await process.communicate(data)
        except TimeoutError:
            raise ImageBroken from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        raise ImageBroken
    made = []
    while output:
        size = int.from_bytes(output[:4], "big")
        made.append(output[4 : 4 + size])
        output = output[4 + size :]
    return made
