"""Encodes structs as JSON and decodes them. No other module does this."""

import json
import re
from itertools import accumulate
from typing import Any, Final, TypeVar

import msgspec

from messenger.kernel.errors import RequestMalformed, TextBroken, ValidationFailed

T = TypeVar("T")

DEPTH_MAX: Final = 32
"""Depth of nested arrays and objects in JSON from outside."""
_UNMARKED: Final = bytes(set(range(256)) - set(b'"[]{}'))
_STEPS: Final = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
"""Maps a bracket to its step in depth, as a signed byte."""
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")

_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: Any) -> bytes:
    """Returns the JSON bytes (UTF-8) of a struct or plain value."""
    return _encoder.encode(value)


def encode_text(value: Any) -> str:
    """Returns the JSON text of a struct or plain value, for parameters of SQL statements."""
    return _encoder.encode(value).decode()


def check_depth(data: bytes) -> None:
    """Refuses JSON that is nested more than `DEPTH_MAX` deep, also in fields that are not decoded. Raises
    `RequestMalformed`.

    It runs before any rate limit knows the sender, so each step reads the bytes once, whatever they are.
    """
    if data.count(b"[") + data.count(b"{") <= DEPTH_MAX:
        return
    # Once escaped characters are removed, every second part between quotes is outside of strings. A pair of quotes with
    # nothing between them does not change that, whether it is an empty string or the border of two strings.
    marks = data.replace(b"\\\\", b"").replace(b'\\"', b"").translate(_STEPS, _UNMARKED).replace(b'""', b"")
    steps = b"".join(marks.split(b'"')[::2]).replace(b"\xff\x01", b"")  # down and up again reaches no new depth
    if max(accumulate(memoryview(steps).cast("b")), default=0) > DEPTH_MAX:
        raise RequestMalformed(reason=f"nested more than {DEPTH_MAX} deep", max=DEPTH_MAX)


def decode(data: bytes | str, form: type[T]) -> T:
    """Returns a value of `form` from JSON.

    Raises `ValidationFailed` when the JSON has another shape, `TextBroken` when a string holds half of a surrogate
    pair, `RequestMalformed` when the data is not JSON.
    """
    decoder = _decoders.get(form)
    if decoder is None:
        decoder = _decoders[form] = msgspec.json.Decoder(form)
    try:
        decoded: T = decoder.decode(data)
        return decoded
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        loc = [part for part in path.strip("`$").replace("[", ".").split(".") if part]
        raise ValidationFailed(errors=[{"loc": loc, "code": "invalid", "message": message}]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if mend(data) is not None:
            raise TextBroken from None
        raise RequestMalformed(reason="not JSON") from None


def mend(data: bytes | str) -> bytes | None:
    """Returns JSON with `?` for each half of a surrogate pair; `None` when it holds none, or is not JSON."""
    encoded = data.encode(errors="replace") if isinstance(data, str) else bytes(data)
    if _HALF.search(encoded) is None:
        return None
    try:
        text = json.dumps(json.loads(encoded), ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace")
    except (ValueError, RecursionError):
        return None
    return None
