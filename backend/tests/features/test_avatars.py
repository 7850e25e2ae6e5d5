"""Avatars through the doors: uploaded, made ready, heard of, refused, taken away; on disk and in a bucket."""

import io
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.s3 import bucket
from tests.server import started
from tests.world import Person, World


@pytest.fixture(scope="module", params=["disk", "s3"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("avatars")
    if request.param == "disk":
        with started(folder, RATE_LIMITS="off") as served:
            yield World(served)
    else:
        with bucket(folder) as s3, started(folder, RATE_LIMITS="off", STORAGE_URL=s3.setting) as served:
            yield World(served)


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 40, 40)).save(out, kind, **more)
    return out.getvalue()


def huge(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds next to nothing."""

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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_image_becomes_squares_without_metadata(world: World, kind: str) -> None:
    ann, bob = world.people("ann", "bob")
    more = {"comment": b"<script>secret</script>"} if kind in ("JPEG", "GIF") else {}
    answer = put(ann, picture(kind, **more), f"image/{kind.lower()}")
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
    assert [one["service"]["action"] for one in ann.history(den)] == ["chat.created", "member.joined"]


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
