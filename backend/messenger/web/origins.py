"""Refuses foreign host names, and allows pages of other web clients.

The rules are in `kernel/origin.py`, shared with sockets.
"""

from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from messenger.doors.problems import Misdirected
from messenger.kernel.origin import Origins
from messenger.web.http import answer

EXPOSED: Final = (
    "etag",
    "idempotency",
    "idempotency-replayed",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "x-api-level",
    "x-ratelimit-bucket",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
)
"""Headers of answers that clients of other origins may read."""


class Hosts:
    """Pure ASGI: refuses requests for a name that is not this server's (`Origins.is_host`)."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._origins.is_host(Headers(scope=scope).getlist("host")):
            await answer(Request(scope), Misdirected())(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class OtherClients(CORSMiddleware):
    """Pure ASGI: lets browsers show answers to pages of other web clients (`Origins.may_call`)."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        super().__init__(
            app,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "idempotency-key", "if-match", "x-client", "x-request-id"],
            expose_headers=[*EXPOSED],
        )
        self._origins = origins

    def is_allowed_origin(self, origin: str) -> bool:
        return self._origins.may_call([origin])
