"""The dependencies that doors declare to FastAPI: the actor, the database, a page, the platform."""

from typing import Annotated, Final

from fastapi import Depends, Query
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection, Request

from messenger.db.database import Database
from messenger.doors import limits
from messenger.doors.platform import Config
from messenger.doors.platform import Platform as Opened
from messenger.kernel.actor import Actor
from messenger.kernel.address import network
from messenger.kernel.errors import Unauthenticated
from messenger.kernel.paging import PAGE_DEFAULT, PAGE_MAX, Page
from messenger.kernel.ports.limits import Bucket

NUMBER_MAX: Final = 2**53 - 1
"""The largest number JavaScript holds exactly; every id, seq and ev is at most this."""


class AuthRequired(Unauthenticated):
    """The request came without an access token."""

    code = "auth.required"
    en = "Sign in first."
    ru = "Сначала войдите."


def platform_of(connection: HTTPConnection) -> Opened:
    """Returns the platform that the assembly put on the app."""
    platform: Opened = connection.app.state.platform
    return platform


async def _take(request: Request, bucket: Bucket, key: object) -> None:
    platform = platform_of(request)
    taken = limits.check(platform, bucket, key) if bucket.is_quick else await limits.ask(platform, bucket, key)
    limits.note(request, bucket, taken)


async def authenticated(request: Request, bucket: Bucket | None = limits.DEFAULT) -> Actor:
    """Returns the actor of a request, after taking a token of `bucket` (if any).

    Raises `Unauthenticated` or `TooMany`.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise AuthRequired
    platform = platform_of(request)
    actor = await platform.authenticate(token.strip())
    if bucket is not None:
        await _take(request, bucket, actor.user_id)
    return actor


class Seen(SecurityBase):
    """A dependency: the actor, having taken a token of `bucket`, if any. In OpenAPI its doors need an access token."""

    model = HTTPBearer(bearerFormat="JWT")
    scheme_name = "bearer"

    def __init__(self, bucket: Bucket | None) -> None:
        self._bucket = bucket

    async def __call__(self, request: Request) -> Actor:
        return await authenticated(request, self._bucket)


class Reading(Seen):
    """A dependency for doors that pages read by `<img>` and `<video>`, which send no token: as `Seen`, but a browser
    may also show a cookie.

    `cookie` is its name, and the purpose of the token in it: it counts at these doors only, and not for pages of other
    sites.
    """

    def __init__(self, bucket: Bucket, cookie: str) -> None:
        super().__init__(bucket)
        self._cookie = cookie

    async def __call__(self, request: Request) -> Actor:
        platform = platform_of(request)
        token = request.cookies.get(cookie_name(platform.config, self._cookie))
        is_foreign = request.headers.get("sec-fetch-site") == "cross-site"
        if token is None or is_foreign or "authorization" in request.headers:
            return await super().__call__(request)
        actor = await platform.authenticate(token, purpose=self._cookie)
        if self._bucket is not None:
            await _take(request, self._bucket, actor.user_id)
        return actor


def cookie_name(config: Config, name: str) -> str:
    """Returns the name of a cookie as browsers get it.

    `__Host-` demands Path=/ and Secure; without TLS (a local network) it has another name.
    """
    return f"__Host-{name}" if config.public_url.startswith("https:") else name


async def _platform(request: Request) -> Opened:
    return platform_of(request)


async def _db(request: Request) -> Database:
    return platform_of(request).db


async def _page(
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT,
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Page:
    return Page(limit, cursor)


def address_of(request: Request) -> str:
    """Returns the client's address, which `web/arrival.py` has put in the place of its proxy's."""
    return request.client.host if request.client else ""


def place_of(request: Request) -> tuple[str, str]:
    """Returns the name of the peer's device, and its address."""
    return request.headers.get("user-agent", "")[:200], address_of(request)


def network_of(request: Request) -> str:
    """Returns the network under which limits count the client's address."""
    return network(address_of(request))


class Unseen:
    """A dependency: the network of a caller without a session, having taken a token of `bucket`."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def __call__(self, request: Request) -> str:
        address = network_of(request)
        await _take(request, self._bucket, address)
        return address


Me = Annotated[Actor, Depends(Seen(limits.DEFAULT))]
Changing = Annotated[Actor, Depends(Seen(limits.CHANGE))]
Address = Annotated[str, Depends(Unseen(limits.ANONYMOUS))]
Db = Annotated[Database, Depends(_db)]
Platform = Annotated[Opened, Depends(_platform)]
Pages = Annotated[Page, Depends(_page)]
