"""The server's own doors: health, facts and limits."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import messenger
from messenger.db.tx import Tx
from messenger.doors.deps import Address, Platform
from messenger.doors.feature import Feature
from messenger.kernel.paging import PAGE_DEFAULT, PAGE_MAX, PAGE_MAX_BYTES
from messenger.web.health import Health
from messenger.web.http import API_LEVEL


async def healthz() -> dict[str, str]:
    """Answers that the process is alive."""
    return {"status": "ok"}


async def readyz(request: Request) -> Response:
    """Checks that the services this server needs are there."""
    health: Health = request.app.state.health
    checks = await health.checks()
    is_ready = set(checks.values()) == {"ok"}
    return JSONResponse({"status": "ok" if is_ready else "unavailable", "checks": checks}, 200 if is_ready else 503)


Facts = Callable[[Tx, Platform], dict[str, Any]]
"""Reads what people who are not signed in may know of this server."""


def facts_of(plates: Sequence[Feature]) -> Facts:
    """Returns the function that collects the facts of these plates."""

    def facts(tx: Tx, platform: Platform) -> dict[str, Any]:
        return {name: fact for plate in plates if plate.facts for name, fact in plate.facts(tx, platform).items()}

    return facts


def router_of(plates: Sequence[Feature]) -> APIRouter:
    """Returns the doors of a server with these plates."""
    router = APIRouter(tags=["server"])
    router.get("/api/healthz")(healthz)
    router.get("/api/readyz", responses={503: {"description": "not ready"}})(readyz)
    offers = [offer for plate in plates for offer in plate.offers]
    facts = facts_of(plates)

    @router.get("/api/server")
    async def server(_: Address, platform: Platform) -> dict[str, Any]:
        """Returns facts and limits of this server."""
        return await platform.db.read(facts, platform) | {
            "version": messenger.__version__,
            "api_level": API_LEVEL,
            "limits": limits_of(platform, plates),
            "features": [*offers, *(["mail"] if platform.config.sends_mail else [])],
        }

    return router


def limits_of(platform: Platform, plates: Sequence[Feature]) -> dict[str, int]:
    """Returns the limits of `API_CONTRACT.md` section 5."""
    pages = {"page_default": PAGE_DEFAULT, "page_max": PAGE_MAX, "page_max_bytes": PAGE_MAX_BYTES}
    said = (plate.limits(platform) for plate in plates if plate.limits)
    return pages | {name: value for limits in said for name, value in limits.items()}
