"""Runs decoders: separate processes, which have little memory, little time and no access to data."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple, TypeVar

from messenger.features.media.errors import ImageBroken
from messenger.kernel import codec
from messenger.kernel.errors import AppError

WAIT_S: Final = 45
"""Seconds for a process as a whole; its own limit of computing time is shorter (`decoder/sandbox.py`)."""
AT_ONCE: Final = 2
OUTPUT_MAX: Final = 32 * 1024 * 1024
KILLED: Final = -signal.SIGKILL
"""The status of a decoder that the machine ended, most often for its memory; a limit of ours has another signal."""
Said = TypeVar("Said")
Program = Literal["program", "sound", "film", "page", "paper"]
_ROOT: Final = str(Path(__file__).parents[4])
_RUN: Final = """
import contextlib, importlib, sys
sys.path.insert(0, sys.argv.pop(1))
name = sys.argv.pop(1)
if sys.argv[1] in ("heic", "probe"):
    with contextlib.suppress(ImportError):
        from messenger.features.media.decoder import heic
importlib.import_module("messenger.features.media.decoder." + name).main()
"""
_slots: Final = asyncio.Semaphore(AT_ONCE)
_alone: Final = asyncio.Lock()


class Into(NamedTuple):
    """An open file that a decoder writes to, and the bytes that it may have."""

    file: IO[bytes]
    limit: int

    @property
    def words(self) -> tuple[str, str]:
        """Returns the arguments that tell a decoder of it."""
        return str(self.file.fileno()), str(self.limit)


class Ended(NamedTuple):
    """How a decoder ended: its exit status, and the blocks of its output."""

    status: int
    blocks: list[bytes]


async def run(program: Program, source: IO[bytes], *wanted: str, into: Into | None = None) -> Ended:
    """Runs a decoder on an open file, beside at most one other. Raises `ImageBroken` where it takes too long or says
    too much.
    """
    async with _slots:
        return await _run(program, source, wanted, into)


async def run_alone(program: Program, source: IO[bytes], *wanted: str, into: Into | None = None) -> Ended:
    """Runs a decoder on an open file while no other runs. Raises as `run`."""
    async with _all_slots():
        return await _run(program, source, wanted, into)


async def run_twice(program: Program, source: IO[bytes], *wanted: str, into: Into | None = None) -> Ended:
    """Runs a decoder, and once more, alone, where the machine ended it: that says nothing about the file. Raises as
    `run`.
    """
    ended = await run(program, source, *wanted, into=into)
    return await run_alone(program, source, *wanted, into=into) if ended.status == KILLED else ended


async def probe(program: Program, form: type[Said]) -> Said:
    """Returns what a decoder on this machine says of itself. Raises `ImageBroken` where none runs."""
    with tempfile.TemporaryFile() as source:
        ended = await run(program, source, "probe")
    if ended.status or len(ended.blocks) != 1:
        raise ImageBroken
    return said(ended.blocks[0], form)


def said(block: bytes, form: type[Said]) -> Said:
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


async def _run(program: Program, source: IO[bytes], wanted: Sequence[str], into: Into | None) -> Ended:
    source.flush()
    if into:
        into.file.truncate(0)  # of what a decoder before it wrote
    # Not `source.seek`: it counts by itself, and does not see that an earlier decoder read the file.
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", _RUN, _ROOT, program, *wanted, *(into.words if into else ()),
        pass_fds=(into.file.fileno(),) if into else (), stdin=source, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=_environment(),
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
    return Ended(status, _blocks(bytes(output)))


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
