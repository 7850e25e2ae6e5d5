"""Prepares every request before the router: its client's address, its id, and whether it is for a hot door."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from messenger.kernel.address import Proxies
from messenger.kernel.errors import AppError
from messenger.web.http import answer

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Arrival:
    """Pure ASGI: puts the client's address in the place of the peer's, and keeps the request id of a trusted proxy."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["client"] and self._proxies.trusts(scope["client"][0]):
            headers, (peer, port) = Headers(scope=scope), scope["client"]
            scope["client"] = self._proxies.client(peer, headers.getlist("x-forwarded-for")), port
            if _REQUEST_ID.fullmatch(said := headers.get("x-request-id", "")):
                scope.setdefault("state", {})["request_id"] = said
        await self._app(scope, receive, send)


class Shortcut:
    """Pure ASGI: calls a hot door at once. Other doors, and paths that no hot door knows, go to the router.

    The frameworks' own way from here to a door is 40 of the 530 µs of a page (`bench/results.md`).
    """

    def __init__(self, app: ASGIApp, doors: Iterable[Route]) -> None:
        self._app = app
        self._doors: defaultdict[str, list[Route]] = defaultdict(list)
        for door in doors:
            for method in door.methods or ():
                self._doors[method].append(door)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._door(scope)
        if door is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = door  # for the metrics
        request = Request(scope, receive, send)
        try:
            response = await door.endpoint(request)
        except AppError as error:
            response = answer(request, error)
        await response(scope, receive, send)

    def _door(self, scope: Scope) -> Route | None:
        """Returns the door that a request is for; its path's parameters are then in the scope."""
        if scope["type"] == "http" and not scope.get("root_path"):
            for door in self._doors.get(scope["method"], ()):
                if found := door.path_regex.match(scope["path"]):
                    scope["path_params"] = found.groupdict()
                    return door
        return None
