"""Builds answers from structs or from ready bytes, and describes them in OpenAPI."""

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from messenger.doors.refusals import refusals
from messenger.kernel import codec
from messenger.kernel.errors import AppError, RequestMalformed

JSON: Final = "application/json"
answered: Final[set[type]] = set()
"""Every struct that some door answers; the contract writes their schemas into `openapi.json`."""


def reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Returns an answer from a struct, or from JSON bytes that exist already.

    A struct with `rev` gets its entity tag.
    """
    body = value if isinstance(value, bytes) else codec.encode(value)
    response = Response(body, status, headers, JSON)
    rev = getattr(value, "rev", None)
    if rev is not None:
        response.headers["etag"] = f'"{rev}"'
    return response


def done() -> Response:
    """Returns 204 without a body."""
    return Response(status_code=204)


def answers(form: type | None, status: int = 200, *errors: type[AppError]) -> dict[int | str, Any]:
    """Returns OpenAPI's `responses` of a door: the struct it answers (`None`: no body) and the errors it may raise."""
    described: dict[int | str, Any] = {status: {"description": "Done."}}
    if form is not None:
        answered.add(form)
        schema = {"$ref": f"#/components/schemas/{form.__name__}"}
        described[status]["content"] = {JSON: {"schema": schema}}
    return described | refusals(error.code for error in errors)


def rev_of(if_match: str | None) -> int | None:
    """Returns the number of an `If-Match` header; `None` without one or for `*`. Raises `RequestMalformed`."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'(?:W/)?"?(\d{1,16})"?', if_match.strip())
    if found is None:
        raise RequestMalformed(reason='If-Match must be a "rev"')
    return int(found[1])
