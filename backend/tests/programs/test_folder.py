"""Tests the data folder: one server at a time, and closed to other users of the machine."""

import errno
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from messenger.process import folder
from messenger.settings import Settings
from tests import migrated
from tests.postgres import Cluster
from tests.programs.test_logs import until
from tests.redis_server import RedisServer
from tests.server import Served, ended, started
from tests.world import World


@pytest.mark.parametrize("command", ["serve", "migrate", "accept-rewind"])
def test_a_folder_has_one_server(serve_alone: Callable[..., Served], command: str) -> None:
    server = serve_alone()
    refused = ended(server.folder, command)
    assert refused.returncode == 1
    assert f"Another web-messenger (process {server.pid}) uses {server.folder}" in refused.stderr
    assert "Traceback" not in refused.stderr
    busy = ended(server.folder, command, PORT=str(server.port))
    assert f"process {server.pid}" in busy.stderr, "even where the port is taken"
    assert World(server).person("ann")


def test_a_database_elsewhere_has_one_server(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/kept.db"
    (tmp_path / "one").mkdir()
    with started(tmp_path / "one", DATABASE_URL=database) as server:
        refused = ended(tmp_path / "other", "serve", DATABASE_URL=database)
        assert f"process {server.pid}" in refused.stderr
        assert stat.S_IMODE((tmp_path / "kept.db").stat().st_mode) == 0o600


def test_processes_that_start_at_the_same_moment_do_not_disturb_each_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as starting:
        list(starting.map(lambda _: folder.prepare(settings), range(800)))
    assert not list(tmp_path.iterdir())
    assert not [said for said in caplog.messages if "cannot" in said]


def test_the_hold_ends_with_its_process(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone()
    server.kill()
    assert ended(server.folder, "accept-rewind").returncode == 0
    server.start()
    assert str(server.pid) in (server.folder / "server.lock").read_text().split()


def test_servers_that_share_a_database_share_a_folder(
    cluster: Cluster, redis_server: RedisServer, tmp_path: Path
) -> None:
    shared = {"DATABASE_URL": migrated.scaled(cluster), "BUS_URL": f"{redis_server.url}/6"}
    with started(tmp_path, WORKERS="2", **shared), started(tmp_path, **shared) as other:
        for lonely in (ended(tmp_path, "serve", BUS_URL="memory://"), ended(tmp_path, "accept-rewind", **shared)):
            assert str(other.pid) in lonely.stderr
        assert ended(tmp_path, "migrate", **shared).returncode == 0, "newer servers start beside older ones"


def _open(data: Path) -> dict[str, str]:
    """Returns the files that other users may read, write or enter, with their rights."""
    found = {str(path): stat.S_IMODE(path.lstat().st_mode) for path in (data, *data.rglob("*"))}
    return {path: oct(mode) for path, mode in found.items() if mode & 0o077}


def _fill(server: Served) -> None:
    """Lets a server write all its kinds of files: database, letter, avatar."""
    ann = World(server).person("ann")
    ann.say(ann.post("/api/chats", {"kind": "saved"}, 201)["id"], "a secret")
    until(server.log, message="a letter to")


def test_no_other_user_reads_the_files_of_a_server(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone(LOG_FORMAT="json")
    _fill(server)
    names = {path.name for path in server.folder.iterdir()}
    assert {"messenger.db", "messenger.db-wal", "secret.key", "server.lock", "files", "mail"} <= names
    server.stop()
    assert (server.folder / "witness.json").exists()
    assert _open(server.folder) == {}


def test_a_folder_that_was_open_is_closed_and_that_is_said_once(
    serve_alone: Callable[..., Served], tmp_path: Path
) -> None:
    server = serve_alone(LOG_FORMAT="json")
    _fill(server)
    server.stop()
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    before = len(server.log.read_text())
    (tmp_path / "elsewhere").symlink_to("/etc/hostname")
    for _ in range(2):
        server.start()
        server.stop()
        assert _open(tmp_path).keys() <= {str(tmp_path / "elsewhere")}
    assert server.log.read_text()[before:].count("was open to other users") == 1
    assert Path("/etc/hostname").stat().st_mode & 0o044, "a link is not followed"


def test_a_folder_that_is_not_ours_to_close_is_served(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A volume that an orchestrator created belongs to root."""
    (tmp_path / "data").mkdir(mode=0o755)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(tmp_path / "data"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "chmod", refuse)
        folder.prepare(Settings(data_dir=tmp_path / "data"))
    assert "cannot be closed to other users" in caplog.text
