"""The cookies of a browser: its session, the mark that identifies it after the first sign-in, and the one for files."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from messenger.doors.deps import cookie_name, place_of, platform_of
from messenger.doors.platform import Config
from messenger.features.sessions import actions
from messenger.features.sessions.actions import Device
from messenger.features.sessions.errors import ForbiddenOrigin
from messenger.features.sessions.tokens import FILES
from messenger.kernel.ids import new_secret

SESSION: Final = "rt"
DEVICE: Final = "device"
FILES_S: Final = 86_400
"""Life (s) of the cookie for files; each renewal of the access token renews it."""


def device_of(config: Config, request: Request, transport: str) -> Device:
    """Returns the device of a sign-in. A browser is recognised by its cookie, which it gets with its first session."""
    in_cookie = transport == "cookie"
    mark = (mark_of(config, request) or new_secret()) if in_cookie else ""
    return Device(*place_of(request), in_cookie, mark)


def mark_of(config: Config, request: Request) -> str:
    """Returns the mark of a browser in which a person signed in before; empty where it shows none."""
    return request.cookies.get(cookie_name(config, DEVICE), "")[:100]


def session_of(config: Config, request: Request) -> str | None:
    """Returns the refresh token of a browser's session."""
    return request.cookies.get(cookie_name(config, SESSION))


def check_origin(config: Config, request: Request, client: str | None) -> None:
    """Refuses a cookie without a header that no foreign page can send, or from another origin.

    Raises `ForbiddenOrigin`.
    """
    if client != "web" or not config.origins.is_ours(request.headers.getlist("origin")):
        raise ForbiddenOrigin


def keep(config: Config, response: Response, cookie: str, value: str, life_s: int) -> None:
    """Lets a browser keep a cookie for `life_s` seconds; with 0 the browser deletes it."""
    response.set_cookie(
        cookie_name(config, cookie),
        value,
        max_age=life_s,
        path="/" if _is_https(config) else "/api" if cookie == FILES else "/api/auth",
        secure=_is_https(config),
        httponly=True,
        samesite="strict",
    )


async def is_signed_in(request: Request) -> bool:
    """Returns whether a browser shows the cookie of a session that has not ended. No token is exchanged."""
    platform = platform_of(request)
    token = session_of(platform.config, request)
    return token is not None and await platform.db.read(actions.is_live, token)


def _is_https(config: Config) -> bool:
    return config.public_url.startswith("https:")
