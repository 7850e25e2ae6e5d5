"""What is decided of every request before anything reads it: its client's address, its id, and whether it is for us."""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from messenger.assembly.http import answer
from messenger.doors.problems import Misdirected
from messenger.kernel.address import Proxies
from messenger.kernel.origin import Origins

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Arrival:
    """Pure ASGI: puts the client's address in the place of the peer's, and keeps the request's id of a proxy's own log."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["client"] and self._proxies.trusts(scope["client"][0]):
            headers, (peer, port) = Headers(scope=scope), scope["client"]
            scope["client"] = self._proxies.client(peer, headers.getlist("x-forwarded-for")), port
            if _REQUEST_ID.fullmatch(said := headers.get("x-request-id", "")):
                scope.setdefault("state", {})["request_id"] = said
        await self._app(scope, receive, send)


class Hosts:
    """Pure ASGI: refuses requests for a name that is not this server's (`Origins.is_host`)."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._origins.is_host(Headers(scope=scope).getlist("host")):
            await answer(Request(scope), Misdirected())(scope, receive, send)
        else:
            await self._app(scope, receive, send)
