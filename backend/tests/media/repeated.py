"""Checks a job that fails after it has written its files: the repeat writes the same bytes, and there is one file."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from messenger.db.tx import Tx
from messenger.features.media.actions import files
from tests.features.test_uploads import Uploader, kept, until
from tests.inside import inside


def check_repeat(
    folder: Path,
    moved_clock: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    upload: tuple[bytes, str],
    written: tuple[str, int],
) -> None:
    """Uploads bytes as a kind; its job must write so many files of a pattern, twice the same, and leave nothing when
    the file is deleted.
    """
    (data, kind), (pattern, count) = upload, written
    runs: list[dict[str, bytes]] = []
    finish = files.finish

    def failing(tx: Tx, upload_id: int, made: files.Made) -> None:
        runs.append({path.name: path.read_bytes() for path in (folder / "files").rglob(pattern)})
        if len(runs) == 1:
            raise OSError("the database is away")
        finish(tx, upload_id, made)

    async def scenario() -> None:
        async with inside(folder, access_token_ttl=86_400) as app:
            _, token = await app.person("ann")
            ann = Uploader(app, token)
            place = await ann.begin(len(data), as_=kind)
            await ann.patch(place, 0, data)
            await until(app, lambda: len(runs) == 1)
            moved_clock(120_000)
            await until(app, lambda: len(runs) == 2)
            file = (await ann.look(place))["file"]
            assert len(runs[0]) == count
            assert runs[0] == runs[1]
            moved_clock(600_000)
            await until(app, lambda: len(kept(folder)) == count)
            await app.call("DELETE", f"/api/files/{file['id']}", token=token)
            await until(app, lambda: kept(folder) == [])
            storage = await app.call("GET", "/api/users/me/storage", token=token)
            assert (storage["used"], storage["reserved"]) == (0, 0)

    monkeypatch.setattr(files, "finish", failing)
    asyncio.run(scenario())
