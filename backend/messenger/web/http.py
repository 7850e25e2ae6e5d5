"""Wraps every HTTP answer: request id, security headers, limits' headers, errors as problem documents."""

import logging
import math
import re
import time
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from messenger.doors.deps import authenticated
from messenger.doors.problems import (
    MethodNotAllowed,
    RequestTooLarge,
    RouteNotFound,
    ServerError,
    UnsupportedType,
    language_of,
    problem,
)
from messenger.kernel import codec, trail
from messenger.kernel.errors import AppError, RequestMalformed, ValidationFailed
from messenger.web.requests import Requests

log = logging.getLogger("messenger.http")

Headers = list[tuple[bytes, bytes]]

API_LEVEL: Final = 3
BODY_MAX: Final = 256 * 1024
BODY_MAX_UNKNOWN: Final = 64 * 1024
"""The most bytes of a body that comes without a valid token."""
PART_MAX: Final = 64 * 1024
"""Bytes of an answer that are written at once: the next follow when the peer has taken most of them."""
_INVITE: Final = re.compile(r"(/invites?/)[^/]+")
_UNSEEN: Final = re.compile(r"[^\x21-\x7e…]")
_SECURITY: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(self), payment=(), usb=()"),
]


class Wrap:
    """Pure ASGI: adds a request id and headers, limits the body, logs one line a request, and `requests` counts it."""

    def __init__(self, app: ASGIApp, requests: Requests, *, is_https: bool) -> None:
        self._app, self._requests = app, requests
        self._usual = [*_SECURITY, *([(b"strict-transport-security", b"max-age=31536000")] if is_https else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        token = trail.request_id.set(state.setdefault("request_id", trail.fresh()))
        try:
            with trail.span("request") as span:
                await self._answer(scope, receive, send, span)
        finally:
            trail.request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, span: trail.Span) -> None:
        state = scope["state"]
        began, status = time.perf_counter(), 0

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _headers(message["headers"], self._usual, state, scope["path"])}
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            for part in _parts(message):
                await send(part)

        state["is_head"] = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if state["is_head"] else scope  # RFC 9110: wherever GET is
        try:
            await self._app(inner, _limited(receive, scope), send_wrapped)
        except Exception:
            log.exception("the request failed")
            if status:
                raise  # the answer has begun
            await answer(Request(scope), ServerError())(scope, receive, send_wrapped)
        took = time.perf_counter() - began
        door = self._requests.note(inner, status, took)
        span.say(f"{scope['method']} {door}", status=status)
        method, path, ms = scope["method"], _loggable(scope["path"]), round(took * 1000, 1)
        facts = {"method": method, "path": path, "status": status, "took_ms": ms, "address": _address(scope)}
        log.info("%s %s %d %.1f ms", method, path, status, ms, extra={"facts": facts})


def _address(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""


def _parts(message: Message) -> Iterator[Message]:
    """Yields a message of an answer as messages with at most `PART_MAX` bytes of its body."""
    body = message.get("body", b"")
    for start in range(PART_MAX, len(body), PART_MAX):
        yield {**message, "body": body[start - PART_MAX : start], "more_body": True}
    yield {**message, "body": body[-(len(body) % PART_MAX or PART_MAX) :]} if len(body) > PART_MAX else message


def _loggable(path: str) -> str:
    """Returns a path on one line, without the code of an invite: readers of the log must not be able to use it."""
    return _UNSEEN.sub("?", _INVITE.sub(r"\1…", path))


def _limited(receive: Receive, scope: Scope) -> Receive:
    """Returns a `receive` that refuses a body as soon as it is above the limit, and JSON as soon as it is too deep.

    Doors differ in whether they read the body or the token first, so the token is checked here, once it matters.
    """
    has_token = any(name == b"authorization" for name, _ in scope["headers"])
    is_json = any(name == b"content-type" and b"json" in value.lower() for name, value in scope["headers"])
    taken, most, parts = 0, BODY_MAX_UNKNOWN, bytearray()

    async def receive_limited() -> Message:
        nonlocal taken, most
        message = await receive()
        body = message.get("body", b"")
        taken += len(body)
        if taken > most and has_token and "body_max" not in scope["state"]:
            await authenticated(Request(scope), None)
            most = BODY_MAX
        if taken > scope["state"].get("body_max", most):
            raise RequestTooLarge
        if is_json:
            parts.extend(body)
            if not message.get("more_body"):
                codec.check_depth(bytes(parts))
        return message

    return receive_limited


def _headers(own: Headers, usual: Headers, state: dict[str, Any], path: str) -> Headers:
    """Returns the headers of an answer: a door's own, the usual ones where it does not set them, those that the
    door has on all its answers (`request.state.headers`), and the limit's.
    """
    said = {name for name, _ in own}
    added = [(b"x-request-id", state["request_id"].encode()), (b"x-api-level", b"%d" % API_LEVEL)]
    if path.startswith("/api/") and b"cache-control" not in said:
        added.append((b"cache-control", b"no-store"))  # what people write stays in no cache on the way, nor on a disk
    added += [one for one in usual if one[0] not in said]
    added += [(name.encode(), value.encode()) for name, value in state.get("headers", {}).items()]
    if "limit" in state:
        bucket, taken = state["limit"]
        name, rate, reset = bucket.name.encode(), bucket.rate, math.ceil(taken.reset_ms / 1000)
        added += [
            (b"ratelimit-policy", b'"%b";q=%d;w=%d' % (name, rate.burst, rate.seconds)),
            (b"ratelimit", b'"%b";r=%d;t=%d' % (name, taken.remaining, reset)),
            (b"x-ratelimit-limit", b"%d" % rate.burst),
            (b"x-ratelimit-remaining", b"%d" % taken.remaining),
            (b"x-ratelimit-reset", b"%d" % reset),
            (b"x-ratelimit-bucket", name),
        ]
    return [*own, *added]


def add_error_handlers(app: FastAPI) -> None:
    """Turns every error into a problem document; unforeseen ones go through `Wrap`."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    return answer(request, error)


def answer(request: Request, error: AppError) -> Response:
    """Returns the problem document of an error."""
    language = language_of(request.headers.get("accept-language", ""))
    document = problem(error, language, getattr(request.state, "request_id", ""))
    headers = {"content-language": language, "vary": "accept-language", "cache-control": "no-store"}
    if error.status == 401:
        headers["www-authenticate"] = 'Bearer error="invalid_token"'
    if "retry_after_ms" in error.params:
        headers["retry-after"] = str(math.ceil(error.params["retry_after_ms"] / 1000))
    return Response(codec.encode(document), error.status, headers, "application/problem+json")


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return answer(request, RequestMalformed(reason="not JSON"))
    if request.method in ("POST", "PUT", "PATCH") and not _is_json(request) and found[0]["loc"][:1] == ("body",):
        return answer(request, UnsupportedType())
    items = [{"loc": [str(part) for part in one["loc"]], "code": one["type"], "message": one["msg"]} for one in found]
    return answer(request, ValidationFailed(errors=items[:20]))


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, AppError):
        return answer(request, error.__cause__)  # FastAPI hides the cause of an error in reading the body
    known: dict[int, AppError] = {404: RouteNotFound(), 405: MethodNotAllowed(), 413: RequestTooLarge()}
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))  # the framework names the methods of one door only
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    response = answer(request, known.get(error.status_code) or RequestMalformed(reason=str(error.detail)))
    response.headers.update(headers)
    return response


def _methods(request: Request) -> list[str]:
    """Returns the methods of an address."""
    asked = {method: {**request.scope, "method": method} for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
    doors = request.app.routes
    found = [method for method, scope in asked.items() if any(one.matches(scope)[0] is Match.FULL for one in doors)]
    return [*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"]
