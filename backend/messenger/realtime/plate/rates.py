"""The rate limits of sockets, shared by all devices of a person."""

from typing import Final

from messenger.kernel.ports.limits import Bucket, Rate

FRAMES: Final = Bucket("frames", Rate(60, 20, 1))
FRAME_BYTES: Final = Bucket("frame_bytes", Rate(1_048_576, 262_144, 1))
REPLAY: Final = Bucket("replay", Rate(16_777_216, 262_144, 1))
SOCKETS: Final = Bucket("sockets", Rate(10, 1, 5))
ALL: Final = (FRAMES, FRAME_BYTES, REPLAY, SOCKETS)
