"""Writes the contract for machines, `openapi.json` and `frames.json`, from the running application."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from fastapi import FastAPI

from messenger.assembly import variables
from messenger.assembly.features import FEATURES
from messenger.doors.deps import NUMBER_MAX, Seen
from messenger.doors.fast import TEXT_MAX, Hot
from messenger.doors.refusals import codes_of, refusals, shared_name
from messenger.doors.reply import answered
from messenger.kernel.errors import TextBroken
from messenger.kernel.parts import Part
from messenger.realtime import frames, verbs

REF = "#/components/schemas/{name}"
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
        "retry_after_ms": {"type": "integer"},
    },
}
_COMMON: Final = {
    "request.malformed",
    "route.not_found",
    "request.too_large",
    "request.unsupported_type",
    "request.misdirected",
    "validation.failed",
    "rate_limited",
    "server.busy",
}
"""Errors of every door. Unforeseen errors (500) are in no list."""
_SIGNED_IN: Final = {"auth.required", "auth.token_invalid"}
"""Errors of every door that needs an access token."""


def describe(app: FastAPI, hot: Sequence[Hot]) -> None:
    """Makes the application describe itself: FastAPI's doors, hot doors, and every struct they answer."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            for door in hot:
                _describe_hot(document, door)
            _finish(document, [*answered, *(door.body for door in hot if door.body)])
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _describe_hot(document: dict[str, Any], door: Hot) -> None:
    path = document["paths"].setdefault(door.route().path_format, {})
    number: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": NUMBER_MAX}
    text: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": TEXT_MAX}
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": text if is_text else number}
        for name, is_text in door.parameters.items()
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": schema} for name, schema in door.query.items()
    ]
    operation: dict[str, Any] = {
        "tags": [door.handle.__module__.split(".")[-2]],
        "summary": (door.handle.__doc__ or "").strip().split("\n")[0],
        "operationId": door.handle.__name__,
        "parameters": parameters,
        "responses": {str(status): described for status, described in door.doc.items()}
        | (refusals({*codes_of(door.doc.get("422", {})), TextBroken.code}) if door.body else {}),
        "security": [{Seen.scheme_name: []}],
    }
    if door.body is not None:
        schema = {"$ref": REF.format(name=door.body.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    path[door.method.lower()] = operation


def _finish(document: dict[str, Any], structs: Sequence[type]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _schemas(structs) | {"Problem": PROBLEM}
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    shared = document["components"].setdefault("responses", {})
    above = _errors_from_above()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            codes = _errors_of(operation) | above.pop(f"{method.upper()} {path}", set())
            for status, refusal in refusals(codes).items():
                if status == "503" and status in responses and not codes_of(responses[status]):
                    continue  # `readyz` answers its checks with it
                shared[shared_name(refusal)] = refusal
                responses[status] = {"$ref": f"#/components/responses/{shared_name(refusal)}"}
    if above:
        raise LookupError(f"plates name operations that are not there: {sorted(above)}")


def _errors_from_above() -> dict[str, set[str]]:
    """Returns the codes that houses raise in doors of houses below them, by operation."""
    found: dict[str, set[str]] = {}
    for feature in FEATURES:
        for operation, errors in feature.refuses.items():
            found.setdefault(operation, set()).update(error.code for error in errors)
    return found


def _errors_of(operation: dict[str, Any]) -> set[str]:
    """Returns the codes of a door's errors: its own, and those that every door like it may answer."""
    codes = {code for response in operation["responses"].values() for code in codes_of(response)} | _COMMON
    if operation.get("security"):
        codes |= _SIGNED_IN
    if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", [])):
        codes.add("page.invalid")
    return codes


def _schemas(structs: Iterable[type]) -> dict[str, Any]:
    """Returns the schemas of structs and of all that is in them."""
    parts = [part for feature in FEATURES for part in feature.parts]
    forms = sorted({*structs, *(part.form for part in parts)}, key=lambda one: one.__name__)
    _, found = msgspec.json.schema_components(forms, ref_template=REF)
    hang(found, parts)
    return found


def hang(schemas: dict[str, Any], parts: Iterable[Part[Any]]) -> None:
    """Writes the parts that houses add to views into the schemas of these views."""
    for part in parts:
        if part.of.__name__ in schemas:
            schema = schemas[part.of.__name__]["properties"]["parts"]
            schema.setdefault("properties", {})[part.name] = {"$ref": REF.format(name=part.form.__name__)}


SERVER_FRAMES: dict[str, type] = {
    "ready": frames.Ready,
    "resumed": frames.Resumed,
    "resync": frames.Resync,
    "auth_expiring": frames.Expiring,
    "typing": frames.TypingState,
    "presence": frames.PresenceState,
}


def frames_document() -> dict[str, Any]:
    """Returns `frames.json`: data of every frame and event of the socket as JSON schemas."""
    client: dict[str, tuple[type, type | None]] = {"hello": (frames.Hello, None)}
    client |= {name: (one.form, one.answers) for name, one in verbs.handlers(FEATURES).items()}
    told = {event.wire_name: event for feature in FEATURES for event in feature.events}
    streams: dict[str, set[str]] = {}
    for feature in FEATURES:
        for event in feature.events:
            streams.setdefault(event.wire_name, set()).update(event.streams)
    forms: set[type] = {form for pair in client.values() for form in pair if form}
    forms |= set(SERVER_FRAMES.values()) | {event.form for event in told.values()}
    schemas = _schemas(forms)

    def ref(form: type | None) -> dict[str, str] | None:
        return {"$ref": REF.format(name=form.__name__)} if form else None

    empty: dict[str, Any] = {"type": "object"}
    return {
        "client": {
            **{name: {"data": ref(form), "ack": ref(ack)} for name, (form, ack) in sorted(client.items())},
            "pong": {"data": empty, "ack": None},
        },
        "server": {**{name: ref(form) for name, form in sorted(SERVER_FRAMES.items())}, "ping": empty},
        "events": {
            name: {"streams": sorted(streams[name]), "data": ref(event.form)} for name, event in sorted(told.items())
        },
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def write(app: FastAPI, folder: Path) -> None:
    """Writes the generated files into the project's folder."""
    for name, document in (("openapi.json", app.openapi()), ("frames.json", frames_document())):
        (folder / name).write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    (folder / ".env.example").write_text(variables.example())
    (folder / "docs" / "configuration.md").write_text(variables.table())
