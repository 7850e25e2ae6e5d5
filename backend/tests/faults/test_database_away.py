"""Tests a database that goes away and comes back: requests are refused meanwhile, and no restart is needed."""

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster
from tests.server import Served, started
from tests.world import World, client


@pytest.fixture
def away() -> Iterator[Cluster]:
    """Yields a cluster that the test may stop."""
    with Cluster.started() as running:
        yield running


@pytest.fixture
def server(away: Cluster, tmp_path: Path) -> Iterator[Served]:
    with started(tmp_path, DATABASE_URL=away.create_database(), RATE_LIMITS="off") as served:
        yield served


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_database_that_was_away_is_used_again(away: Cluster, world: World) -> None:
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    path, body = f"/api/chats/{chat}/messages", {"text": "while away", "client_msg_id": str(uuid.uuid4())}
    with bob.device() as device:
        device.ask("presence.watch", {"user_ids": []})  # after this answer the hello is over, with its last query
        away.stop()
        ready = ann.http.get("/api/readyz")
        assert (ready.status_code, ready.json()["checks"]) == (
            503,
            {"database": "unavailable", "disk": "ok"},
        )
        assert ann.http.get("/api/healthz").status_code == 200, "the process itself is alive"
        for answer in (ann.http.get("/api/chats"), ann.http.post(path, json=body)):
            assert (answer.status_code, answer.json()["code"]) == (503, "server.busy")
            assert int(answer.headers["retry-after"]) >= 1
        assert device.ask("receipt.read", {"chat_id": chat, "seq": 1})["data"]["code"] == "server.busy"
        away.start()
        _until(lambda: ann.http.get("/api/readyz").status_code == 200)
        _until(lambda: ann.http.post(path, json=body).is_success)
        assert device.expect("message.created")["data"]["text"] == "while away"
    assert [one["text"] for one in bob.history(chat)] == ["while away"], "written once, however often it was sent"


def test_a_database_that_hangs_is_not_ready(away: Cluster, world: World) -> None:
    with away.frozen():
        assert client(world.server).get("/api/readyz").status_code == 503
    _until(lambda: client(world.server).get("/api/readyz").status_code == 200)
