"""Tests a rewound database: the server notices, the operator decides, every device loads anew (I17)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Served, ended, started
from tests.world import World


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with started(tmp_path) as running:
        yield running


def _accept(folder: Path) -> int:
    """Accepts a rewind, and returns the new epoch."""
    accepted = ended(folder, "accept-rewind")
    assert accepted.returncode == 0, accepted.stderr
    return int(accepted.stdout.partition("epoch ")[2].partition(";")[0])


def _refusal(folder: Path) -> str:
    """Returns the one sentence with which the server refuses to start."""
    refused = ended(folder, "serve")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    return refused.stderr


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

    refused = ended(tmp_path, "serve")
    assert refused.returncode == 1
    assert "older than what this server had already confirmed" in refused.stderr
    assert "accept-rewind" in refused.stderr

    accepted = ended(tmp_path, "accept-rewind")
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


def test_each_rewind_has_an_epoch_of_its_own(server: Served, tmp_path: Path) -> None:
    world = World(server)
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    server.stop()
    shutil.copy(tmp_path / "messenger.db", tmp_path / "backup")
    for epoch in (2, 3):
        server.start()
        ann.say(chat, f"after rewind {epoch - 1}")
        server.stop()
        # The database has epoch 1 again, its record has the epoch of the lost history line.
        shutil.copy(tmp_path / "backup", tmp_path / "messenger.db")
        assert "older than what this server had already confirmed" in _refusal(tmp_path)
        assert _accept(tmp_path) == epoch
    server.start()
    with bob.device(epoch=2, streams={f"user:{bob.id}": 0}) as device:
        assert device.ready["data"]["epoch"] == 3
        assert [frame["data"]["reason"] for frame in device.seen if frame["type"] == "resync"] == ["epoch"]


@pytest.mark.parametrize("damage", ["", "{", '{"epoch": "one"}', "\udcff"])
def test_a_damaged_record_is_one_sentence(server: Served, tmp_path: Path, damage: str) -> None:
    world = World(server)
    world.direct(*world.people("ann", "bob"))
    server.stop()
    record = tmp_path / "witness.json"
    assert record.is_file()
    record.write_bytes(damage.encode(errors="surrogateescape"))
    assert "cannot be read" in _refusal(tmp_path)
    assert _accept(tmp_path) == 2
    server.start()


@pytest.mark.parametrize("record", ["older", "missing"])
def test_a_record_alone_may_be_older(server: Served, tmp_path: Path, record: str) -> None:
    world = World(server)
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    server.stop()
    kept = (tmp_path / "witness.json").read_bytes()
    server.start()
    ann.say(chat, "hello")
    server.stop()
    if record == "older":
        (tmp_path / "witness.json").write_bytes(kept)
    else:
        (tmp_path / "witness.json").unlink()
    server.start()
    assert [one["text"] for one in bob.history(chat) if one["kind"] == "text"] == ["hello"]
