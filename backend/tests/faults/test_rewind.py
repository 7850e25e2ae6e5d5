"""A database that was rewound: the server notices, the operator decides, every device loads anew (I17)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import BACKEND, Served, started
from tests.world import World


def _command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATA_DIR": str(folder), "PORT": "0"}
    command = [sys.executable, "-m", "messenger", *arguments]
    return subprocess.run(command, cwd=BACKEND, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with started(tmp_path) as running:
        yield running


def test_a_restored_backup_is_noticed_and_accepted(server: Served, tmp_path: Path) -> None:
    world = World(server)
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    ann.say(chat, "before the backup")
    server.stop()
    shutil.copy(tmp_path / "messenger.db", tmp_path / "backup")
    server.start()
    with bob.device() as device:
        ann.say(chat, "after the backup")
        device.expect("message.created")
        cursors = device.cursors()
    server.stop()
    shutil.copy(tmp_path / "backup", tmp_path / "messenger.db")

    refused = _command(tmp_path, "serve")
    assert refused.returncode == 1
    assert "older than what this server had already confirmed" in refused.stderr
    assert "accept-rewind" in refused.stderr

    accepted = _command(tmp_path, "accept-rewind")
    assert accepted.returncode == 0, accepted.stderr
    server.start()
    with bob.device(**cursors) as device:
        reasons = {frame["data"]["reason"] for frame in device.seen if frame["type"] == "resync"}
        assert reasons == {"epoch"}
        assert device.ready["data"]["epoch"] == cursors["epoch"] + 1
    assert [one["text"] for one in bob.history(chat) if one["kind"] == "text"] == ["before the backup"]
    server.kill()
    server.start()
    assert ann.say(chat, "and on it goes")["seq"] == bob.history(chat)[-1]["seq"]
