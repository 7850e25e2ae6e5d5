"""The one place that turns structs into JSON bytes and back."""

import re
from typing import Any, Final, TypeVar

import msgspec

from messenger.kernel.errors import RequestMalformed, ValidationFailed

T = TypeVar("T")

DEPTH_MAX: Final = 32
"""Arrays and objects within one another in what comes from outside."""
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))

_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: Any) -> bytes:
    """JSON bytes (UTF-8) of a struct or plain value."""
    return _encoder.encode(value)


def encode_text(value: Any) -> str:
    """JSON text of a struct or plain value, for parameters of SQL statements."""
    return _encoder.encode(value).decode()


def check_depth(data: bytes) -> None:
    """Refuse JSON nested more than `DEPTH_MAX` deep, also in fields that nobody reads. Raises `RequestMalformed`."""
    if data.count(b"[") + data.count(b"{") <= DEPTH_MAX:
        return
    depth = 0
    for bracket in _STRING.sub(b"", data).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH_MAX:
            raise RequestMalformed(reason=f"nested more than {DEPTH_MAX} deep", max=DEPTH_MAX)


def decode(data: bytes | str, form: type[T]) -> T:
    """A value of `form` from JSON.

    Raises `ValidationFailed` when the JSON has another shape, `RequestMalformed` when it is no JSON.
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
        raise RequestMalformed(reason="not JSON") from None
