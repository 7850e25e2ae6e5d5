"""Tests rules of every endpoint: HEAD and OPTIONS, unsupported methods, and that no answer is cached."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from messenger.web import client as client_doors
from messenger.web.manifest import PATH
from tests.contract import document
from tests.inside import inside
from tests.world import PASSWORD, World, client

PATHS = {path: {one.upper() for one in operations} for path, operations in document("openapi.json")["paths"].items()}
VALUES = {
    "chat_id": "1",
    "user_id": "1",
    "seq": "1",
    "session_id": "1",
    "code": "x",
    "avatar": "x",
    "size": "48",
    "emoji": "👍",
    "upload_id": "1",
    "file_id": "1",
    "v": "s",
    "place": "0",
    "picture": "0" * 32,
}


@pytest.mark.parametrize("path", PATHS)
def test_an_address_says_what_it_knows(world: World, path: str) -> None:
    http, whole = client(world.server), path.format(**VALUES)
    known = PATHS[path] | {"OPTIONS"} | ({"HEAD"} if "GET" in PATHS[path] else set())
    answer = http.options(whole)
    assert (answer.status_code, answer.content, _allowed(answer)) == (204, b"", known)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} - known:
        refused = http.request(method, whole)
        assert (refused.status_code, _allowed(refused)) == (405, known), method
        assert refused.content == b"" if method == "HEAD" else refused.json()["code"] == "method.not_allowed"


def _allowed(answer: httpx.Response) -> set[str]:
    return set(answer.headers["allow"].split(", "))


def test_head_is_get_without_the_body(world: World) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    ann.say(chat, "words")
    for path in (
        "/",
        "/api/healthz",
        "/api/users/me",
        f"/api/chats/{chat}",
        f"/api/chats/{chat}/messages",
        "/api/none",
    ):
        for _ in range(2):  # on one connection: no excess byte of the first is read as part of the second
            whole, head = ann.http.get(path), ann.http.head(path)
            assert (head.status_code, head.content) == (whole.status_code, b""), path
            assert head.headers["content-length"] == whole.headers["content-length"]
            assert head.headers.get("etag") == whole.headers.get("etag")


def test_what_people_write_is_kept_in_no_cache(world: World) -> None:
    ann = world.person("ann")
    for path in ("/api/users/me", "/api/chats", "/api/events", "/api/none"):
        assert ann.http.get(path).headers["cache-control"] == "no-store", path
    assert client(world.server).get("/api/openapi.json").headers["cache-control"] == "no-store"


def test_a_hot_door_is_called_past_the_router(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused requests have the headers of all answers; methods of other endpoints at the address reach the router."""

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            _, ann = await app.person("ann")
            chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, ann))["id"]
            place = f"/api/chats/{chat}/messages"
            with monkeypatch.context() as patched:
                patched.setattr(Route, "matches", None)
                await app.call("POST", place, {"text": "words"}, ann)
                assert [one["text"] for one in (await app.call("GET", place, None, ann))["items"]] == ["words"]
                assert await app.refused("GET", place) == (401, "auth.required")
                assert await app.refused("GET", f"{place}/99", None, ann) == (404, "message.not_found")
                assert await app.refused("POST", place, {"text": 1}, ann) == (422, "validation.failed")
            assert await app.refused("GET", f"{place}/first", None, ann) == (404, "route.not_found")
            assert await app.refused("PUT", place, None, ann) == (405, "method.not_allowed")

    asyncio.run(scenario())


def test_what_is_shared_without_a_service_worker_leads_to_the_page(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            form = b'--a\r\nContent-Disposition: form-data; name="text"\r\n\r\nwords\r\n--a--\r\n'
            headers = {"content-type": "multipart/form-data; boundary=a", "origin": "null", "sec-fetch-site": "none"}
            answer = await app.http.post("/share", content=form, headers=headers)
            assert (answer.status_code, answer.headers["location"]) == (303, "/?shared")

    asyncio.run(scenario())


def test_the_installed_page_has_the_name_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = Path(client_doors.CLIENT).parent / "public"
    monkeypatch.setattr(client_doors, "CLIENT", built)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            answer = await app.http.get(PATH)
            assert answer.headers["content-type"] == "application/manifest+json"
            assert answer.headers["cache-control"] == "no-cache"
            assert answer.json()["name"] == "web-messenger"
            body = {"email": "ann@example.org", "password": PASSWORD, "name": "ann", "server_name": "The Smiths"}
            await app.call("POST", "/api/auth/register", body)
            manifest = (await app.http.get(PATH)).json()
            assert manifest == json.loads((built / PATH.lstrip("/")).read_text()) | {"name": "The Smiths"}
            monkeypatch.setattr(client_doors, "CLIENT", tmp_path / "nowhere")
            assert await app.refused("GET", PATH) == (404, "route.not_found")

    asyncio.run(scenario())
