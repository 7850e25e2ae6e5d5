"""Checks answers against `openapi.json` and frames against `frames.json`, as the tests receive them."""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import httpx
from jsonschema_rs import Draft202012Validator, Registry

from messenger.doors.refusals import PROBLEM, codes_of

ROOT = Path(__file__).parents[2]


@cache
def document(name: str) -> dict[str, Any]:
    """Reads `openapi.json` or `frames.json`."""
    loaded: dict[str, Any] = json.loads((ROOT / name).read_text())
    return loaded


@cache
def _registry(name: str) -> Registry:
    return Registry([(f"urn:{name}", document(name))])


@cache
def _validator(name: str, pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"urn:{name}#{quote(pointer, '/~')}"}, registry=_registry(name))


def _check(name: str, pointer: str, value: Any) -> None:
    _validator(name, pointer).validate(value)


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    paths = sorted(document("openapi.json")["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in paths]


@lru_cache(4096)
def _path_of(url: str) -> str:
    return next((name for form, name in _paths() if form.match(url)), "")


class Answer(Protocol):
    """Names the parts of an answer that the contract describes: those of `httpx.Response` and `inside.Reply`."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def text(self) -> str: ...

    def json(self) -> Any: ...


def check_answer(response: httpx.Response) -> None:
    """Checks an answer over the network as `check_answer_to` does."""
    check_answer_to(response.request.method, response.request.url.path, response)


def check_answer_to(method: str, url: str, answer: Answer) -> None:
    """Checks that the contract has this status and body. Answers at paths outside the contract pass."""
    path = _path_of(url)
    operation = document("openapi.json")["paths"].get(path, {}).get(method.lower())
    if operation is None:
        return
    described = operation["responses"].get(str(answer.status_code))
    assert described is not None, f"{method} {path} answered {answer.status_code}: {answer.text}"
    escaped = path.replace("~", "~0").replace("/", "~1")
    pointer = f"/paths/{escaped}/{method.lower()}/responses/{answer.status_code}"
    if "$ref" in described:
        pointer = described["$ref"].removeprefix("#")
        described = document("openapi.json")["components"]["responses"][pointer.rpartition("/")[2]]
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == PROBLEM:
        assert answer.json()["code"] in codes_of(described), f"{method} {path} answered {answer.text}"
    if kind.endswith("json") and kind in described.get("content", {}):
        _check("openapi.json", f"{pointer}/content/{kind.replace('/', '~1')}/schema", answer.json())


def check_frame(frame: dict[str, Any], sent: str = "") -> None:
    """Checks a frame of the server, or the ack of the frame `sent`."""
    name = frame["type"]
    known = document("frames.json")
    if name == "batch":
        for inner in frame["frames"]:
            check_frame(inner)
    elif name == "ack":
        if sent and known["client"][sent]["ack"]:
            _check("frames.json", f"/client/{sent}/ack", frame["data"])
    elif name in known["events"]:
        _check("frames.json", f"/events/{name}/data", frame["data"])
        assert frame["topic"].partition(":")[0] in known["events"][name]["streams"]
    elif name != "error":
        assert name in known["server"], f"a frame that is not in the contract: {frame}"
        _check("frames.json", f"/server/{name}", frame["data"])
