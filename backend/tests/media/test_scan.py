"""Tests uploads through a scanner of viruses: nothing unscanned is a file, and nothing infected ever becomes one."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from messenger.adapters.scan import clamd
from messenger.features.media import jobs
from messenger.features.media.actions import uploads
from messenger.features.media.flows import scans
from tests.features.test_uploads import MIB, Uploader, begun, body, ended, kept, patch, read, until, uploaded
from tests.hostile import saved, scene
from tests.inside import inside
from tests.scanner import EICAR, SIGNATURE, Mood, Scanner, scanner
from tests.server import Served
from tests.world import Person, World


@pytest.fixture
def clamav() -> Iterator[Scanner]:
    with scanner() as running:
        yield running


@pytest.fixture
def ann(serve: Callable[..., Served], clamav: Scanner) -> Person:
    return World(serve(RATE_LIMITS="off", SCAN_URL=clamav.url)).person("ann")


def test_every_file_passes_the_scanner(ann: Person, clamav: Scanner) -> None:
    data = body(6 * MIB)
    file = uploaded(ann, data)
    assert read(ann, file).content == data
    picture = saved(scene(), "PNG")
    assert uploaded(ann, picture, as_="photo")["kind"] == "photo"
    uploaded(ann, b"")
    # As a set: a job that took too long on a busy machine is repeated, and its file is scanned once more.
    assert set(clamav.seen) == {0, len(data), len(picture)}


@pytest.mark.parametrize("wanted", ["file", "photo", "voice", "video"])
def test_an_infected_file_is_refused_and_leaves_nothing(ann: Person, clamav: Scanner, wanted: str) -> None:
    clamav.named = SIGNATURE + "-of-a-family" * 10
    data = saved(scene(), "PNG") + EICAR
    with ann.device() as device:
        place = begun(ann, len(data), as_=wanted, filename="secret-name.png")
        assert patch(ann, place, 0, data).status_code == 204
        failed = device.expect("file.failed", timeout=40)["data"]
    assert failed == {"upload_id": int(place.rpartition("/")[2]), "code": "file.infected"}
    assert ended(ann, place) == {"state": "failed", "taken": len(data), "error": "file.infected", "file": None}
    storage = ann.get("/api/users/me/storage")
    assert (storage["used"], storage["reserved"], storage["kinds"]) == (0, 0, [])
    line = ann.get("/api/users/me/audit")["items"][0]
    assert (line["kind"], line["detail"], "secret-name" in str(line)) == ("file.infected", clamav.named[:64], False)


def test_what_the_scanner_does_not_take_is_refused(ann: Person, clamav: Scanner) -> None:
    clamav.most = 1000
    place = begun(ann, 5000)
    patch(ann, place, 0, body(5000))
    assert ended(ann, place)["error"] == "file.unscanned"
    assert uploaded(ann, body(1000))["size"] == 1000


@pytest.mark.parametrize("mood", ["hangs", "closes", "garbles", "refuses", "stops reading"])
def test_uploads_wait_for_a_scanner_that_does_not_judge(
    tmp_path: Path, clamav: Scanner, monkeypatch: pytest.MonkeyPatch, mood: Mood
) -> None:
    monkeypatch.setattr(jobs, "AGAIN_MS", 50)
    monkeypatch.setattr(scans, "PATIENCE_S", 0.5)
    monkeypatch.setattr(clamd, "TAKE_S", 0.5)
    clamav.mood = mood

    async def scenario() -> None:
        async with inside(tmp_path, scan_url=clamav.url) as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            place = await ann.begin(5000)
            await ann.patch(place, 0, body(5000))
            await until(app, lambda: app.platform.scans["away"] > 1)
            view = await ann.look(place, 0)
            assert (view["state"], view["file"]) == ("full", None)
            storage = await app.call("GET", "/api/users/me/storage", token=token)
            assert (storage["used"], storage["reserved"]) == (0, 5000)
            clamav.mood = "well"
            monkeypatch.setattr(scans, "PATIENCE_S", 30)
            monkeypatch.setattr(clamd, "TAKE_S", 30)
            assert (await ann.ended(place))["state"] == "done"
            assert app.platform.scans["clean"] == 1

    asyncio.run(scenario())


def test_the_bytes_of_an_infected_file_are_deleted(
    tmp_path: Path, clamav: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LATE_MS", 50)

    async def scenario() -> None:
        async with inside(tmp_path, scan_url=clamav.url) as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            place = await ann.begin(len(EICAR))
            await ann.patch(place, 0, EICAR)
            assert (await ann.ended(place))["error"] == "file.infected"
            await until(app, lambda: kept(tmp_path) == [])
            counts: Any = app.platform.scans
            assert counts == {"found": 1}

    asyncio.run(scenario())
