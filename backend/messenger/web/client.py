"""The doors of the built client and of the documents of the API."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

import messenger
from messenger.doors.deps import authenticated, platform_of
from messenger.doors.problems import RouteNotFound

CLIENT: Final = Path(messenger.__file__).parents[2] / "frontend" / "dist"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:{files}; "
    "media-src 'self' blob:{files}; font-src 'self'; connect-src 'self' {sockets}; worker-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
SHARE: Final = "/share"
DOCS_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)


class ClientPath(PathConvertor):
    """Every address outside the API: screens and files of the client."""

    regex = r"(?!api(?:/|$)).*"


register_url_convertor("client", ClientPath())


class Readers:
    """Decides who may read the documents.

    Where they are for signed-in people, programs show their access token; browsers, which open a page without one, show
    the cookie of their session (`is_signed_in`).
    """

    def __init__(self, is_signed_in: Callable[[Request], Awaitable[bool]]) -> None:
        self._is_signed_in = is_signed_in

    async def check(self, request: Request) -> None:
        """Checks that a request may read the documents. Raises `Unauthenticated`."""
        if not platform_of(request).config.docs_for_all and not await self._is_signed_in(request):
            await authenticated(request)


def add_doors(app: FastAPI, readers: Readers) -> None:
    """Serves the page at `/`, the documents, and the client's files and screens at every other address."""

    async def client(request: Request) -> Response:
        """Returns a file of the built client, compressed where the browser takes it; else the page."""
        path = request.path_params["path"]
        found = _built(path)
        if path.startswith("docs/") or (found is not None and _is_document(found)):
            await readers.check(request)
        if found is None:
            if "text/html" in request.headers.get("accept", "") and "." not in path.rpartition("/")[2]:
                return page(request)
            raise RouteNotFound
        return page(request) if path == "index.html" else _file(request, found)

    async def docs(request: Request) -> Response:
        """Returns the API's documents for reading; everything they need comes from here."""
        await readers.check(request)
        found = _built("docs/index.html")
        if found is None:
            raise RouteNotFound
        return _file(request, found)

    async def openapi(request: Request) -> Response:
        """Returns the description of this API for machines."""
        await readers.check(request)
        return Response(json.dumps(app.openapi()), media_type="application/json")

    for path, door in {"/": root, "/api/openapi.json": openapi, "/docs": docs, "/{path:client}": client}.items():
        app.add_route(path, door, methods=["GET"], include_in_schema=False)
    app.add_route(SHARE, share, methods=["POST"], include_in_schema=False)


async def share(_: Request) -> Response:
    """Leads to the page, where a browser has lost the service worker that takes what a program shares.

    The page then says that nothing arrived.
    """
    return RedirectResponse("/?shared", 303)


async def root(request: Request) -> Response:
    """Returns the client to browsers, and name and environment to programs."""
    if "text/html" in request.headers.get("accept", ""):
        return page(request)
    env = platform_of(request).config.env
    return JSONResponse({"app": "web-messenger", "env": env}, headers={"vary": "Accept"})


def page(request: Request) -> Response:
    """Returns the client's page; every address that is no file is one of its screens."""
    index = CLIENT / "index.html"
    if not index.is_file():
        return Response(
            "The web client is not built yet. Run `make run`, which builds it.\n", 503, media_type="text/plain"
        )
    platform = platform_of(request)
    sockets, files = platform.config.public_url.replace("http", "ws", 1), platform.storage.origin
    policy = CSP.format(sockets=sockets, files=files and f" {files}")
    headers = {"cache-control": "no-cache", "vary": "Accept", "content-security-policy": policy}
    return FileResponse(index, media_type="text/html; charset=utf-8", headers=headers)


def _built(path: str) -> Path | None:
    """Returns the file of the built client at a path.

    `None` for other paths and for invalid ones (a NUL, a name of 300 letters).
    """
    try:
        found = (CLIENT / path).resolve()
        return found if found.is_relative_to(CLIENT.resolve()) and found.is_file() else None
    except (OSError, ValueError):
        return None


def _is_document(found: Path) -> bool:
    """Returns whether a file belongs to the documents, by whatever path it was asked for."""
    return found.is_relative_to((CLIENT / "docs").resolve())


def _file(request: Request, found: Path) -> Response:
    hashed = found.is_relative_to((CLIENT / "assets").resolve())
    headers = {"cache-control": IMMUTABLE if hashed else "no-cache", "vary": "Accept-Encoding"}
    if _is_document(found):
        headers["content-security-policy"] = DOCS_CSP
    media_type = _media_type(found)
    accepted = request.headers.get("accept-encoding", "")
    for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
        packed = found.with_name(found.name + suffix)
        if coding in accepted and packed.is_file():
            return FileResponse(packed, media_type=media_type, headers=headers | {"content-encoding": coding})
    return FileResponse(found, media_type=media_type, headers=headers)


_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}


def _media_type(found: Path) -> str:
    return _TYPES.get(found.suffix, "application/octet-stream")
