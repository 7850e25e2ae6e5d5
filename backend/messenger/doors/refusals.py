"""Describes the errors of a door in OpenAPI: each status with the codes that it may have."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from messenger.kernel.errors import catalogue

PROBLEM: Final = "application/problem+json"


def refusals(codes: Iterable[str]) -> dict[str, Any]:
    """Returns OpenAPI's `responses` of errors: those of one status are one answer."""
    by_status: defaultdict[str, set[str]] = defaultdict(set)
    for code in codes:
        by_status[str(catalogue()[code].status)].add(code)
    return {status: _described(sorted(by_status[status])) for status in sorted(by_status)}


def _described(codes: list[str]) -> dict[str, Any]:
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Problem"}],
        "properties": {"code": {"enum": codes}},
        "required": ["code"],
    }
    return {"description": ", ".join(codes), "content": {PROBLEM: {"schema": schema}}}


def codes_of(response: Mapping[str, Any]) -> list[str]:
    """Returns the codes that an answer of `refusals` may have; of any other answer none."""
    content = response.get("content", {})
    codes: list[str] = content[PROBLEM]["schema"]["properties"]["code"]["enum"] if PROBLEM in content else []
    return codes


def shared_name(response: Mapping[str, Any]) -> str:
    """Returns the name under which equal answers of `refusals` are described once."""
    return "-".join(codes_of(response))
