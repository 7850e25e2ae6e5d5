"""The program for moving pictures: takes a film or an animated picture on standard input, and makes MP4 of it.

Arguments: `film`, its demuxer, and the descriptor and the limit (bytes) of the file that the MP4 is written
to; or `gif` and the kind of the picture. The output is blocks (`output.py`): facts as JSON, the poster as WebP, and the
MP4 of an animated picture. Any fault of the film ends it with an error status, as does a picture that does not move.
"""

import os
import sys
import warnings
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any, BinaryIO, Final

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageSequence

from messenger.features.media.decoder import containers, output, pictures, sandbox
from messenger.features.media.decoder.containers import Refused

LONGER: Final = 960
"""Pixels of the longer side of a poster, and of an animated picture."""
FRAMES_MAX: Final = 200
FRAME_MS: Final = 100
"""The time of a frame that names none, or less than `SHORTEST_MS`, as browsers take it."""
SHORTEST_MS: Final = 20
PICTURES: Final = frozenset({"h264", "hevc"})
SOUND: Final = frozenset({"aac"})
"""The codecs that browsers play of an MP4, so they are copied as they are."""
ENCODER: Final = "libx264"
ENCODING: Final = {"preset": "veryfast", "crf": "25"}
ASPECTS: Final = Fraction(1, 4), Fraction(4)
"""The least and the largest width of a pixel for its height that is believed."""
TURNS: Final = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
"""The operation that turns a picture upright, by quarters of a turn to the left."""
Size = tuple[int, int]


def main() -> None:
    """Gives up what it does not need, then decodes, and writes the film."""
    kind, *rest = sys.argv[1:]
    pictures.prepare()
    sandbox.confine(sandbox.FILM._replace(file=int(rest[2]) if kind == "film" else 0))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if kind == "film":
        film(sys.stdin.buffer, rest[0], int(rest[1]))
    else:
        gif(sys.stdin.buffer, rest[0])


def film(file: BinaryIO, demuxer: str, descriptor: int) -> None:
    """Writes the facts and the poster of a film, and the film as MP4 where browsers play what is in it.

    Raises `Refused`, and whatever PyAV raises for a damaged one.
    """
    with containers.opened(file, demuxer) as source:
        stream = moving(source)
        frame = next(containers.decoded(source, stream), None)
        if frame is None:
            raise Refused
        poster, size = upright(frame, stream.sample_aspect_ratio)
    file.seek(0)
    with containers.opened(file, demuxer) as source:
        is_written = demuxer == "mp4" and copied(source, descriptor)
    file.seek(0)
    with containers.opened(file, demuxer) as source:
        length_ms = duration_ms(source)
    show(poster, size, length_ms, is_written=is_written)


def moving(source: InputContainer) -> VideoStream:
    """Returns the first stream of pictures that move, no larger than they may be. Raises `Refused`."""
    found = (one for one in source.streams.video if not one.disposition & Disposition.attached_pic)
    stream = next(found, None)
    if stream is None or not 0 < stream.width * stream.height <= pictures.PIXELS_MAX:
        raise Refused
    if max(stream.width, stream.height) > pictures.SIDE_MAX:
        raise Refused
    return stream


def upright(frame: Any, aspect: Fraction | None) -> tuple[Image.Image, Size]:
    """Returns a picture of a frame as it is to be seen, at most `LONGER` px, and the size that the film is shown in."""
    least, most = ASPECTS
    width, height = round(frame.width * min(most, max(least, aspect or Fraction(1)))), frame.height
    small = fitting((width, height))
    picture = frame.to_image(width=small[0], height=small[1], interpolation="AREA")
    quarters = round(frame.rotation / 90) % 4
    size = (height, width) if quarters % 2 else (width, height)
    return picture.transpose(TURNS[quarters]) if quarters else picture, size


def fitting(size: Size) -> Size:
    """Returns a size whose longer side has at most `LONGER` px."""
    longer = max(*size, LONGER)
    return max(1, round(size[0] * LONGER / longer)), max(1, round(size[1] * LONGER / longer))


def copied(source: InputContainer, descriptor: int) -> bool:
    """Writes the pictures and the sound of a film as MP4, without anything that it says beside them; returns whether
    browsers play what is in it, and all of it could be written.
    """
    streams: list[Any] = [moving(source), *source.streams.audio[:1]]
    if not all(one.codec_context.name in (SOUND if one.type == "audio" else PICTURES) for one in streams):
        return False
    try:
        with os.fdopen(descriptor, "w+b") as target, containers.mp4_in_file(target) as made:
            copies = {one.index: made.add_stream_from_template(one) for one in streams}
            if streams[0].codec_context.name == "hevc":
                copies[streams[0].index].codec_context.codec_tag = "hvc1"  # the name that Safari knows it by
            for packet in source.demux(streams):
                if packet.dts is not None:
                    packet.stream = copies[packet.stream_index]
                    made.mux(packet)
    except (av.error.FFmpegError, OSError, ValueError):
        return False
    return True


def duration_ms(source: InputContainer) -> int:
    """Returns the length of a film; where it does not say that, the end of its last picture."""
    if source.duration is not None:
        return max(0, source.duration // 1000)
    ends = (
        (packet.pts + (packet.duration or 0)) * packet.time_base
        for packet in source.demux(moving(source))
        if packet.pts is not None
    )
    return max(0, int(max(ends, default=Fraction(0)) * 1000))


def gif(file: BinaryIO, kind: str) -> None:
    """Writes the facts, the poster and the MP4 of an animated picture. Raises `Refused` for one that does not move, and
    whatever Pillow raises for a damaged one.
    """
    out = BytesIO()
    with pictures.opened(file, kind) as source, containers.mp4_in_memory(out) as target:
        if not 1 < getattr(source, "n_frames", 1) <= FRAMES_MAX:
            raise Refused
        # The encoder halves the colours: sides are even.
        width, height = (max(2, side - side % 2) for side in fitting(source.size))
        made: Any = target.add_stream(ENCODER, options=ENCODING)
        made.width, made.height, made.pix_fmt, made.thread_count = width, height, "yuv420p", 1
        made.codec_context.time_base = Fraction(1, 1000)
        poster, at = None, 0
        for picture, length_ms in frames(source, (width, height)):
            poster = poster or picture
            frame: Any = VideoFrame(width, height, "rgb24")
            frame.set_image(picture)
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            target.mux(made.encode(frame))
            at += length_ms
        target.mux(made.encode(None))
    if poster is None:
        raise Refused
    show(poster, poster.size, at, is_written=True)
    output.write(out.getvalue())


def frames(source: Image.Image, size: Size) -> Iterator[tuple[Image.Image, int]]:
    """Yields the pictures of an animated one in a size, on white, each with its time (ms)."""
    for one in ImageSequence.Iterator(source):
        whole = one.convert("RGBA").resize(size, Image.Resampling.BILINEAR)
        length = int(one.info.get("duration") or 0)  # a WebP names it when the frame is decoded
        picture = Image.new("RGB", size, "white")
        picture.paste(whole, mask=whole)
        yield picture, length if length >= SHORTEST_MS else FRAME_MS


def show(poster: Image.Image, size: Size, length_ms: int, *, is_written: bool) -> None:
    """Writes the facts and the poster."""
    facts = {"size": size, "poster": poster.size, "duration_ms": length_ms, "is_written": is_written}
    output.write(output.json_of(facts | {"thumbhash": pictures.hashed(poster)}))
    output.write(pictures.encoded(poster))
