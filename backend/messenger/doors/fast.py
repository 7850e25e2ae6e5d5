"""Hot HTTP doors without pydantic: they decode a struct, call, and reply with bytes."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.convertors import Convertor, register_url_convertor
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

TEXT_MAX: Final = 64
"""Most characters of a text in a path."""
_PARAMETER: Final = re.compile(r"\{(\w+)(:text)?\}")


class Number(Convertor[str]):
    """A number in a path; a path with another text does not match."""

    regex = r"[0-9]{1,16}(?!\n)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class Text(Number):
    """A text in a path, of characters that every database can search for."""

    regex = rf"[^/\0]{{1,{TEXT_MAX}}}(?!\n)"


register_url_convertor("number", Number())
register_url_convertor("text", Text())


@dataclass(frozen=True, slots=True)
class Call:
    """The input of a hot door: numbers and texts of its path, the decoded body (or `None`), and the request."""

    platform: Platform
    actor: Actor
    path: dict[str, int]
    texts: dict[str, str]
    body: Any
    request: Request


@dataclass(frozen=True, slots=True)
class Hot:
    """A hot door: `handle(call)` returns the response. In its `path`, `{chat_id}` is a number and `{emoji:text}` a
    text.

    `doc` (its answers) and `query` (schemas by name) go into OpenAPI; `most` is the limit of its body (bytes) where
    that differs from the usual one.
    """

    method: str
    path: str
    handle: Callable[[Call], Awaitable[Response]]
    doc: dict[int | str, Any] = field(default_factory=dict)
    body: type | None = None
    bucket: Bucket = limits.DEFAULT
    query: dict[str, Any] = field(default_factory=dict)
    most: int = 0

    @property
    def parameters(self) -> dict[str, bool]:
        """Returns the names of its path's parameters, and whether each is a text."""
        return {name: bool(kind) for name, kind in _PARAMETER.findall(self.path)}

    def route(self) -> Route:
        """Returns the Starlette route of this door."""
        texts = [name for name, is_text in self.parameters.items() if is_text]
        numbers = [name for name, is_text in self.parameters.items() if not is_text]

        async def endpoint(request: Request) -> Response:
            actor = await authenticated(request, self.bucket)
            if self.most:
                request.state.body_max = self.most
            said = request.path_params
            path = {name: _number(said[name]) for name in numbers}
            words = {name: said[name] for name in texts}
            body = await _body(request, self.body) if self.body else None
            return await self.handle(Call(platform_of(request), actor, path, words, body, request))

        template = _PARAMETER.sub(lambda found: f"{{{found[1]}{found[2] or ':number'}}}", self.path)
        return Route(f"/api{template}", endpoint, methods=[self.method], name=self.path)


async def _body(request: Request, form: type) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedType
    return codec.decode(await request.body(), form)


def _number(value: str) -> int:
    """Returns the number of a path; one that is too large matches no object."""
    if int(value) > NUMBER_MAX:
        raise RouteNotFound
    return int(value)
