"""The program for voice: takes a recording on standard input, writes it as AAC in MP4 on standard output.

Arguments: `probe`; or the demuxer, and the longest recording in seconds. The output is blocks (`output.py`): first
facts as JSON, then the MP4. Any fault of the recording ends it with an error status.
"""

import base64
import sys
from fractions import Fraction
from io import BytesIO
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from messenger.features.media.decoder import containers, output, sandbox
from messenger.features.media.decoder.containers import Refused

RATE: Final = 48_000
BITS: Final = 48_000
FRAME: Final = 1024
"""Samples of one frame of AAC."""
STEP: Final = 4
"""Of so many samples one is looked at for the heights: more would not be seen."""
BARS: Final = 100
QUIET: Final = 0.02
"""A recording whose loudest sample is below this is shown as quiet."""


def main() -> None:
    """Gives up what it does not need, then decodes, and writes the recording."""
    kind, *rest = sys.argv[1:]
    is_filtered = sandbox.confine(sandbox.VOICE)
    if kind == "probe":
        has_aac = "aac" in av.codecs_available and bool(av.codec.Codec("aac", "w"))
        output.write(output.json_of({"is_filtered": is_filtered, "has_aac": has_aac}))
        return
    out = BytesIO()
    samples, heights = record(kind, int(rest[0]), out)
    facts = {"duration_ms": samples * 1000 // RATE, "peaks": base64.b64encode(bars(heights)).decode()}
    output.write(output.json_of(facts))
    output.write(out.getvalue())


def record(demuxer: str, longest_s: int, out: BytesIO) -> tuple[int, list[float]]:
    """Writes the recording on standard input as MP4; returns how many samples it has, and the heights of its frames.

    Raises `Refused`, and whatever PyAV raises for a damaged one.
    """
    samples, heights = 0, list[float]()
    with containers.opened(sys.stdin.buffer, demuxer) as source, containers.mp4_in_memory(out) as target:
        if not source.streams.audio:
            raise Refused
        made = target.add_stream("aac", rate=RATE, layout="mono")
        assert isinstance(made, AudioStream)
        made.bit_rate = BITS
        sampler = AudioResampler(format="fltp", layout="mono", rate=RATE, frame_size=FRAME)

        def take(frames: list[AudioFrame]) -> None:
            nonlocal samples
            for frame in frames:
                if samples > longest_s * RATE:
                    raise Refused
                frame.pts, frame.time_base = samples, Fraction(1, RATE)
                target.mux(made.encode(frame))
                samples += frame.samples
                heights.append(height(frame))

        for frame in containers.decoded(source, source.streams.audio[0]):
            take(sampler.resample(frame))
        take(sampler.resample(None))
        target.mux(made.encode(None))
    if not heights:
        raise Refused
    return samples, heights


def height(frame: AudioFrame) -> float:
    """Returns the height of the loudest sample of a frame, 0 to 1."""
    samples = memoryview(frame.planes[0]).cast("f")[: frame.samples : STEP].tolist()
    return min(1.0, max(max(samples), -min(samples)))


def bars(heights: list[float]) -> bytes:
    """Returns `BARS` heights of equal lengths of a recording, the loudest of which is 255."""
    loudest, count = max(QUIET, *heights), len(heights)
    found = (heights[at * count // BARS : max(at * count // BARS + 1, (at + 1) * count // BARS)] for at in range(BARS))
    return bytes(round(255 * max(few) / loudest) for few in found)
