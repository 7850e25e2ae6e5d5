"""The plate of sockets, which are no house."""

from messenger.doors.feature import Feature
from messenger.doors.platform import Platform
from messenger.kernel.ports.socket import FRAME_MAX
from messenger.realtime import sockets
from messenger.realtime.plate import rates
from messenger.realtime.plate.settings import SocketSettings


def limits(_: Platform) -> dict[str, int]:
    """Returns the limits of frames and their times (s, bytes)."""
    return {
        "typing_resend_s": 4,
        "typing_expire_s": 6,
        "ping_interval_s": sockets.PING_S,
        "frame_max_bytes": FRAME_MAX,
    }


feature = Feature("realtime", settings=SocketSettings, rates=rates.ALL, offers=("typing", "presence"), limits=limits)
