"""Decodes images in a separate process, which has little memory, little time and no access to data."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Annotated, Final, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from messenger.features.media import names
from messenger.features.media.decoder import LARGE_STATUS
from messenger.features.media.errors import ImageBroken
from messenger.kernel import codec
from messenger.kernel.errors import AppError

BYTES_MAX: Final = 8 * 1024 * 1024
WAIT_S: Final = 45
"""Seconds for the process as a whole; its own limit of computing time is shorter (`decoder/sandbox.py`)."""
AT_ONCE: Final = 2
LARGE: Final = 25_000_000
"""Pixels above which an image is decoded alone: it takes most of the memory that all of them may have."""
OUTPUT_MAX: Final = 32 * 1024 * 1024
PHOTO: Final = dict(zip(names.VARIANTS, (2048, 960, 320), strict=True))
"""The pixels of the longer side of a photo's variants."""
KINDS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
"""The types of images that everyone may send, as the decoder names them."""
HAS_HEIC: Final = find_spec("pi_heif") is not None
"""Whether the package that decodes HEIC is installed (`web-messenger[media]`)."""
Said = TypeVar("Said")
Pixels = Annotated[int, Meta(ge=1, le=PHOTO["l"])]
_ROOT: Final = str(Path(__file__).parents[3])
_RUN: Final = """
import contextlib, sys
sys.path.insert(0, sys.argv.pop(1))
if sys.argv[1] in ("heic", "probe"):
    with contextlib.suppress(ImportError):
        from messenger.features.media.decoder import heic
from messenger.features.media.decoder import program
program.main()
"""
_KILLED: Final = -signal.SIGKILL
"""The status of a decoder that the machine ended, most often for its memory; a limit of ours has another signal."""
_WEBP: Final = (b"RIFF", b"WEBP")
_slots: Final = asyncio.Semaphore(AT_ONCE)
_alone: Final = asyncio.Lock()


class Picture(NamedTuple):
    """A picture that the decoder made: WebP, and its size (px)."""

    data: bytes
    width: int
    height: int


class Made(NamedTuple):
    """What the decoder made of an image: the pictures in the order in which they were wanted, and its ThumbHash."""

    pictures: list[Picture]
    thumbhash: str


class Probe(msgspec.Struct):
    """What a decoder says of itself."""

    is_filtered: bool
    has_heic: bool


class _Facts(msgspec.Struct):
    """The first block of the decoder's output."""

    thumbhash: Annotated[str, Meta(max_length=64)]
    sizes: list[tuple[Pixels, Pixels]]


def kind_of(head: bytes) -> str | None:
    """Returns `jpg`, `png`, `gif` or `webp` by a file's first 12 bytes."""
    return KINDS.get(names.type_of(head))


def photo_kind(type_: str) -> str | None:
    """Returns the decoder's name of a type of which photos are made here; `None` for every other type."""
    if type_ == "image/heic":
        return "heic" if HAS_HEIC else None
    return None if type_ == "image/gif" else KINDS.get(type_)


async def squares(data: bytes, kind: str, sizes: tuple[int, ...]) -> list[bytes]:
    """Returns the middle of an image as WebP squares of these sizes (px), without metadata. Raises `ImageBroken`."""
    with tempfile.TemporaryFile() as source:
        await asyncio.to_thread(source.write, data)
        made = await _make(source, kind, "square", sizes)
    return [picture.data for picture in made.pictures]


async def photo(source: IO[bytes], kind: str) -> Made:
    """Returns the variants of a photo, in the order of `PHOTO`, of an open file. Raises `ImageBroken`."""
    return await _make(source, kind, "whole", tuple(PHOTO.values()))


async def probe() -> Probe:
    """Returns what a decoder on this machine says of itself. Raises `ImageBroken` where none runs."""
    with tempfile.TemporaryFile() as source:
        status, blocks = await _run(source, "probe")
    if status or len(blocks) != 1:
        raise ImageBroken
    return _said(blocks[0], Probe)


async def _make(source: IO[bytes], kind: str, shape: str, sizes: tuple[int, ...]) -> Made:
    """Makes pictures of an image. A large one is decoded alone, as only the decoder sees how many pixels it has, and so
    is one whose decoder was killed, which says nothing about the image.
    """
    wanted = [str(size) for size in sizes]
    async with _slots:
        status, blocks = await _run(source, kind, shape, str(LARGE), *wanted)
    if status in (LARGE_STATUS, _KILLED):
        async with _all_slots():
            status, blocks = await _run(source, kind, shape, str(2 * LARGE), *wanted)
    if status or len(blocks) != len(sizes) + 1:
        raise ImageBroken
    facts, pictures = _said(blocks[0], _Facts), blocks[1:]
    if len(facts.sizes) != len(sizes) or any((one[:4], one[8:12]) != _WEBP for one in pictures):
        raise ImageBroken
    made = [Picture(one, *size) for one, size in zip(pictures, facts.sizes, strict=True)]
    return Made(made, facts.thumbhash)


def _said(block: bytes, form: type[Said]) -> Said:
    """Returns what a decoder says. It read what a stranger wrote, so its words are checked like theirs. Raises
    `ImageBroken`.
    """
    try:
        return codec.decode(block, form)
    except AppError:
        raise ImageBroken from None


@asynccontextmanager
async def _all_slots() -> AsyncIterator[None]:
    """Waits until no other decoder runs; one at a time waits, so that two do not wait for each other."""
    async with _alone, AsyncExitStack() as held:
        for _ in range(AT_ONCE):
            await held.enter_async_context(_slots)
        yield


async def _run(source: IO[bytes], *wanted: str) -> tuple[int, list[bytes]]:
    """Runs a decoder on an open file; returns its exit status and the blocks of its output. Raises `ImageBroken` where
    it takes too long or says too much.
    """
    source.flush()
    # Not `source.seek`: it counts by itself, and does not see that an earlier decoder read the file.
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", _RUN, _ROOT, *wanted,
        stdin=source, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=_environment(),
    )  # fmt: skip
    assert process.stdout is not None
    output = bytearray()
    try:
        async with asyncio.timeout(WAIT_S):
            while chunk := await process.stdout.read(65_536):
                output += chunk
                if len(output) > OUTPUT_MAX:
                    raise ImageBroken
            status = await process.wait()
    except TimeoutError:
        raise ImageBroken from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return status, _blocks(bytes(output))


def _environment() -> Mapping[str, str]:
    """Returns the environment of a decoder: no secret of the server is in it, and its threads share their memory."""
    kept = {name: value for name in ("LD_LIBRARY_PATH",) if (value := os.environ.get(name))}
    return kept | {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}


def _blocks(output: bytes) -> list[bytes]:
    found = []
    while output:
        size = int.from_bytes(output[:4], "big")
        found.append(output[4 : 4 + size])
        output = output[4 + size :]
    return found
