"""Frames of the protocol itself: the first frame of a client, and the server's frames around events."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from messenger.doors.problems import problem
from messenger.kernel import codec, trail
from messenger.kernel.errors import AppError, TextBroken
from messenger.kernel.ports.socket import text_frame

Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
TypingKind = Literal["typing", "recording", "uploading"]
BATCH_BYTES: Final = 48 * 1024


class ClientFrame(msgspec.Struct):
    """Any frame of a client; the handler of its `type` decodes `data`."""

    type: Annotated[str, Meta(max_length=64)]
    ref: Annotated[str, Meta(max_length=64)] | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")


class BrokenFrame(ClientFrame):
    """A frame with half of a surrogate pair; it is answered with `text.broken`."""


class Sealed(msgspec.Struct, array_like=True, frozen=True):
    """The last change of a stream that a client holds, and its seal (empty: it has none)."""

    ev: Number
    seal: Annotated[str, Meta(max_length=64)] = ""


class Cursors(msgspec.Struct):
    """The position of a client: the epoch, and the last change of each stream it holds, with its seal if any."""

    epoch: Number = 0
    streams: dict[str, Number | Sealed] = {}


class Hello(Cursors):
    """The first frame."""

    token: Annotated[str, Meta(max_length=4096)] = ""
    language: Annotated[str, Meta(max_length=16)] = "en"


class Auth(msgspec.Struct):
    """A new access token on an open socket."""

    token: Annotated[str, Meta(max_length=4096)]


class Authed(msgspec.Struct):
    """The ack of `auth`: the life of the token in s."""

    expires_in: int


class Typing(msgspec.Struct):
    """A person is typing, or does something else that others may see."""

    chat_id: Number
    kind: TypingKind = "typing"


class Watch(msgspec.Struct):
    """The people whose presence the client shows."""

    user_ids: Annotated[list[Number], Meta(max_length=200)]


class PresenceState(msgspec.Struct):
    """The presence of a person: whether they are online, or when they were last seen."""

    user_id: int
    online: bool
    last_seen_at: str | None


class PresenceList(msgspec.Struct):
    """The ack of `presence.watch`."""

    items: list[PresenceState]


class TypingState(msgspec.Struct):
    """The data of a `typing` frame."""

    chat_id: int
    user_id: int
    kind: TypingKind


class Ready(msgspec.Struct):
    """The data of `ready`: the session and the heads of all streams of the user.

    `seals` are those of streams that `hello` did not name.
    """

    session_id: int
    user_id: int
    epoch: int
    ping_interval_ms: int
    expires_in: int
    streams: dict[str, int]
    seals: dict[str, str]


class Resumed(msgspec.Struct):
    """The data of `resumed`: how many events were sent again."""

    replayed: int


class Resync(msgspec.Struct):
    """The data of `resync`: streams that the client loads anew, and why."""

    topics: list[str]
    reason: str


class ResumeDone(msgspec.Struct):
    """The ack of `resume`."""

    replayed: int
    resync: list[str]


class Expiring(msgspec.Struct):
    """The data of `auth_expiring`."""

    in_ms: int


PING: Final = text_frame(b'{"type":"ping","data":{}}')


def read(data: bytes) -> ClientFrame:
    """Returns a client's frame. Raises `RequestMalformed`, `ValidationFailed`."""
    codec.check_depth(data)
    try:
        return codec.decode(data, ClientFrame)
    except TextBroken:
        return codec.decode(codec.mend(data) or data, BrokenFrame)


def control(type_: str, data: Any, ref: str | None = None) -> bytes:
    """Returns a finished frame of the server."""
    return text_frame(payload(type_, codec.encode(data), ref))


def error(error: AppError, language: str, ref: str | None) -> bytes:
    """Returns a finished `error` frame; it names the frame at hand by its id."""
    return control("error", problem(error, language, trail.request_id.get() or trail.fresh()), ref)


def payload(type_: str, data: bytes, ref: str | None = None) -> bytes:
    """Returns the JSON of a server frame around encoded data."""
    named = b',"ref":' + codec.encode(ref) if ref is not None else b""
    return b'{"type":"%s"%s,"data":%s}' % (type_.encode(), named, data)


def batches(frames: Iterable[str]) -> Iterator[bytes]:
    """Yields many frames as few: each `batch` holds up to `BATCH_BYTES`."""
    part: list[bytes] = []
    size = 0
    for frame in frames:
        encoded = frame.encode()
        if part and size + len(encoded) > BATCH_BYTES:
            yield _batch(part)
            part, size = [], 0
        part.append(encoded)
        size += len(encoded)
    if part:
        yield _batch(part)


def _batch(part: list[bytes]) -> bytes:
    return text_frame(b'{"type":"batch","frames":[%s]}' % b",".join(part))
