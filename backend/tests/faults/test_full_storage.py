"""Tests a disk of files without room: each step of an upload is refused or waits, leaves nothing half-done, and goes on
when there is room.
"""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from messenger.features.media import jobs
from messenger.features.media.actions import uploads
from tests.features.test_uploads import MIB, Uploader, body, until
from tests.hostile import saved, scene
from tests.inside import Inside, inside
from tests.small_disk import SmallDisk, small_disk

SIZE = 16 * MIB


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets an upload that waits for room look again soon, and the bytes of one that was ended be deleted soon."""
    monkeypatch.setattr(jobs, "AGAIN_MS", 50)
    monkeypatch.setattr(uploads, "LATE_MS", 50)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "small", SIZE) as disk:
        yield disk


def run(folder: Path, disk: SmallDisk, scenario: Callable[[Inside, Uploader], Awaitable[None]], **more: Any) -> None:
    """Runs a scenario with a person whose server keeps files on the small disk."""

    async def within() -> None:
        settings = {"storage_url": f"file://{disk.folder}", "disk_reserve": 0} | more
        async with inside(folder / "data", **settings) as app:
            _, token = await app.person("ann")
            await scenario(app, Uploader(app, token))

    asyncio.run(within())


async def storage(app: Inside, ann: Uploader) -> Any:
    return await app.call("GET", "/api/users/me/storage", token=ann.token)


async def read(app: Inside, ann: Uploader, file: Any, v: str = "o") -> bytes:
    answer = await app.http.request(
        "GET", f"/api/files/{file['id']}/{v}", headers={"authorization": f"Bearer {ann.token}"}
    )
    assert answer.status_code == 200
    return answer.content


def test_a_piece_without_room_is_refused_and_repeated(tmp_path: Path, disk: SmallDisk) -> None:
    data = body(3 * MIB)

    async def scenario(app: Inside, ann: Uploader) -> None:
        place = await ann.begin(len(data))
        assert (await ann.patch(place, 0, data[:MIB])).status_code == 204
        before = disk.files()
        disk.leave(MIB)
        refused = await ann.patch(place, MIB, data[MIB:])
        assert (refused.status_code, refused.json()["code"]) == (503, "server.no_space")
        assert refused.headers["retry-after"] == "300"
        assert (disk.files(), (await ann.look(place, 0))["taken"]) == (before, MIB)
        disk.leave(8 * MIB)
        assert (await ann.patch(place, MIB, data[MIB:])).status_code == 204
        view = await ann.ended(place)
        assert await read(app, ann, view["file"]) == data

    run(tmp_path, disk, scenario)


@pytest.mark.parametrize(("size", "left"), [(3 * MIB, MIB), (1000, 0)])
def test_a_checked_piece_without_room_is_refused_whole(tmp_path: Path, disk: SmallDisk, size: int, left: int) -> None:
    data = body(size)
    checked = {"upload-checksum": f"sha1 {base64.b64encode(hashlib.sha1(data).digest()).decode()}"}

    async def scenario(app: Inside, ann: Uploader) -> None:
        place = await ann.begin(len(data))
        disk.leave(left)
        refused = await ann.patch(place, 0, data, **checked)
        assert (refused.status_code, refused.json()["code"]) == (503, "server.no_space")
        assert disk.files() == []
        disk.leave(8 * MIB)
        assert (await ann.patch(place, 0, data, **checked)).status_code == 204
        assert (await ann.ended(place))["state"] == "done"

    run(tmp_path, disk, scenario)


@pytest.mark.parametrize("step", ["join", "variants"])
def test_a_full_upload_waits_for_room(tmp_path: Path, disk: SmallDisk, step: str) -> None:
    data, wanted = (body(3 * MIB), "file") if step == "join" else (saved(scene(2400, 1800), "PNG"), "photo")

    async def scenario(app: Inside, ann: Uploader) -> None:
        place = await ann.begin(len(data), as_=wanted)
        disk.leave(len(data) + MIB if step == "join" else 2 * len(data) + 16_384)
        assert (await ann.patch(place, 0, data)).status_code == 204
        await until(app, lambda: ended(app) > 1)
        assert (await ann.look(place, 0))["state"] == "full"
        # Not at once: the job looks again and again, and may write at this moment.
        await until(app, lambda: not [name for name in disk.files() if name.startswith("unfinished")])
        assert await storage(app, ann) == {"used": 0, "reserved": len(data), "quota": 5 * 1024 * MIB, "kinds": []}
        disk.leave(len(data) + 4 * MIB)
        view = await ann.ended(place)
        assert (view["state"], view["file"]["kind"]) == ("done", wanted)
        used = (await storage(app, ann))["used"]
        if step == "join":
            assert (await read(app, ann, view["file"]), used) == (data, len(data))
        else:
            variants = {one["v"]: one["size"] for one in view["file"]["variants"]}
            assert {v: len(await read(app, ann, view["file"], v)) for v in variants} == variants
            assert used == sum(variants.values())
        await until(app, lambda: not [name for name in disk.files() if name.startswith("uploads")])

    run(tmp_path, disk, scenario)


def ended(app: Inside) -> int:
    """Returns how often a job has looked at an upload whose bytes are all there."""
    jobs: Any = app.platform.jobs
    return int(jobs.ended["media.take", "done"])


def test_a_full_upload_that_waits_can_be_ended(
    tmp_path: Path, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = body(3 * MIB)
    # One look: a job that ran meanwhile could write once more what is deleted so soon here.
    monkeypatch.setattr(jobs, "AGAIN_MS", 3_600_000)

    async def scenario(app: Inside, ann: Uploader) -> None:
        place = await ann.begin(len(data))
        disk.leave(len(data) + MIB)
        await ann.patch(place, 0, data)
        await until(app, lambda: ended(app) > 0)
        await app.call("DELETE", place, token=ann.token)
        assert await storage(app, ann) == {"used": 0, "reserved": 0, "quota": 5 * 1024 * MIB, "kinds": []}
        assert (await ann.ended(place))["error"] == "upload.expired"
        await until(app, lambda: disk.files() == [])

    run(tmp_path, disk, scenario)


def test_a_disk_keeps_its_reserve(tmp_path: Path) -> None:
    """An upload begins only where the reserve of the disk stays free; its size is counted from the beginning."""
    with small_disk(tmp_path / "small", 1026 * MIB) as disk:

        async def scenario(app: Inside, ann: Uploader) -> None:
            refused = await ann.answer(3 * MIB)
            assert (refused.status_code, refused.json()["code"]) == (503, "server.no_space")
            assert refused.headers["retry-after"] == "300"
            assert (await ann.answer(MIB)).status_code == 201
            disk.leave(1024 * MIB)
            assert (await ann.answer(MIB)).status_code == 503

        run(tmp_path, disk, scenario, disk_reserve=5)
