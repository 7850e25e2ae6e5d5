"""The server's own doors: health, facts, the client, the documents."""

import json
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

import messenger
from messenger.assembly.features import PLATES, gate
from messenger.assembly.health import Health
from messenger.assembly.http import API_LEVEL
from messenger.db.tx import Tx
from messenger.doors.deps import Address, Platform, authenticated, platform_of
from messenger.doors.problems import RouteNotFound
from messenger.kernel.paging import PAGE_DEFAULT, PAGE_MAX, PAGE_MAX_BYTES

router = APIRouter(tags=["server"])

CLIENT: Final = Path(messenger.__file__).parents[2] / "frontend" / "dist"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:{files}; font-src 'self'; "
    "connect-src 'self' {sockets}; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
DOCS_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)


@router.get("/api/healthz")
async def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/api/readyz", responses={503: {"description": "not ready"}})
async def readyz(request: Request) -> Response:
    """What the server needs is there."""
    health: Health = request.app.state.health
    checks = await health.checks()
    is_ready = set(checks.values()) == {"ok"}
    return JSONResponse({"status": "ok" if is_ready else "unavailable", "checks": checks}, 200 if is_ready else 503)


@router.get("/api/server")
async def server(_: Address, platform: Platform) -> dict[str, Any]:
    """Facts and limits of this server."""
    facts = await platform.db.read(_facts, platform)
    offers = [offer for plate in PLATES for offer in plate.offers]
    return facts | {
        "version": messenger.__version__,
        "api_level": API_LEVEL,
        "limits": limits_of(platform),
        "features": [*offers, *(["mail"] if platform.config.sends_mail else [])],
    }


def _facts(tx: Tx, platform: Platform) -> dict[str, Any]:
    """What the houses say of the server."""
    return {name: fact for plate in PLATES if plate.facts for name, fact in plate.facts(tx, platform).items()}


def limits_of(platform: Platform) -> dict[str, int]:
    """`API_CONTRACT.md` section 5."""
    pages = {"page_default": PAGE_DEFAULT, "page_max": PAGE_MAX, "page_max_bytes": PAGE_MAX_BYTES}
    houses = (plate.limits(platform) for plate in PLATES if plate.limits)
    return pages | {name: value for limits in houses for name, value in limits.items()}


async def root(request: Request) -> Response:
    """Browsers get the client, programs the name and the environment."""
    if "text/html" in request.headers.get("accept", ""):
        return page(request)
    env = platform_of(request).config.env
    return JSONResponse({"app": "web-messenger", "env": env}, headers={"vary": "Accept"})


def page(request: Request) -> Response:
    """The client's page; every address that is no file is one of its screens."""
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


async def client(request: Request) -> Response:
    """A file of the built client, compressed where the browser takes it; else the page."""
    path = request.path_params["path"]
    if path.startswith("docs/"):
        await _check_reader(request)
    found = _built(path)
    if found is None:
        if "text/html" in request.headers.get("accept", "") and "." not in path.rpartition("/")[2]:
            return page(request)
        raise RouteNotFound
    return page(request) if path == "index.html" else _file(request, found, path)


def _built(path: str) -> Path | None:
    """The file of the built client at a path; nothing for what is none, or no path at all (a NUL, a name of 300 letters)."""
    try:
        found = (CLIENT / path).resolve()
        return found if found.is_relative_to(CLIENT.resolve()) and found.is_file() else None
    except (OSError, ValueError):
        return None


def _file(request: Request, found: Path, path: str) -> Response:
    hashed = path.startswith("assets/")
    headers = {"cache-control": IMMUTABLE if hashed else "no-cache", "vary": "Accept-Encoding"}
    if path.startswith("docs/"):
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


async def _check_reader(request: Request) -> None:
    """Raises `Unauthenticated` where the documents are for signed-in people and nobody is: programs show their access token,
    browsers, which open a page without one, the cookie of their session."""
    platform = platform_of(request)
    if not platform.config.docs_for_all and not await gate().is_signed_in(request):
        await authenticated(request)


async def docs(request: Request) -> Response:
    """The API's documents for reading; everything they need comes from here."""
    await _check_reader(request)
    found = CLIENT / "docs" / "index.html"
    if not found.is_file():
        raise RouteNotFound
    return FileResponse(found, media_type="text/html; charset=utf-8", headers={"content-security-policy": DOCS_CSP})


async def openapi(request: Request) -> Response:
    """This API for machines."""
    await _check_reader(request)
    return Response(json.dumps(request.app.openapi()), media_type="application/json")
