"""Tests avatars over HTTP: upload, processing, events, refusals, removal."""

import asyncio
import io
import struct
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from messenger.features.media import jobs
from messenger.features.media.actions import avatars as actions
from messenger.kernel import clock, codec
from tests.inside import Within, inside
from tests.s3 import bucket
from tests.server import Served
from tests.world import Person, World


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 40, 40)).save(out, kind, **more)
    return out.getvalue()


def huge(width: int, height: int) -> bytes:
    """Returns a PNG that declares this size and has almost no content."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def put(who: Person, data: Any, type_: str = "image/png", path: str = "/api/users/me/avatar") -> httpx.Response:
    return who.http.put(path, content=data, headers={"content-type": type_})


def shown(who: Person, avatar: str | None, path: str = "/api/users/me") -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while (view := who.get(path))["avatar"] != avatar:
        assert time.monotonic() < deadline, view
        time.sleep(0.05)
    return dict(view)


def test_browsers_read_from_the_storage_where_it_has_an_address_for_them(
    serve: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with bucket(tmp_path_factory.mktemp("s3")) as s3:
        world = World(serve(STORAGE_URL=f"{s3.setting}&public={s3.origin}"))
        ann = world.person("ann")
        avatar = put(ann, picture()).json()["avatar"]
        shown(ann, avatar)
        answer = httpx.get(f"{world.server.url}/api/avatars/{avatar}/48")
        assert (answer.status_code, answer.headers["cache-control"]) == (302, "private, max-age=1800")
        image = httpx.get(answer.headers["location"])
        assert Image.open(io.BytesIO(image.content)).size == (48, 48)
        page = httpx.get(world.server.url, headers={"accept": "text/html"})
        assert f"img-src 'self' blob: data: {s3.origin};" in page.headers["content-security-policy"]
        assert f"media-src 'self' blob: {s3.origin};" in page.headers["content-security-policy"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_image_becomes_squares_without_metadata(world: World, kind: str) -> None:
    ann, bob = world.people("ann", "bob")
    told = picture(kind, comment=b"<script>secret</script>") if kind in ("JPEG", "GIF") else picture(kind)
    answer = put(ann, told, f"image/{kind.lower()}")
    assert answer.status_code == 202
    avatar = answer.json()["avatar"]
    shown(ann, avatar)
    assert bob.get(f"/api/users/{ann.id}")["avatar"] == avatar
    for size in (48, 96, 320):
        image = httpx.get(f"{world.server.url}/api/avatars/{avatar}/{size}")
        assert image.headers["content-type"] == "image/webp"
        assert "immutable" in image.headers["cache-control"]
        assert "sandbox" in image.headers["content-security-policy"]
        assert image.headers["x-content-type-options"] == "nosniff"
        assert b"secret" not in image.content
        assert Image.open(io.BytesIO(image.content)).size == (size, size)
        known = httpx.get(str(image.url), headers={"if-none-match": f'"other", W/{image.headers["etag"]}'})
        assert (known.status_code, known.content) == (304, b"")
        assert "immutable" in known.headers["cache-control"]


def test_a_group_shows_its_avatar_and_says_so(world: World) -> None:
    ann, bob, kate = world.people("ann", "bob", "kate")
    den = world.group(ann, bob)
    path = f"/api/chats/{den}/avatar"
    assert put(bob, picture(), path=path).status_code == 403
    assert put(kate, picture(), path=path).status_code == 404
    with bob.device() as device:
        avatar = put(ann, picture(), path=path).json()["avatar"]
        changed = device.expect("chat.changed", timeout=20)["data"]
        assert (changed["avatar"], changed["name"], changed["by"]) == (avatar, "den", ann.id)
        ann.delete(path)
        assert device.expect("chat.changed")["data"]["avatar"] is None
    assert ann.get(f"/api/chats/{den}")["avatar"] is None
    said = [(one["service"]["action"], one["sender_id"]) for one in bob.history(den)]
    assert said[2:] == [("avatar.changed", ann.id), ("avatar.removed", ann.id)]


@pytest.mark.parametrize(
    "data",
    [
        huge(50_000, 50_000),
        huge(16_000, 16_000),
        picture()[:200],
        b"GIF89a<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" * 9,
    ],
    ids=["header bomb", "decompression bomb", "truncated", "polyglot", "only magic"],
)
def test_a_bad_image_leaves_the_avatar_and_tells(world: World, data: bytes) -> None:
    (ann,) = world.people("ann")
    old = put(ann, picture()).json()["avatar"]
    shown(ann, old)
    with ann.device() as device:
        refused = put(ann, data, "image/gif" if data.startswith(b"GIF") else "image/png").json()["avatar"]
        failed = device.expect("avatar.failed", timeout=20)["data"]
        assert failed == {"avatar": refused, "kind": "user", "id": ann.id, "code": "image.broken"}
    shown(ann, old)
    assert httpx.get(f"{world.server.url}/api/avatars/{refused}/48").status_code == 404


def test_what_is_no_image_or_too_large_is_refused_at_the_door(world: World) -> None:
    (ann,) = world.people("ann")
    assert put(ann, b"<html>hello there</html>", "image/png").json()["code"] == "image.unsupported"
    assert put(ann, picture("JPEG"), "image/png").json()["code"] == "image.unsupported"
    assert put(ann, b"", "image/png").json()["code"] == "image.unsupported"
    assert put(ann, picture() + bytes(9 * 2**20)).json()["code"] == "request.too_large"
    pieces = (picture() if place == 0 else bytes(2**20) for place in range(12))
    assert put(ann, pieces).json()["code"] == "request.too_large"
    assert ann.get("/api/users/me")["avatar"] is None


def test_the_last_word_counts(world: World) -> None:
    (ann,) = world.people("ann")
    first = put(ann, picture()).json()["avatar"]
    second = put(ann, picture(size=(100, 100))).json()["avatar"]
    assert first != second
    shown(ann, second)
    ann.delete("/api/users/me/avatar")
    ann.delete("/api/users/me/avatar")
    shown(ann, None)
    put(ann, picture())
    ann.delete("/api/users/me/avatar")
    with ann.device() as device:
        device.settle(1)
    assert ann.get("/api/users/me")["avatar"] is None


@pytest.fixture
def moved_clock() -> Iterator[Callable[[int], None]]:
    """Yields `moved_clock(ms)`, which sets the clock ahead."""

    def move(ahead: int) -> None:
        clock.replace_source(lambda: int(time.time() * 1000) + ahead)

    yield move
    clock.replace_source(None)


def test_the_files_of_a_former_avatar_go_an_hour_later(tmp_path: Path, moved_clock: Callable[[int], None]) -> None:
    """Old images stay for a while, for pages that have not received the change; originals are deleted at once."""

    def kept() -> set[str]:
        return {path.name.partition("-")[0] for path in (tmp_path / "files").rglob("*.*")}

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            (_, ann), (_, bob) = await app.person("ann"), await app.person("bob")

            async def until(ready: Callable[[], Awaitable[bool]]) -> None:
                for _ in range(1000):
                    if await ready():
                        return
                    app.platform.jobs.wake([])
                    await asyncio.sleep(0.02)
                raise TimeoutError(kept())

            async def keeps(*avatars: str) -> bool:
                return kept() == set(avatars)

            async def upload(token: str) -> str:
                head = {"authorization": f"Bearer {token}", "content-type": "image/png"}
                answer = await app.http.put("/api/users/me/avatar", content=picture(), headers=head)
                avatar = str(answer.json()["avatar"])

                async def shown() -> bool:
                    return bool((await app.call("GET", "/api/users/me", token=token))["avatar"] == avatar)

                await until(shown)
                return avatar

            former, now, removed = await upload(ann), await upload(ann), await upload(bob)
            await app.call("DELETE", "/api/users/me/avatar", token=bob)
            await until(partial(keeps, former, now, removed))
            moved_clock(actions.SHOWN_MS + 1000)
            await until(partial(keeps, now))
            assert (await app.http.get(f"/api/avatars/{now}/48")).status_code == 200
            assert await app.refused("GET", f"/api/avatars/{removed}/48") == (404, "file.not_found")

    asyncio.run(scenario())


def test_a_job_that_runs_twice_changes_nothing_twice(within: Within) -> None:
    """The first run died after its commit: its original still exists, and its files must stay."""

    async def scenario() -> None:
        async with within() as app:
            me, token = await app.person("ann")
            device = await app.socket(token)
            make = actions.Make(actions.Owner("user", me), "a" * 32, "uploads/1.png")
            await app.platform.storage.put(make.original, _whole(picture()))
            await app.platform.db.write(actions.want, me, make)
            await app.idle()
            await app.platform.storage.put(make.original, _whole(picture()))
            await jobs.make_avatar(app.platform, codec.encode(make))
            assert (await app.http.get(f"/api/avatars/{make.avatar}/96")).status_code == 200
            await device.until("user.changed")
            told = [frame for frame in device.frames if frame["type"] in ("user.changed", "avatar.failed")]
            assert [frame["data"]["user"]["avatar"] for frame in told] == [make.avatar]

    asyncio.run(scenario())


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data


def test_uploads_and_pictures_have_buckets_of_their_own(serve: Callable[..., Served]) -> None:
    (ann,) = World(serve()).people("ann")
    answers = [put(ann, b"no picture") for _ in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {415}
    assert (answers[20].status_code, answers[20].json()["bucket"]) == (429, "upload")
    with httpx.Client(base_url=ann.server.url) as http:
        seen = [http.get(f"/api/avatars/{'0' * 32}/48") for _ in range(150)]
    assert {answer.status_code for answer in seen} == {404}, "a list of chats shows many avatars"
    assert seen[0].headers["x-ratelimit-bucket"] == "avatars"
