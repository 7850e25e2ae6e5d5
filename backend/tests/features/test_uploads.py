"""Tests uploads over HTTP: the protocol, turns, pieces, checksums, expiry, quota, and the file at the end."""

import asyncio
import base64
import hashlib
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from messenger.db import outbox
from messenger.db.tx import Tx
from messenger.features.media.actions import files, uploads
from messenger.features.media.policy import PIECE_LEAST
from messenger.kernel import clock
from tests.inside import Inside, Reply, Within, inside
from tests.server import Served
from tests.world import Person, World

BYTES = "application/offset+octet-stream"
MIB = 1024 * 1024


def metadata(**said: str) -> str:
    return ",".join(f"{name.rstrip('_')} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())


def begin(who: Person, size: int, data: bytes | None = None, **said: str) -> httpx.Response:
    headers = {"tus-resumable": "1.0.0", "upload-length": str(size), "upload-metadata": metadata(**said)}
    if data is not None:
        headers["content-type"] = BYTES
    return who.http.post("/api/uploads", content=data, headers=headers)


def patch(who: Person, place: str, offset: int, data: Any, **more: str) -> httpx.Response:
    headers = {"tus-resumable": "1.0.0", "upload-offset": str(offset), "content-type": BYTES}
    return who.http.patch(
        place, content=data, headers=headers | {name.replace("_", "-"): v for name, v in more.items()}
    )


def begun(who: Person, size: int, **said: str) -> str:
    answer = begin(who, size, None, **said)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def ended(who: Person, place: str) -> dict[str, Any]:
    """Waits for the end of an upload, longer than one request may: decoders give way to a busy machine."""
    views: Iterator[dict[str, Any]] = (who.get(place, wait=20) for _ in range(3))
    return next(view for view in views if view["state"] != "full")


def uploaded(who: Person, data: bytes, **said: str) -> dict[str, Any]:
    place = begun(who, len(data), **said)
    if data:
        assert patch(who, place, 0, data).status_code == 204
    view = ended(who, place)
    assert view["state"] == "done", view
    file: dict[str, Any] = view["file"]
    return file


def body(size: int, seed: int = 1) -> bytes:
    return (hashlib.sha256(bytes([seed])).digest() * (size // 32 + 1))[:size]


@contextmanager
def sending(who: Person, place: str, size: int) -> Iterator[socket.socket]:
    """Yields a connection on which the server reads the body of a PATCH: the request has the turn."""
    head = (
        f"PATCH {place} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {who.tokens['access_token']}\r\n"
        f"content-type: {BYTES}\r\nupload-offset: 0\r\ncontent-length: {size}\r\nexpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", urlsplit(who.server.url).port)) as line:
        line.sendall(head.encode())
        assert b"100 Continue" in line.recv(4096)
        yield line


def read(who: Person, file: dict[str, Any], **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return who.http.get(f"/api/files/{file['id']}/o", headers=named, follow_redirects=True)


@pytest.mark.parametrize("size", [0, 1, 70_000, 5 * MIB, 11 * MIB + 17], ids=str)
def test_a_file_comes_back_as_it_was_sent(world: World, size: int) -> None:
    ann = world.person("ann")
    data = body(size)
    with ann.device() as device:
        file = uploaded(ann, data, filename="../план.pdf", filetype="text/html")
        ready = device.expect("file.ready", timeout=20)["data"]
    assert ready["file_id"] == file["id"]
    assert file == {
        "id": file["id"],
        "kind": "file",
        "name": "план.pdf",
        "type": "application/octet-stream",
        "size": size,
    }
    answer = read(ann, file)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
    assert answer.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"'
    kinds = [{"kind": "file", "files": 1, "used": size}]
    assert ann.get("/api/users/me/storage") == {"used": size, "reserved": 0, "quota": 5 * 1024 * MIB, "kinds": kinds}


def test_the_protocol_says_where_an_upload_is(world: World) -> None:
    ann = world.person("ann")
    told = ann.http.options("/api/uploads")
    assert (told.status_code, told.headers["tus-version"], told.headers["tus-max-size"]) == (
        204,
        "1.0.0",
        str(100 * MIB),
    )
    place = begun(ann, 200_000, filename="a.bin")
    assert patch(ann, place, 0, body(100_000)).headers["upload-offset"] == "100000"
    head = ann.http.head(place)
    assert (head.status_code, head.headers["upload-offset"], head.headers["upload-length"]) == (200, "100000", "200000")
    assert head.headers["tus-resumable"] == "1.0.0"
    assert "file-id" not in head.headers
    assert patch(ann, place, 100_000, body(100_000, 2)).status_code == 204
    view = ended(ann, place)
    assert ann.http.head(place).headers["file-id"] == str(view["file"]["id"])
    assert read(ann, view["file"]).content == body(100_000) + body(100_000, 2)
    assert patch(ann, place, 200_000, b"").json()["code"] == "upload.moved"


def test_the_first_bytes_may_come_with_the_creation(world: World) -> None:
    ann = world.person("ann")
    answer = begin(ann, 100_000, body(80_000))
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "80000")
    override = {"x-http-method-override": "PATCH", "upload-offset": "80000", "content-type": BYTES}
    place = answer.headers["location"]
    assert ann.http.post(place, content=body(100_000)[80_000:], headers=override).status_code == 204
    assert read(ann, ended(ann, place)["file"]).content == body(100_000)
    assert ann.http.post(place, headers={"x-http-method-override": "PUT"}).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, "request.malformed"),
        ({"upload-length": "-1"}, 400, "request.malformed"),
        ({"upload-length": "9" * 16}, 400, "request.malformed"),
        ({"upload-length": "1", "upload-metadata": "filename =="}, 400, "request.malformed"),
        (
            {"upload-length": "1", "upload-metadata": f"as {base64.b64encode(b'page').decode()}"},
            400,
            "request.malformed",
        ),
        (
            {"upload-length": "1", "upload-metadata": f"key {base64.b64encode(b'a b').decode()}"},
            400,
            "request.malformed",
        ),
        ({"upload-length": "1", "upload-metadata": metadata(chat="den")}, 400, "request.malformed"),
        ({"upload-length": "1", "upload-metadata": metadata(chat=str(2**52))}, 404, "chat.not_found"),
        ({"upload-length": str(100 * MIB + 1)}, 413, "file.too_large"),
        ({"upload-length": "1", "tus-resumable": "0.2.2"}, 412, "upload.version"),
    ],
    ids=str,
)
def test_a_creation_that_cannot_be_is_refused(world: World, headers: dict[str, str], status: int, code: str) -> None:
    ann = world.person("ann")
    answer = ann.http.post("/api/uploads", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert ann.get("/api/users/me/storage")["reserved"] == 0


def test_a_body_that_cannot_be_is_refused_and_keeps_the_place(world: World) -> None:
    ann = world.person("ann")
    place = begun(ann, 200_000)
    refusals = [
        (patch(ann, place, 7, b"x"), 409, "upload.moved"),
        (patch(ann, place, 0, b"x" * 1000), 400, "request.malformed"),
        (patch(ann, place, 0, body(200_001)), 413, "request.too_large"),
        (ann.http.patch(place, content=b"x", headers={"upload-offset": "0"}), 415, "request.unsupported_type"),
        (patch(ann, place, 0, body(200_000), upload_checksum="md5 AAAA"), 400, "request.malformed"),
        (patch(ann, "/api/uploads/1", 0, b"x"), 404, "upload.not_found"),
    ]
    for answer, status, code in refusals:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ann.http.head(place).headers["upload-offset"] == "0"
    assert patch(ann, place, 0, body(200_000)).status_code == 204
    assert ended(ann, place)["state"] == "done"


def test_a_checksum_counts_a_body_only_as_a_whole(world: World) -> None:
    ann = world.person("ann")
    data = body(6 * MIB)
    place = begun(ann, len(data))
    wrong = base64.b64encode(hashlib.sha1(b"other").digest()).decode()
    answer = patch(ann, place, 0, data, upload_checksum=f"sha1 {wrong}")
    assert (answer.status_code, answer.json()["code"]) == (460, "upload.checksum")
    assert ann.http.head(place).headers["upload-offset"] == "0"
    right = base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert patch(ann, place, 0, data, upload_checksum=f"sha256 {right}").status_code == 204
    assert read(ann, ended(ann, place)["file"]).content == data


def test_uploads_and_files_of_others_do_not_exist(world: World) -> None:
    ann, eve = world.people("ann", "eve")
    place = begun(ann, 200_000)
    file = uploaded(ann, b"words")
    for answer in (
        eve.http.get(place),
        patch(eve, place, 0, body(200_000)),
        eve.http.delete(place),
        eve.http.get(f"/api/files/{file['id']}/o"),
        eve.http.delete(f"/api/files/{file['id']}"),
    ):
        assert answer.status_code == 404, answer.text
    assert ann.http.head(place).headers["upload-offset"] == "0"
    assert read(ann, file).content == b"words"


def test_a_key_finds_the_same_upload_again(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    place = begun(ann, 100, key="k1", filename="a")
    assert begun(ann, 100, key="k1", filename="a") == place
    assert begun(bob, 100, key="k1", filename="a") != place
    assert begin(ann, 101, key="k1", filename="a").json()["code"] == "idempotency.mismatch"
    assert ann.get("/api/users/me/storage")["reserved"] == 100
    ann.delete(place)
    assert ann.get("/api/users/me/storage")["reserved"] == 0
    assert ann.http.head(place).status_code == 410
    assert patch(ann, place, 0, b"x" * 100).json()["code"] == "upload.expired"
    assert begun(ann, 101, key="k1", filename="b") != place


def test_what_arrived_before_a_break_is_kept(world: World) -> None:
    ann = world.person("ann")
    data = body(4 * MIB)
    place = begun(ann, len(data))
    with sending(ann, place, len(data)) as line:
        line.sendall(data[: 3 * MIB])
        line.shutdown(socket.SHUT_WR)
        line.recv(4096)
    deadline = time.monotonic() + 20
    while (offset := int(ann.http.head(place).headers["upload-offset"])) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert PIECE_LEAST <= offset <= 3 * MIB
    assert patch(ann, place, offset, data[offset:]).status_code == 204
    assert read(ann, ended(ann, place)["file"]).content == data


def test_a_later_request_takes_the_turn_of_one_that_hangs(world: World) -> None:
    ann = world.person("ann")
    data = body(MIB)
    place = begun(ann, len(data))
    with sending(ann, place, len(data)) as line:
        line.sendall(data[:500_000])
        assert patch(ann, place, 0, data).status_code == 204
        line.sendall(data[500_000:])
        assert b" 409 " in line.recv(4096)
    assert read(ann, ended(ann, place)["file"]).content == data


def test_ranges_and_tags(world: World) -> None:
    ann = world.person("ann")
    data = body(300_000)
    file = uploaded(ann, data)
    tag = read(ann, file).headers["etag"]
    for asked, start, end in (
        ("0-0", 0, 1),
        ("100-199", 100, 200),
        ("299990-", 299_990, 300_000),
        ("-5", 299_995, 300_000),
    ):
        part = read(ann, file, range=f"bytes={asked}")
        assert (part.status_code, part.content) == (206, data[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/300000"
    for whole in ("bytes=0-1,5-6", "pages=1-2", "bytes=9-3", "bytes=-"):
        assert read(ann, file, range=whole).status_code == 200
    assert read(ann, file, range="bytes=300000-").json()["code"] == "file.range_invalid"
    assert read(ann, file, if_none_match=f'"x", {tag}').status_code == 304
    assert read(ann, file, range="bytes=0-1", if_range='"x"').status_code == 200
    assert read(ann, file, range="bytes=0-1", if_range=tag).status_code == 206
    head = ann.http.head(f"/api/files/{file['id']}/o")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "300000", b"")


def test_an_owner_deletes_a_file(world: World) -> None:
    ann = world.person("ann")
    file = uploaded(ann, b"words")
    ann.delete(f"/api/files/{file['id']}")
    ann.delete(f"/api/files/{file['id']}", 404)
    assert read(ann, file).status_code == 404
    assert ann.get("/api/users/me/storage")["used"] == 0


@pytest.mark.parametrize(("limit", "people", "status"), [("FILES_QUOTA", 1, 403), ("FILES_TOTAL", 3, 503)])
def test_a_quota_holds_at_the_same_time(serve: Callable[..., Served], limit: str, people: int, status: int) -> None:
    owners = World(serve(**{limit: "1MiB"}, RATE_LIMITS="off")).people("ann", "bob", "cat")[:people]
    turns = [(owners[n % people], n) for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda turn: begin(turn[0], 100 * 1024, key=f"k{turn[1]}"), turns))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [status] * 10
    codes = {answer.json()["code"] for answer in answers if answer.status_code == status}
    assert codes == {"file.quota_exceeded" if people == 1 else "server.no_space"}
    assert sum(owner.get("/api/users/me/storage")["reserved"] for owner in owners) == 1000 * 1024
    for (owner, _), answer in zip(turns, answers, strict=True):
        if answer.status_code == 201:
            owner.delete(answer.headers["location"])
    assert begin(owners[0], MIB).status_code == 201


def test_refused_kinds_are_refused_early_and_by_their_bytes(serve: Callable[..., Served]) -> None:
    ann = World(serve(FILES_REFUSED=".exe, application/pdf", RATE_LIMITS="off")).person("ann")
    assert begin(ann, 5, filename="a.EXE").json()["code"] == "file.type_refused"
    assert begin(ann, 5, filetype="application/pdf").json()["code"] == "file.type_refused"
    with ann.device() as device:
        place = begun(ann, 9, filename="a.txt", filetype="text/plain")
        assert patch(ann, place, 0, b"%PDF-1.7\n").status_code == 204
        failed = device.expect("file.failed", timeout=20)["data"]
    assert failed == {"upload_id": int(place.rpartition("/")[2]), "code": "file.type_refused"}
    assert ended(ann, place) == {"state": "failed", "taken": 9, "error": "file.type_refused", "file": None}
    assert ann.get("/api/users/me/storage") == {"used": 0, "reserved": 0, "quota": 5 * 1024 * MIB, "kinds": []}


@pytest.mark.parametrize(
    ("brand", "type_"),
    [
        (b"avif", "image/avif"), (b"crx ", "application/octet-stream"), (b"M4A ", "audio/mp4"),
        (b"isom", "video/mp4"), (b"qt  ", "video/mp4"), (b"3gp5", "video/mp4"), (b"iso6", "video/mp4"),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("wanted", ["photo", "video", "file"])
def test_only_known_brands_are_films(world: World, brand: bytes, type_: str, wanted: str) -> None:
    """A still picture, and what a camera writes in a form that is unknown here, are plain files."""
    file = uploaded(world.person("ann"), b"\0\0\0\x18ftyp" + brand + bytes(500), as_=wanted)
    assert (file["kind"], file["type"]) == ("file", type_)


def test_a_person_has_only_so_many_uploads_on_their_way(world: World) -> None:
    ann = world.person("ann")
    assert {begin(ann, 1).status_code for _ in range(30)} == {201}
    refused = begin(ann, 1)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")


@pytest.fixture
def moved_clock() -> Iterator[Callable[[int], None]]:
    """Yields `moved_clock(ms)`, which sets the clock ahead."""

    def move(ahead: int) -> None:
        clock.replace_source(lambda: int(time.time() * 1000) + ahead)

    yield move
    clock.replace_source(None)


class Uploader:
    """Uploads inside of the test's process."""

    def __init__(self, app: Inside, token: str) -> None:
        self._app, self.token = app, token

    async def begin(self, size: int, **said: str) -> str:
        return str((await self.answer(size, **said)).headers["location"])

    async def answer(self, size: int, **said: str) -> Reply:
        head = {
            "authorization": f"Bearer {self.token}",
            "upload-length": str(size),
            "upload-metadata": metadata(**said),
        }
        return await self._app.http.request("POST", "/api/uploads", headers=head)

    async def patch(self, place: str, offset: int, data: bytes, **more: str) -> Reply:
        head = {"authorization": f"Bearer {self.token}", "upload-offset": str(offset), "content-type": BYTES}
        return await self._app.http.request("PATCH", place, content=data, headers=head | more)

    async def look(self, place: str, wait: int = 25) -> Any:
        return await self._app.call("GET", f"{place}?wait={wait}", token=self.token)

    async def ended(self, place: str) -> Any:
        """Waits for the end of an upload, longer than one request may."""
        for _ in range(3):
            view = await self.look(place)
            if view["state"] != "full":
                return view
        raise TimeoutError("the upload has no end")


async def until(app: Inside, is_so: Callable[[], Any]) -> None:
    """Wakes the jobs until a condition holds."""
    for _ in range(3000):
        if is_so():
            return
        app.platform.jobs.wake([])
        await asyncio.sleep(0.02)
    raise TimeoutError


async def settled(app: Inside) -> None:
    """Waits until no background job is due."""
    for _ in range(3000):
        app.platform.jobs.wake([])
        soon = clock.now_ms() + outbox.CLAIM_MS
        left = await app.platform.db.read(outbox_rows, soon)
        if not left:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("later work is left")


def outbox_rows(tx: Tx, before: int) -> int:
    """Returns how many background jobs run or are due before a time."""
    (row,) = tx.all("SELECT count(*) FROM outbox WHERE due_at <= :before", {"before": before})
    return int(row[0])


def kept(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder / "files")) for path in (folder / "files").rglob("*") if path.is_file())


def test_nothing_is_left_of_uploads_and_files_that_end(tmp_path: Path, moved_clock: Callable[[int], None]) -> None:
    """An upload that is not continued, and a file that no message ever held, leave neither bytes nor quota."""

    async def scenario() -> None:
        async with inside(tmp_path, access_token_ttl=40 * 86_400, refresh_token_ttl=60 * 86_400) as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            place = await ann.begin(200_000)
            await ann.patch(place, 0, body(100_000))
            other = await ann.begin(100_000)
            await ann.patch(other, 0, body(100_000))
            assert (await ann.ended(other))["state"] == "done"
            await until(app, lambda: len(kept(tmp_path)) == 2)
            storage = await app.call("GET", "/api/users/me/storage", token=token)
            assert (storage["used"], storage["reserved"]) == (100_000, 200_000)
            moved_clock(86_400_000 + 1000)
            await settled(app)
            assert (await ann.patch(place, 100_000, body(100_000))).json()["code"] == "upload.expired"
            moved_clock(86_400_000 + 1000 + uploads.LATE_MS * 2)
            await until(app, lambda: len(kept(tmp_path)) == 1)
            moved_clock(files.UNSENT_MS + 86_400_000)
            await until(app, lambda: kept(tmp_path) == [])
            storage = await app.call("GET", "/api/users/me/storage", token=token)
            assert (storage["used"], storage["reserved"]) == (0, 0)
            moved_clock(40 * 86_400_000 - 1000)
            await app.platform.db.write(uploads.forget, clock.now_ms())
            left = await app.platform.db.read(
                lambda tx: [
                    tx.all(f"SELECT * FROM {table}") for table in ("uploads", "upload_pieces", "files", "outbox")
                ]
            )
            assert left == [[], [], [], []]

    asyncio.run(scenario())


def test_a_job_that_runs_twice_makes_one_file(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            device = await app.socket(token)
            place = await ann.begin(9)
            await ann.patch(place, 0, b"%PDF-1.7\n")
            file = (await ann.ended(place))["file"]
            assert file["type"] == "application/pdf"
            made = files.Made("x", 9, "y")
            await app.platform.db.write(files.finish, int(place.rpartition("/")[2]), made)
            await device.until("file.ready")
            assert (await ann.look(place))["file"] == file
            storage = await app.call("GET", "/api/users/me/storage", token=token)
            assert (storage["used"], storage["reserved"]) == (9, 0)
            assert len([one for one in device.frames if one["type"] == "file.ready"]) == 1

    asyncio.run(scenario())
