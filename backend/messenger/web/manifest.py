"""The manifest of the installed page: the built one, with the name of this server."""

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from messenger.doors.deps import platform_of
from messenger.doors.problems import RouteNotFound
from messenger.web import client
from messenger.web.system import Facts

PATH: Final = "/manifest.webmanifest"


class Manifest:
    """Answers with the manifest; `facts` contain the name."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    async def answer(self, request: Request) -> Response:
        """Returns the manifest as browsers take it. Raises `RouteNotFound` where the client is not built."""
        built = _built()
        platform = platform_of(request)
        facts = await platform.db.read(self._facts, platform)
        headers = {"cache-control": "no-cache"}
        return JSONResponse(built | {"name": facts["name"]}, headers=headers, media_type="application/manifest+json")


def _built() -> dict[str, Any]:
    found = client.CLIENT / PATH.lstrip("/")
    if not found.is_file():
        raise RouteNotFound
    manifest: dict[str, Any] = json.loads(found.read_text())
    return manifest
