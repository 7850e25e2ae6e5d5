"""Opens what strangers recorded, and writes MP4, through PyAV (`web-messenger[media]`)."""

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, Final

import av
import av.audio.codeccontext
import av.audio.stream
import av.sidedata.encparams
import av.sidedata.motionvectors
import av.subtitles.codeccontext
import av.subtitles.stream
import av.subtitles.subtitle
import av.video.codeccontext
import av.video.stream
from av.container import InputContainer, OutputContainer

STREAMS_MAX: Final = 32
"""Streams of a file: each costs memory before its first frame."""
MP4: Final = {"movflags": "+faststart", "fflags": "+bitexact"}
"""The index comes first, so that a player begins before the end is there; the muxer does not name itself."""

ReadAt = Callable[[int, int], bytes]
"""Returns at most so many bytes from a place on."""


class Refused(Exception):
    """The file has no such stream, or is longer or larger than it may be."""


def opened(source: BinaryIO, demuxer: str) -> InputContainer:
    """Returns what is in a file, as the one named demuxer sees it: no other is asked, and none opens other files.

    Raises `Refused`, and whatever PyAV raises for a damaged file.
    """
    found = av.open(source, "r", format=demuxer, metadata_errors="ignore")
    if len(found.streams) > STREAMS_MAX:
        raise Refused
    return found


def decoded(container: InputContainer, stream: Any) -> Iterator[Any]:
    """Yields the frames of a stream, without those of damaged packets."""
    stream.codec_context.thread_count = 1
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        yield from frames


class Reader:
    """Reads what is being written from its beginning, as the muxer does when it moves the index to the front."""

    def __init__(self, read_at: ReadAt, size: Callable[[], int]) -> None:
        self._read_at, self._size = read_at, size
        self._at = 0

    def read(self, size: int) -> bytes:
        """Returns the next bytes."""
        found = self._read_at(self._at, size)
        self._at += len(found)
        return found

    def seek(self, to: int, whence: int = 0) -> int:
        """Goes to another place; returns it."""
        self._at = to + (0, self._at, self._size())[whence] if whence else to
        return self._at

    def tell(self) -> int:
        """Returns the place of the next byte."""
        return self._at


def mp4_in_memory(out: BytesIO) -> OutputContainer:
    """Returns an MP4 that is written into memory."""

    def read_at(start: int, size: int) -> bytes:
        with out.getbuffer() as view:
            return bytes(view[start : start + size])

    return _mp4(out, read_at, lambda: out.getbuffer().nbytes)


def mp4_in_file(out: BinaryIO) -> OutputContainer:
    """Returns an MP4 that is written into an open file."""
    descriptor = out.fileno()

    def read_at(start: int, size: int) -> bytes:
        out.flush()
        return os.pread(descriptor, size, start)

    return _mp4(out, read_at, lambda: os.fstat(descriptor).st_size)


def _mp4(out: Any, read_at: ReadAt, size: Callable[[], int]) -> OutputContainer:
    return av.open(out, "w", format="mp4", options=MP4, io_open=lambda *_: Reader(read_at, size))
