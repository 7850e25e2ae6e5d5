"""Tests what administrators see of storage, the sums that are kept for it, and quotas of single persons."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from messenger.db.tx import Tx
from tests.features.test_uploads import MIB, Uploader, begin, body, uploaded
from tests.hostile import saved, scene
from tests.inside import Inside, Within
from tests.server import Served
from tests.world import Person, World

QUOTA = 5 * 1024 * MIB
DOORS = (("GET", "/api/storage"), ("GET", "/api/storage/users"), ("GET", "/api/storage/chats"))


@pytest.fixture
def people(serve: Callable[..., Served]) -> tuple[World, Person, Person, Person]:
    """Returns the first person of a server, who administers it, and two others."""
    world = World(serve(RATE_LIMITS="off", FILES_TOTAL="1GiB"))
    root, ann, bob = world.people("root", "ann", "bob")
    return world, root, ann, bob


def send(who: Person, chat: int, *files: dict[str, Any]) -> int:
    wishes = [{"id": file["id"]} for file in files]
    return int(who.post(f"/api/chats/{chat}/messages", {"text": "", "files": wishes}, 201)["seq"])


def test_only_administrators_see_and_limit_storage(people: tuple[World, Person, Person, Person]) -> None:
    _, root, ann, _ = people
    for method, path in DOORS:
        assert ann.http.request(method, path).json()["code"] == "user.forbidden"
    path = f"/api/storage/users/{ann.id}/quota"
    assert ann.http.put(path, json={"quota": 1}).json()["code"] == "user.forbidden"
    assert root.http.put("/api/storage/users/1/quota", json={"quota": 1}).json()["code"] == "user.not_found"
    for wrong in ({"quota": -1}, {"quota": 2**51}, {"quota": "1GiB"}, {}):
        assert root.http.put(path, json=wrong).status_code == 422


def test_the_figures_are_the_sums_of_files(people: tuple[World, Person, Person, Person]) -> None:
    world, root, ann, bob = people
    assert root.get("/api/storage/users")["items"] == []
    photo = uploaded(ann, saved(scene(), "PNG"), as_="photo")
    plain = uploaded(ann, body(3000))
    other = uploaded(bob, body(1000))
    begin(bob, 500)
    seen = sum(one["size"] for one in photo["variants"])
    den = world.group(ann, bob)
    pair = world.direct(ann, bob)
    send(ann, den, photo, plain)
    again = send(bob, den, plain)
    send(bob, pair, other)

    kinds = [{"kind": "photo", "files": 1, "used": seen}, {"kind": "file", "files": 1, "used": 3000}]
    assert ann.get("/api/users/me/storage") == {"used": seen + 3000, "reserved": 0, "quota": QUOTA, "kinds": kinds}
    found = root.get("/api/storage")
    assert (found["used"], found["reserved"]) == (seen + 4000, 500)
    assert (found["total"], found["quota"]) == (1024 * MIB, QUOTA)
    assert found["kinds"] == [kinds[0], {"kind": "file", "files": 2, "used": 4000}]
    assert sum(day["added"] for day in found["days"]) == seen + 4000
    today = datetime.now(UTC).date()
    assert {day["day"] for day in found["days"]} <= {str(today), str(today - timedelta(1))}
    users = root.get("/api/storage/users")["items"]
    assert [(one["user"]["id"], one["used"], one["reserved"]) for one in users] == [
        (ann.id, seen + 3000, 0),
        (bob.id, 1000, 500),
    ]
    chats = root.get("/api/storage/chats")["items"]
    assert chats == [
        {"chat_id": den, "kind": "group", "member_count": 2, "files": 3, "used": seen + 6000},
        {"chat_id": pair, "kind": "direct", "member_count": 2, "files": 1, "used": 1000},
    ]

    bob.delete(f"/api/chats/{den}/messages/{again}")
    assert root.get("/api/storage/chats")["items"][0] == chats[0] | {"files": 2, "used": seen + 3000}


def test_pages_of_people_and_chats_hold_each_once(people: tuple[World, Person, Person, Person]) -> None:
    world, root, ann, bob = people
    for who in (root, ann, bob):
        send(who, world.direct(root, ann) if who is not bob else world.direct(bob, ann), uploaded(who, body(100)))
    for path, key in (("users", "user"), ("chats", "chat_id")):
        first = root.get(f"/api/storage/{path}", limit=1)
        rest = root.get(f"/api/storage/{path}", limit=2, cursor=first["page"]["next_cursor"])
        items = [one[key] if key == "chat_id" else one[key]["id"] for one in first["items"] + rest["items"]]
        assert len(set(items)) == len(items) == (3 if path == "users" else 2)
        assert rest["page"]["next_cursor"] is None
        assert root.http.get(f"/api/storage/{path}", params={"cursor": "x"}).status_code == 422


def test_a_quota_of_one_person_is_kept_and_noted(people: tuple[World, Person, Person, Person]) -> None:
    _, root, ann, bob = people
    path = f"/api/storage/users/{ann.id}/quota"
    view = root.put(path, {"quota": 1000})
    assert (view["user"]["id"], view["used"], view["quota"], view["is_default"]) == (ann.id, 0, 1000, False)
    assert root.put(path, {"quota": 1000}) == view
    assert ann.get("/api/users/me/storage")["quota"] == 1000
    refused = begin(ann, 1001).json()
    assert (refused["code"], refused["quota"]) == ("file.quota_exceeded", 1000)
    assert begin(ann, 1000).status_code == 201
    assert begin(ann, 1).status_code == 403
    assert begin(bob, 2000).status_code == 201
    assert root.put(path, {"quota": None})["is_default"]
    assert begin(ann, 2000).status_code == 201
    noted = [line for line in root.get("/api/audit")["items"] if line["kind"] == "quota.changed"]
    assert [(line["user"]["id"], line["by"]["id"], line["detail"]) for line in noted] == [
        (ann.id, root.id, ""),
        (ann.id, root.id, "1000"),
    ]
    assert ann.get("/api/users/me/audit")["items"][0]["kind"] == "quota.changed"
    root.put(path, {"quota": 0})
    assert begin(ann, 1).status_code == 403


def test_the_limit_of_all_is_named(serve: Callable[..., Served]) -> None:
    ann = World(serve(RATE_LIMITS="off", FILES_TOTAL="1KiB")).person("ann")
    refused = begin(ann, 2000).json()
    assert (refused["code"], refused["limit"]) == ("server.no_space", "total")


def test_sums_are_empty_when_everything_is_deleted(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            saved_chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, token))["id"]
            place = await ann.begin(5000)
            await ann.patch(place, 0, body(5000))
            file = (await ann.ended(place))["file"]["id"]
            path = f"/api/chats/{saved_chat}/messages"
            seq = (await app.call("POST", path, {"text": "", "files": [{"id": file}]}, token))["seq"]
            assert await sums(app) == [(1, 5000), (1, 5000), (1, 5000), (5000, 0)]
            await app.call("DELETE", f"{path}/{seq}", token=token)
            await app.call("DELETE", f"/api/files/{file}", token=token)
            assert await sums(app) == [(0, 0), (0, 0), (0, 0), (5000, 5000)]
            assert (await app.call("GET", "/api/users/me/storage", token=token))["kinds"] == []
            found = await app.call("GET", "/api/storage", token=token)
            assert (found["kinds"], found["total"]) == ([], None)
            assert (await app.call("GET", "/api/storage/chats", token=token))["items"] == []

    asyncio.run(scenario())


async def sums(app: Inside) -> list[tuple[int, int]]:
    """Returns the sums of the kind of all people, of the kind of one, of the chat, and of all days."""

    def read(tx: Tx) -> list[tuple[int, int]]:
        kinds = tx.all("SELECT files, used FROM storage_kinds ORDER BY owner")
        chats = tx.all("SELECT files, used FROM storage_chats")
        days = tx.all("SELECT sum(added), sum(removed) FROM storage_days")
        return [(int(row[0]), int(row[1])) for row in [*kinds, *chats, *days]]

    return await app.platform.db.read(read)
