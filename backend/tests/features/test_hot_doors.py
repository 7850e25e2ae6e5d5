"""Tests that hot doors receive the typed parameters of their path, and that OpenAPI lists them."""

import asyncio
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from starlette.responses import Response

from messenger.assembly.app import create_app
from messenger.assembly.contract import describe
from messenger.assembly.features import FEATURES
from messenger.assembly.variables import Variables
from messenger.doors.fast import TEXT_MAX, Call, Hot
from messenger.doors.reply import reply
from messenger.web.arrival import Shortcut
from tests.inside import inside


async def echo(call: Call) -> Response:
    """Returns the parameters of the path."""
    return reply({"path": call.path, "texts": call.texts})


ECHO: Final = Hot("GET", "/echo/{chat_id}/{emoji:text}/{seq}", echo)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("7/👍/9", {"path": {"chat_id": 7, "seq": 9}, "texts": {"emoji": "👍"}}),
        ("7/e:12/9", {"path": {"chat_id": 7, "seq": 9}, "texts": {"emoji": "e:12"}}),
        ("7/" + "a" * TEXT_MAX + "/9", {"path": {"chat_id": 7, "seq": 9}, "texts": {"emoji": "a" * TEXT_MAX}}),
        ("7/" + "a" * (TEXT_MAX + 1) + "/9", None),
        ("7//9", None),
        ("7/\0/9", None),
        ("seven/👍/9", None),
        ("٧/👍/9", None),
        ("7/👍/9\n", None),
        ("7/👍/-9", None),
        ("7/👍/9007199254740992", None),
    ],
)
def test_a_path_reaches_the_door_typed(tmp_path: Path, path: str, said: dict[str, Any] | None) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            _, token = await app.person("ann")
            for on_the_way in ("router", "shortcut"):
                if on_the_way == "router":
                    app.app.router.routes.insert(0, ECHO.route())
                else:
                    app.app.router.routes.pop(0)
                    app.app.middleware_stack = Shortcut(app.app.build_middleware_stack(), [ECHO.route()])
                headers = {"authorization": f"Bearer {token}"}
                answer = await app.http.get(f"/api/echo/{quote(path)}", headers=headers)
                if said is None:
                    assert (answer.status_code, answer.json()["code"]) == (404, "route.not_found"), on_the_way
                else:
                    assert (answer.status_code, answer.json()) == (200, said), on_the_way

    asyncio.run(scenario())


def test_every_parameter_is_described(tmp_path: Path) -> None:
    app = create_app(Variables(data_dir=tmp_path))
    describe(app, [*(door for feature in FEATURES for door in feature.hot), ECHO])
    documented = app.openapi()["paths"]
    described = {
        one["name"]: one["schema"]["type"]
        for one in documented["/api/echo/{chat_id}/{emoji}/{seq}"]["get"]["parameters"]
    }
    assert described == {"chat_id": "integer", "emoji": "string", "seq": "integer"}
    for path, operations in documented.items():
        for operation in operations.values():
            named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path
