"""Reads bodies that are files, as they arrive, up to a limit of their own."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from messenger.doors.problems import RequestTooLarge
from messenger.kernel.errors import RequestMalformed


def body_of(request: Request, most: int) -> AsyncIterator[bytes]:
    """Yields the body in pieces, at most `most` bytes. Raises `RequestTooLarge`, at once where the length is announced.

    Reading raises `RequestMalformed` when the sender goes away, or is disconnected for being slow.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise RequestTooLarge
    request.state.body_max = most  # read by `web/http.py` with each piece
    return _read(request)


async def _read(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise RequestMalformed(reason="the body ends before its announced end") from None
