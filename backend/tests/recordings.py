"""Makes recordings as browsers make them. None is kept in the tree: they are made when a test asks."""

import io
import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import av
from av.audio.frame import AudioFrame

RATE: Final = 48_000
SAMPLES: Final = 960
CANARY: Final = "canary"
"""What a recording says beside its sound."""
KINDS: Final = {
    "chrome": ("webm", "libopus"),
    "firefox": ("ogg", "libopus"),
    "safari": ("mp4", "aac"),
    "mp3": ("mp3", "libmp3lame"),
    "wav": ("wav", "pcm_s16le"),
    "flac": ("flac", "flac"),
    "aac": ("adts", "aac"),
}
"""The format and codec of recorders."""


def tone(seconds: float, rate: int = RATE) -> Iterator[AudioFrame]:
    """Yields sound whose first half is quiet and whose second half is loud."""
    count = int(seconds * rate) // SAMPLES
    for n in range(count):
        height = 3000 if n < count // 2 else 24_000
        wave = array("h", [int(height * math.sin((n * SAMPLES + i) * 0.05)) for i in range(SAMPLES)])
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = rate, n * SAMPLES, Fraction(1, rate)
        yield frame


def recording(seconds: float = 2.0, kind: str = "chrome", **options: str) -> bytes:
    """Returns a recording of a tone, by a browser or in a format of `KINDS`."""
    format_, codec = KINDS[kind]
    out = io.BytesIO()
    with av.open(out, "w", format=format_, options=options) as target:
        target.metadata["title"] = target.metadata["location"] = CANARY
        stream: Any = target.add_stream(codec, rate=RATE, layout="mono")
        stream.metadata["title"] = CANARY
        for frame in (*tone(seconds), None):
            target.mux(stream.encode(frame))
    return out.getvalue()
