"""Tests uploads whose server is killed at each point of their life: the same bytes arrive, and nothing else is left."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from messenger.features.media.making import sounds
from tests.dying import AT, ONCE, POINTS, mortal
from tests.features.test_uploads import MIB, begin, body, patch, read
from tests.media.test_photos import variant
from tests.recordings import film
from tests.s3 import Bucket, bucket
from tests.server import Served, started
from tests.world import Person, World

SIZE = 11 * MIB + 5


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with bucket(tmp_path_factory.mktemp("s3")) as running:
        yield running


def left(folder: Path) -> list[str]:
    """Returns the files of the storage, without those that are not finished: a job whose claim ended while it ran is
    begun beside itself, and of that one's upload to the bucket a kill leaves parts, which no listing of S3 shows.
    """
    found = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.startswith("unfinished/") and "/.rclone_temp" not in name)


class Mortal:
    """Starts a server again that has died, and repeats what its client did."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.deaths = 0

    def ask(self, question: Callable[[], httpx.Response]) -> httpx.Response:
        """Returns an answer; where the server dies, `None` would be a lie: the question is put again."""
        for _ in range(5):
            try:
                return question()
            except httpx.TransportError:
                self.revive()
        raise TimeoutError("it dies again and again")

    def revive(self) -> None:
        """Starts the server again."""
        self._served._process.wait(20)
        self.deaths += 1
        self._served.start()

    @property
    def is_dead(self) -> bool:
        """Returns whether the server has ended."""
        return self._served._process.poll() is not None


def upload(server: Mortal, ann: Person, data: bytes, **said: str) -> dict[str, Any]:
    """Uploads as a patient client does: it asks for the offset after each break."""
    place = server.ask(lambda: begin(ann, len(data), None, key="one", filename="a.bin", **said)).headers["location"]
    deadline = time.monotonic() + 60
    while True:
        assert time.monotonic() < deadline
        if server.is_dead:
            server.revive()
        view = server.ask(lambda: ann.http.get(place)).json()
        if view["state"] == "done":
            file: dict[str, Any] = view["file"]
            return file
        assert view["state"] in ("open", "full"), view
        if view["state"] == "open":
            taken = view["taken"]
            try:
                patch(ann, place, taken, data[taken:])
            except httpx.TransportError:
                server.revive()
        time.sleep(0.05)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("store", ["disk", "s3"])
def test_a_killed_server_loses_no_upload_and_leaves_no_piece(
    request: pytest.FixtureRequest, tmp_path: Path, store: str, point: str
) -> None:
    data, once, more = body(SIZE), tmp_path / "once", {}
    folder = tmp_path / "files"
    if store == "s3":
        s3: Bucket = request.getfixturevalue("s3")
        more["STORAGE_URL"] = s3.setting.replace("/files?", f"/{point.replace(' ', '-')}?")
        folder = s3.folder / point.replace(" ", "-")
    environment = {AT: point, ONCE: str(once), "RATE_LIMITS": "off", "ACCESS_TOKEN_TTL": "1h", **more}
    with started(tmp_path, mortal, **environment) as served:
        ann = World(served).person("ann")
        server = Mortal(served)
        once.touch()
        file = upload(server, ann, data)
        deadline = time.monotonic() + 60
        while len(left(folder)) > 1 or once.exists():
            assert time.monotonic() < deadline, left(folder)
            if server.is_dead:
                server.revive()
            time.sleep(0.05)
        assert server.ask(lambda: read(ann, file)).content == data
        assert server.deaths == 1
        assert left(folder) == [f"files/{file['id'] & 255:02x}/{file['id']:x}-o.bin"]
        storage = ann.get("/api/users/me/storage")
        assert (storage["used"], storage["reserved"]) == (SIZE, 0)


@pytest.mark.skipif(not sounds.HAS_AV, reason="web-messenger[media] is not installed")
@pytest.mark.parametrize("point", ["joined", "finishing"])
def test_a_killed_server_makes_a_film_whole(tmp_path: Path, point: str) -> None:
    """Its claim was renewed while it ran, and is free soon after its end; the second run writes the same files."""
    data, once, folder = film(), tmp_path / "once", tmp_path / "files"
    environment = {AT: point, ONCE: str(once), "RATE_LIMITS": "off", "ACCESS_TOKEN_TTL": "1h"}
    with started(tmp_path, mortal, **environment) as served:
        ann = World(served).person("ann")
        server = Mortal(served)
        once.touch()
        file = upload(server, ann, data, as_="video")
        assert (file["kind"], server.deaths) == ("video", 1)
        names = [f"files/{file['id'] & 255:02x}/{file['id']:x}-{name}" for name in ("o.bin", "play.mp4", "poster.webp")]
        deadline = time.monotonic() + 60
        while left(folder) != names:  # a piece is deleted by a job of its own, the original later
            assert time.monotonic() < deadline, left(folder)
            time.sleep(0.05)
        play, poster = (variant(ann, file, v).content for v in ("play", "poster"))
        assert file["variants"][0]["size"] == len(play)
        assert len(list(av.open(io.BytesIO(play), "r", format="mp4").decode(video=0))) == 60
        storage = ann.get("/api/users/me/storage")
        assert (storage["used"], storage["reserved"]) == (len(play) + len(poster), 0)
