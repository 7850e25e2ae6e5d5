"""Tests the contract of storage on disk and in a bucket.

A file is written whole or not at all, read in parts, and may be deleted twice.
"""

import asyncio
import errno
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from messenger.adapters.storage.disk import DiskStorage
from messenger.adapters.storage.s3 import Account, S3Storage, list_begun, signed
from messenger.kernel.ports.storage import Storage, saving, type_of
from tests.s3 import Bucket, bucket

KEY = "avatars/0f/0f3c-48.webp"
PARTS = [f"uploads/0f/1-{n}.bin" for n in range(4)]
Run = Callable[[Callable[[Storage], Awaitable[None]]], None]


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with bucket(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["disk", "s3"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Returns `stored(scenario)`, which runs `await scenario(storage)` on either driver."""
    if request.param == "disk":
        storage: Storage = DiskStorage(tmp_path / "files")
    else:
        storage = S3Storage(request.getfixturevalue("s3").setting)

    def run(scenario: Callable[[Storage], Awaitable[None]]) -> None:
        async def whole() -> None:
            await storage.start()
            await storage.delete([KEY, "large.bin", *PARTS])
            await scenario(storage)

        asyncio.run(whole())

    return run


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for one in given:
        yield one


async def read(storage: Storage, key: str, start: int = 0, end: int | None = None) -> bytes:
    opened = await storage.open(key, start, end)
    return b"".join([chunk async for chunk in opened.chunks])


def test_a_file_is_read_as_it_was_written_whole_and_in_parts(stored: Run) -> None:
    async def scenario(storage: Storage) -> None:
        assert await storage.put(KEY, pieces(b"one ", b"", b"two ", b"three")) == 13
        assert await storage.stat(KEY) == 13
        assert (await storage.open(KEY)).size == 13
        assert await read(storage, KEY) == b"one two three"
        assert await read(storage, KEY, 4) == b"two three"
        assert await read(storage, KEY, 4, 7) == b"two"
        assert await read(storage, KEY, 8, 99) == b"three"

    stored(scenario)


def test_a_later_file_takes_the_place_of_an_earlier_one(stored: Run) -> None:
    async def scenario(storage: Storage) -> None:
        await storage.put(KEY, pieces(b"an older and longer one"))
        await storage.put(KEY, pieces(b"new"))
        assert await read(storage, KEY) == b"new"

    stored(scenario)


def test_a_large_file_passes_in_pieces(stored: Run) -> None:
    async def scenario(storage: Storage) -> None:
        piece = bytes(range(256)) * 1024
        assert await storage.put("large.bin", pieces(*[piece] * 50)) == 50 * len(piece)
        opened = await storage.open("large.bin")
        sizes = [len(chunk) async for chunk in opened.chunks]
        assert sum(sizes) == 50 * len(piece)
        assert max(sizes) < 4 * 1024 * 1024
        assert await read(storage, "large.bin", 12_000_000, 12_000_300) == (piece * 50)[12_000_000:12_000_300]

    stored(scenario)


def test_what_breaks_off_is_not_there(stored: Run) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        raise ConnectionResetError("the sender went away")

    async def scenario(storage: Storage) -> None:
        with pytest.raises(ConnectionResetError):
            await storage.put("large.bin", broken())
        with pytest.raises(FileNotFoundError):
            await storage.stat("large.bin")

    stored(scenario)


@pytest.mark.parametrize("sizes", [(), (0,), (7,), (3, 0, 5), (5_242_880, 300_000, 5_242_880, 1)], ids=str)
def test_a_file_is_joined_from_others_in_their_order(stored: Run, sizes: tuple[int, ...]) -> None:
    written = [bytes([65 + place]) * size for place, size in enumerate(sizes)]

    async def scenario(storage: Storage) -> None:
        for key, data in zip(PARTS, written, strict=False):
            await storage.put(key, pieces(data))
        for name in ("", "the name.bin"):  # a repeat writes the same
            assert await storage.join("large.bin", PARTS[: len(sizes)], name) == sum(sizes)
            assert await read(storage, "large.bin") == b"".join(written)
        for key, data in zip(PARTS, written, strict=False):
            assert await read(storage, key) == data, "the parts stay"

    stored(scenario)


def test_a_file_with_a_missing_part_is_not_there(stored: Run) -> None:
    async def scenario(storage: Storage) -> None:
        await storage.put(PARTS[0], pieces(b"x" * 6_000_000))
        for parts in (PARTS[:2], PARTS[1:2]):
            with pytest.raises(FileNotFoundError):
                await storage.join("large.bin", parts)
            with pytest.raises(FileNotFoundError):
                await storage.stat("large.bin")

    stored(scenario)


def test_a_file_is_joined_where_the_system_copies_none(stored: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> int:
        raise OSError(errno.EXDEV, "across file systems")

    monkeypatch.setattr(os, "copy_file_range", refuse)

    async def scenario(storage: Storage) -> None:
        await storage.put(PARTS[0], pieces(b"one "))
        await storage.put(PARTS[1], pieces(b"two"))
        assert await storage.join("large.bin", PARTS[:2]) == 7
        assert await read(storage, "large.bin") == b"one two"

    stored(scenario)


def test_what_breaks_off_leaves_no_draft(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)

    async def scenario() -> None:
        await storage.start()
        await storage.put(PARTS[0], pieces(b"x"))
        with pytest.raises(FileNotFoundError):
            await storage.join("large.bin", PARTS[:2])

    asyncio.run(scenario())
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["1-0.bin"]


def test_a_name_is_one_that_every_header_can_hold() -> None:
    assert saving('план "1".pdf') == (
        "attachment; filename=\"____ _1_.pdf\"; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD%20%221%22.pdf"
    )
    assert saving("a\r\nb\\%41.txt") == "attachment; filename=\"a__b__41.txt\"; filename*=UTF-8''a%0D%0Ab%5C%2541.txt"


def test_what_is_not_there_says_so_and_goes_away_twice(stored: Run) -> None:
    async def scenario(storage: Storage) -> None:
        await storage.put(KEY, pieces(b"short lived"))
        await storage.delete([KEY, "never.bin"])
        await storage.delete([KEY])
        for ask in (storage.stat, storage.open):
            with pytest.raises(FileNotFoundError):
                await ask(KEY)

    stored(scenario)


@pytest.mark.parametrize(
    "key", ["../secret.key", "/etc/passwd", "a//b.png", "a/../b.png", "", "A.png", "a", "a\x00.png"]
)
def test_what_is_no_key_opens_nothing(stored: Run, key: str) -> None:
    async def scenario(storage: Storage) -> None:
        for ask in (lambda: storage.stat(key), lambda: storage.open(key), lambda: storage.delete([key])):
            with pytest.raises(ValueError, match="no key"):
                await ask()
        with pytest.raises(ValueError, match="no key"):
            await storage.put(key, pieces(b"x"))
        for wrong in ((key, [KEY]), (KEY, [key])):
            with pytest.raises(ValueError, match="no key"):
                await storage.join(*wrong)

    stored(scenario)


def test_a_signed_address_is_of_one_file_and_for_a_while(s3: Bucket, tmp_path: Path) -> None:
    storage = S3Storage(f"{s3.setting}&public={s3.origin}")

    async def write() -> None:
        await storage.start()
        await storage.put(KEY, pieces(b"for whoever was given the address"))

    asyncio.run(write())
    address = storage.signed(KEY, 2) or ""
    assert address.startswith(f"{storage.origin}/")
    answer = httpx.get(address)
    assert (answer.content, answer.headers["content-type"]) == (b"for whoever was given the address", "image/webp")
    assert httpx.get(address.replace("0f3c-48", "0f3c-96")).status_code == 403
    assert httpx.get(address.partition("?")[0]).is_client_error
    time.sleep(3)
    assert httpx.get(address).is_client_error
    hidden: tuple[Storage, ...] = (S3Storage(s3.setting), DiskStorage(tmp_path))
    assert [one.signed(KEY, 60) for one in hidden] == [None, None]


def test_uploads_to_a_bucket_that_never_ended_are_seen(s3: Bucket, tmp_path: Path) -> None:
    storage, parts = S3Storage(s3.setting), urlsplit(s3.setting)
    asyncio.run(storage.start())
    account = Account(f"{s3.origin}{parts.path}/begun.bin", "us-east-1", parts.username or "", parts.password or "")
    before = asyncio.run(storage.unfinished())
    assert httpx.post(signed(account, "POST", {"uploads": ""})).status_code == 200
    (begun,) = set(asyncio.run(storage.unfinished())) - set(before)
    assert abs(begun - time.time() * 1000) < 600_000
    assert list_begun(account._replace(secret="wrong")) == []
    assert asyncio.run(DiskStorage(tmp_path).unfinished()) == ()


@pytest.mark.parametrize("public", ["files.example.org", "https://a/b", "https://a;script-src *", "javascript:1"])
def test_an_origin_that_is_none_is_refused(s3: Bucket, public: str) -> None:
    with pytest.raises(ValueError, match="public must look like"):
        S3Storage(f"{s3.setting}&public={quote(public)}")


def test_the_ending_says_the_type() -> None:
    assert type_of(KEY) == "image/webp"
    assert type_of("a/page.html") == "application/octet-stream"


def test_a_store_that_is_away_is_an_error_of_the_system_and_no_end_of_the_start() -> None:
    async def scenario() -> None:
        storage = S3Storage("s3://messenger:secret@127.0.0.1:1/files?tls=off")
        await storage.start()
        with pytest.raises(OSError, match="error"):
            await storage.put(KEY, pieces(b"x"))

    asyncio.run(scenario())


@pytest.mark.parametrize("url", ["s3://host/bucket", "s3://k:s@host", "s3://k:s@host/a/b", "s3:///bucket"])
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="s3://KEY:SECRET"):
        S3Storage(url)


def test_unfinished_files_of_a_dead_server_go_away(tmp_path: Path) -> None:
    old, new = tmp_path / "unfinished" / "old", tmp_path / "unfinished" / "new"
    old.parent.mkdir()
    for one in (old, new):
        one.write_bytes(b"half")
    os.utime(old, (0, 0))
    asyncio.run(DiskStorage(tmp_path).start())
    assert not old.exists()
    assert new.exists()


def test_the_files_are_surveyed_by_rising_key(stored: Run) -> None:
    names = ["a/b-1.bin", "a/b/1.bin", "a/b/2.bin", "a/b0.bin", "b.bin"]

    async def scenario(storage: Storage) -> None:
        before = int(time.time() * 1000) - 2000
        for key in reversed(names):
            await storage.put(key, pieces(b"x"))
        after, found = "", []
        while slice_ := await storage.survey(after, 2):
            assert len(slice_) <= 2
            assert all(before <= one.at <= before + 60_000 for one in slice_)
            after = slice_[-1].key
            found += [one.key for one in slice_]
        assert [key for key in found if key[:2] in ("a/", "b.")] == names
        await storage.delete(names)

    stored(scenario)


def test_the_space_of_a_disk_is_known(stored: Run) -> None:
    async def scenario(storage: Storage) -> None:
        disk = await storage.disk()
        assert disk is None or 0 < disk.free <= disk.total
        assert (disk is None) == isinstance(storage, S3Storage)

    stored(scenario)
