"""Tests photos: what becomes of an upload `as` photo, its variants, who reads them, and hostile files."""

import asyncio
import base64
import contextlib
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from PIL import Image, ImageCms

from messenger.db.tx import Tx
from messenger.features.media.actions import files, uploads
from messenger.features.media.making import images
from tests.features.test_uploads import Uploader, kept, moved_clock, read, settled, until, uploaded
from tests.hostile import FILES, SCRIPT, SVG, TWO_COLOURS, saved, scene, telling
from tests.inside import inside
from tests.media.repeated import check_repeat
from tests.world import Person, World

__all__ = ["moved_clock"]


def variant(who: Person, file: dict[str, Any], v: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return who.http.get(f"/api/files/{file['id']}/{v}", headers=named, follow_redirects=True)


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    image = Image.open(io.BytesIO(answer.content))
    assert (image.format, dict(image.getexif()), image.info.get("icc_profile")) == ("WEBP", {}, None)
    return image


def made(data: bytes, kind: str) -> images.Made:
    async def run() -> images.Made:
        with tempfile.TemporaryFile() as source:
            source.write(data)
            return await images.photo(source, kind)

    return asyncio.run(run())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_three_variants_and_loses_its_original(world: World, kind: str) -> None:
    ann = world.person("ann")
    with ann.device() as device:
        file = uploaded(ann, saved(scene(3000, 1500), kind), filename="Утро.HEIC", as_="photo")
        ready = device.expect("file.ready", timeout=20)["data"]
    assert (file["kind"], file["name"], file["type"]) == ("photo", "Утро.webp", "image/webp")
    assert (file["width"], file["height"]) == (2048, 1024)
    assert len(base64.b64decode(file["thumbhash"])) <= 25
    assert [(one["v"], one["w"], one["h"]) for one in file["variants"]] == [
        ("l", 2048, 1024),
        ("m", 960, 480),
        ("s", 320, 160),
    ]
    assert {name: ready[name] for name in ("width", "height", "thumbhash", "variants")} == {
        name: file[name] for name in ("width", "height", "thumbhash", "variants")
    }
    for one in file["variants"]:
        answer = variant(ann, file, one["v"])
        assert opened(answer).size == (one["w"], one["h"])
        assert len(answer.content) == one["size"]
    assert file["size"] == file["variants"][0]["size"]
    assert read(ann, file).json()["code"] == "file.not_found"
    assert ann.get("/api/users/me/storage")["used"] == sum(one["size"] for one in file["variants"])


def test_a_variant_is_shown_by_browsers_and_kept_by_them(world: World) -> None:
    ann = world.person("ann")
    file = uploaded(ann, saved(scene(), "JPEG"), filename="a.jpg", as_="photo")
    answer = variant(ann, file, "m")
    assert answer.headers["content-disposition"].startswith("inline; ")
    assert answer.headers["content-type"] == "image/webp"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
    assert variant(ann, file, "m", if_none_match=answer.headers["etag"]).status_code == 304
    assert variant(ann, file, "l").headers["etag"] != answer.headers["etag"]
    part = variant(ann, file, "m", range="bytes=0-3")
    assert (part.status_code, part.content) == (206, b"RIFF")
    head = ann.http.head(f"/api/files/{file['id']}/m", follow_redirects=True)
    assert (head.headers["content-length"], head.content) == (str(len(answer.content)), b"")
    assert variant(ann, file, "xl").status_code == 422


def test_a_small_picture_is_not_enlarged(world: World) -> None:
    ann = world.person("ann")
    file = uploaded(ann, saved(scene(400, 200), "PNG"), as_="photo")
    assert [(one["w"], one["h"]) for one in file["variants"]] == [(400, 200), (400, 200), (320, 160)]


def test_variants_are_read_by_those_who_see_a_message_with_them(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob)
    file = uploaded(ann, saved(scene(), "JPEG"), as_="photo")
    assert [variant(who, file, "s").status_code for who in (ann, bob, eve)] == [200, 404, 404]
    with bob.device() as device:
        sent = ann.say(den, "", files=[{"id": file["id"], "alt": "A scene"}])
        heard = device.expect("message.created")["data"]
    assert heard["parts"]["files"]["items"] == [file | {"alt": "A scene"}]
    assert bob.history(den)[-1]["parts"] == sent["parts"]
    assert [variant(who, file, "s").status_code for who in (ann, bob, eve)] == [200, 200, 404]
    ann.delete(f"/api/chats/{den}/members/{bob.id}")
    assert variant(bob, file, "s").status_code == 404


def test_as_a_file_the_bytes_stay(world: World) -> None:
    ann = world.person("ann")
    data = saved(scene(), "JPEG")
    file = uploaded(ann, data, filename="a.jpg", as_="file")
    assert (file["kind"], "variants" in file) == ("file", False)
    answer = read(ann, file)
    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert variant(ann, file, "l").status_code == 404


def test_a_photo_says_nothing_but_its_picture(world: World) -> None:
    ann = world.person("ann")
    file = uploaded(ann, telling(), as_="photo")
    assert (file["width"], file["height"]) == (480, 640), "the camera was held on its side"
    for v in "lms":
        answer = variant(ann, file, v)
        opened(answer)
        assert b"canary" not in answer.content


def test_colours_of_a_profile_become_srgb() -> None:
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = own.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    red = Image.new("RGB", (64, 64), (200, 40, 40))
    for kind, name in (("PNG", "png"), ("WEBP", "webp"), ("JPEG", "jpg")):
        for profile, colour in ((own, (200, 40, 40)), (swapped, (40, 40, 200)), (b"none", (200, 40, 40))):
            data = saved(red, kind, icc_profile=profile)
            pixel = Image.open(io.BytesIO(made(data, name).pictures[0].data)).convert("RGB").getpixel((32, 32))
            assert isinstance(pixel, tuple)
            assert all(abs(a - b) < 16 for a, b in zip(pixel, colour, strict=True)), (kind, pixel)


def kill_decoder() -> None:
    """Kills the first decoder that this process runs."""
    for _ in range(5000):
        for one in psutil.Process().children():
            with contextlib.suppress(psutil.Error):
                if "whole" in one.cmdline():
                    one.kill()
                    return
        time.sleep(0.001)


@pytest.mark.skipif(not images.HAS_HEIC, reason="web-messenger[media] is not installed")
def test_heic_becomes_a_photo(world: World) -> None:
    ann = world.person("ann")
    file = uploaded(ann, TWO_COLOURS, filename="IMG_1.HEIC", as_="photo")
    assert (file["kind"], file["name"], file["width"], file["height"]) == ("photo", "IMG_1.webp", 64, 48)
    picture = opened(variant(ann, file, "l")).convert("RGB")
    for x, colour in ((16, (40, 40, 200)), (48, (200, 40, 40))):
        pixel = picture.getpixel((x, 24))
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) < 24 for a, b in zip(pixel, colour, strict=True))


def test_a_decoder_that_is_killed_is_begun_once_more() -> None:
    """The machine kills processes when memory runs out, which says nothing about the image."""

    async def run() -> images.Made:
        with tempfile.TemporaryFile() as source:
            source.write(saved(scene(4000, 3000), "JPEG"))
            made, _ = await asyncio.gather(images.photo(source, "jpg"), asyncio.to_thread(kill_decoder))
            return made

    assert len(asyncio.run(run()).pictures) == 3


def test_what_is_transparent_stays_so() -> None:
    image = scene().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    for picture in made(saved(image, "PNG"), "png").pictures:
        assert Image.open(io.BytesIO(picture.data)).mode == "RGBA"


def test_a_job_that_fails_at_its_end_writes_the_same_bytes_again(
    tmp_path: Path, moved_clock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    check_repeat(tmp_path, moved_clock, monkeypatch, (saved(scene(1000, 700), "JPEG"), "photo"), ("*.webp", 3))


def test_a_cancelled_photo_leaves_nothing(tmp_path: Path, moved_clock: Callable[[int], None]) -> None:
    """An upload that is ended after its variants were stored, and before they were counted, leaves none of them."""

    async def scenario() -> None:
        async with inside(tmp_path, access_token_ttl=86_400) as app:
            user_id, token = await app.person("ann")
            ann = Uploader(app, token)
            data = saved(scene(), "JPEG")
            place = await ann.begin(len(data), as_="photo")
            upload_id = int(place.rpartition("/")[2])
            finish = files.finish

            def late(tx: Tx, upload_id: int, made: files.Made) -> None:
                uploads.cancel(tx, user_id, upload_id)
                finish(tx, upload_id, made)

            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(files, "finish", late)
                await ann.patch(place, 0, data)
                await until(app, lambda: len(list((tmp_path / "files").rglob("*.webp"))) == 3)
                await settled(app)
            assert (await ann.look(place))["state"] == "failed", upload_id
            moved_clock(600_000)
            await until(app, lambda: kept(tmp_path) == [])

    asyncio.run(scenario())


PHOTOS = ("07", "12", "13", "14")
EITHER = ("03", "04", "05", "09", "11")
"""Files of which the decoder may make a picture or not; what it makes is a picture alone."""


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_never_shown_as_it_came(world: World, name: str) -> None:
    ann = world.person("ann")
    called, make = FILES[name]
    data = make()
    file = uploaded(ann, data, filename=called, filetype="image/jpeg", as_="photo")
    if name[:2] not in EITHER:
        assert file["kind"] == ("photo" if name[:2] in PHOTOS else "file")
    if file["kind"] == "photo":
        for v in "lms":
            answer = variant(ann, file, v)
            assert max(opened(answer).size) <= 2048
            assert not any(secret in answer.content for secret in (SCRIPT, b"canary", b"PK\x03\x04"))
        assert read(ann, file).status_code == 404
    else:
        answer = read(ann, file)
        assert answer.content == data
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert [variant(ann, file, v).status_code for v in "lms"] == [404] * 3


def test_a_hostile_name_is_cleaned(world: World) -> None:
    ann = world.person("ann")
    file = uploaded(ann, saved(scene(), "JPEG"), filename="../../\u202egpj." + "x" * 4000 + ".svg", as_="photo")
    assert len(file["name"]) <= 200
    assert file["name"].endswith(".webp")
    assert not {"/", "\\", "\u202e"} & set(file["name"])
    assert SVG not in variant(ann, file, "l").content
