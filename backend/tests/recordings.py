"""Makes recordings and films as browsers and phones do. None is kept in the tree: they are made when a test asks."""

import io
import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final, NamedTuple

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

RATE: Final = 48_000
SAMPLES: Final = 960
CANARY: Final = "canary"
"""What a recording says beside its sound."""
PLACE: Final = "+55.7558+037.6173/"
SAID: Final = {
    "location": PLACE,
    "com.apple.quicktime.location.ISO6709": PLACE,
    "com.apple.quicktime.make": CANARY,
    "title": CANARY,
}
FPS: Final = 30
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


def pictures(seconds: float, size: tuple[int, int]) -> Iterator[VideoFrame]:
    """Yields frames whose left half is bright and whose right half is dark."""
    width, height = size
    half = bytes([220] * (width // 2) + [40] * (width - width // 2))
    for n in range(int(seconds * FPS)):
        frame = VideoFrame(width, height, "yuv420p")
        rows = half + bytes(frame.planes[0].line_size - width)
        frame.planes[0].update(rows * height)
        for plane in frame.planes[1:]:
            plane.update(bytes([120 + n % 16]) * plane.buffer_size)
        frame.pts, frame.time_base = n, Fraction(1, FPS)
        yield frame


class Camera(NamedTuple):
    """What films: its format, the codecs of pictures and sound (or none), and how it was held (degrees to the left)."""

    format: str = "mov"
    codec: str = "libx264"
    sound: str = "aac"
    held: int = 0


PHONE: Final = Camera()
HASTE: Final = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "threads": "1"},
}
"""Options of encoders that save time: of several threads of VP8 each turns while it waits, 2 to 4 s instead of 0.1."""


def film(seconds: float = 2.0, size: tuple[int, int] = (640, 360), camera: Camera = PHONE) -> bytes:
    """Returns a film that says where it was made, as phones do."""
    out = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if camera.format in ("mov", "mp4") else {}
    with av.open(out, "w", format=camera.format, options=options) as target:
        target.metadata.update(SAID)
        stream: Any = target.add_stream(camera.codec, rate=FPS, options=HASTE.get(camera.codec, {}))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.metadata["handler_name"] = CANARY
        if camera.held:
            stream.set_display_rotation(camera.held)
        sound: Any = target.add_stream(camera.sound, rate=RATE, layout="mono") if camera.sound else None
        for frame in (*pictures(seconds, size), None):
            target.mux(stream.encode(frame))
        for heard in (*tone(seconds), None) if sound else ():
            target.mux(sound.encode(heard))
    return out.getvalue()
