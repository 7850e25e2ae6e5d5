"""Hot HTTP doors without pydantic: decode a struct, call, reply with bytes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from messenger.doors import limits
from messenger.doors.deps import NUMBER_MAX, authenticated, platform_of
from messenger.doors.platform import Platform
from messenger.doors.problems import RouteNotFound, UnsupportedType
from messenger.kernel import codec
from messenger.kernel.actor import Actor
from messenger.kernel.ports.limits import Bucket


@dataclass(frozen=True, slots=True)
class Call:
    """What a hot door gets: path and query numbers, the decoded body (or `None`), the request's headers."""

    platform: Platform
    actor: Actor
    path: dict[str, int]
    body: Any
    request: Request


@dataclass(frozen=True, slots=True)
class Hot:
    """A hot door: `handle(call)` answers the response. `doc` (its answers) and `query` (schemas by name) go into
    OpenAPI; `most` is the limit of its body (bytes) where that is not everybody's."""

    method: str
    path: str
    handle: Callable[[Call], Awaitable[Response]]
    doc: dict[int | str, Any] = field(default_factory=dict)
    body: type | None = None
    bucket: Bucket = limits.DEFAULT
    query: dict[str, Any] = field(default_factory=dict)
    most: int = 0

    def route(self) -> Route:
        """The Starlette route of this door."""

        async def endpoint(request: Request) -> Response:
            actor = await authenticated(request, self.bucket)
            if self.most:
                request.state.body_max = self.most
            path = {name: _number(value) for name, value in request.path_params.items()}
            body = await _body(request, self.body) if self.body else None
            return await self.handle(Call(platform_of(request), actor, path, body, request))

        return Route(f"/api{self.path}", endpoint, methods=[self.method], name=self.path)


async def _body(request: Request, form: type) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedType
    return codec.decode(await request.body(), form)


def _number(value: str) -> int:
    """A path's number; anything else names nothing."""
    if not value.isdecimal() or len(value) > 16 or int(value) > NUMBER_MAX:
        raise RouteNotFound
    return int(value)
