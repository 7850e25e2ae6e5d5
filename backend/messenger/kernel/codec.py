"""The one place that turns structs into JSON bytes and back."""

from typing import Any, TypeVar

import msgspec

from messenger.kernel.errors import RequestMalformed, ValidationFailed

T = TypeVar("T")

_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: Any) -> bytes:
    """JSON bytes (UTF-8) of a struct or plain value."""
    return _encoder.encode(value)


def encode_text(value: Any) -> str:
    """JSON text of a struct or plain value, for parameters of SQL statements."""
    return _encoder.encode(value).decode()


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
