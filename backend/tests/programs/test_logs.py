"""Tests the log: each line has the ids of its request, from the request or frame through the commit to the job."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.kernel import trail
from messenger.kernel.errors import AppError
from tests import migrated
from tests.database import Opened
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import Served, started, working
from tests.world import World, client


def lines(path: Path) -> list[dict[str, Any]]:
    """Returns the lines of a log in JSON, without those that are printed for the person at the terminal."""
    printed = ("web-messenger is ready", "web-messenger worker is ready")
    return [json.loads(line) for line in path.read_text().splitlines() if not line.startswith(printed)]


def until(log: Path, /, **fields: Any) -> dict[str, Any]:
    """Waits for the first line with these fields; of `message` a few words are enough."""
    words = fields.pop("message", "")
    deadline = time.monotonic() + 30
    while True:
        for line in lines(log):
            if fields.items() <= line.items() and words in line["message"]:
                return line
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def test_a_request_is_named_in_answer_error_and_log(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone(LOG_FORMAT="json")
    answer = client(server).get("/api/chats")
    named = answer.headers["x-request-id"]
    assert answer.json()["request_id"] == named
    line = until(server.log, request_id=named, message="GET /api/chats 401")
    assert (line["level"], line["logger"], line["status"], line["path"]) == (
        "info",
        "messenger.http",
        401,
        "/api/chats",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"])
    assert line["took_ms"] >= 0


def test_people_read_the_id_at_the_end_of_the_line(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone()
    named = client(server).get("/api/healthz").headers["x-request-id"]
    server.stop()  # the line is written after the answer
    assert re.search(rf"INFO    messenger.http: GET /api/healthz 200 [\d.]+ ms \[{named}\]\n", server.log.read_text())


def test_only_a_trusted_proxy_may_name_a_request(serve_alone: Callable[..., Served], tmp_path: Path) -> None:
    def named(server: Served, said: str, **more: str) -> str:
        return httpx.get(f"{server.url}/api/healthz", headers={"X-Request-ID": said, **more}).headers["x-request-id"]

    bare = serve_alone()
    assert named(bare, "of-a-stranger") != "of-a-stranger"
    (tmp_path / "behind").mkdir()
    with started(tmp_path / "behind", TRUSTED_PROXIES="127.0.0.0/8") as behind:
        assert named(behind, "of-the-proxy") == "of-the-proxy"
        assert named(behind, "of-the-proxy", **{"X-Forwarded-For": "192.0.2.1"}) == "of-the-proxy"
        for odd in ("short", "x" * 65, "with space", "semi;colon-here"):
            assert named(behind, odd) != odd


def test_a_frame_that_is_refused_is_found_by_the_id_of_its_error(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone(LOG_FORMAT="json")
    ann = World(server).person("ann")
    with ann.device() as device:
        first = device.ask("message.send", {"chat_id": 1, "text": "nobody hears this"})["data"]
        second = device.ask("no\nsuch verb", {})["data"]
    line = until(server.log, request_id=first["request_id"])
    assert (line["frame"], line["user_id"], line["outcome"]) == ("message.send", ann.id, first["code"])
    assert until(server.log, request_id=second["request_id"])["frame"] == "unknown"
    assert first["request_id"].partition("-")[0] == second["request_id"].partition("-")[0], "of one socket"


def test_later_work_of_the_same_process_carries_the_id(serve_alone: Callable[..., Served]) -> None:
    server = serve_alone(LOG_FORMAT="json")
    World(server).person("ann")
    named = until(server.log, path="/api/auth/register")["request_id"]
    until(server.log, request_id=named, message="job accounts.verify_letter")
    until(server.log, request_id=named, message="a letter to")


def test_a_worker_carries_the_id(tmp_path: Path, cluster: Cluster, redis_server: RedisServer) -> None:
    shared = {"DATABASE_URL": migrated.scaled(cluster), "BUS_URL": redis_server.url, "LOG_FORMAT": "json"}
    shared |= {"JOBS_URL": f"celery+{redis_server.url}/5"}
    with started(tmp_path, **shared) as server, working(tmp_path, **shared):
        World(server).person("ann")
        named = until(server.log, path="/api/auth/register")["request_id"]
        line = until(tmp_path / "worker.log", request_id=named, message="job accounts.verify_letter")
    assert line["message"].endswith("ms")
    assert lines(tmp_path / "worker.log"), "Celery's own lines are JSON too"


def test_threads_of_the_database_know_whom_they_work_for(opened: Opened[Any]) -> None:
    def who(_: Tx) -> str:
        return trail.request_id.get()

    def who_many(_: Tx, wishes: list[str]) -> list[str | AppError]:
        return [f"{wish} for {trail.request_id.get()}" for wish in wishes]

    async def as_request(name: str, work: Callable[[], Any]) -> Any:
        trail.request_id.set(name)
        return await work()

    async def scenario(db: Database) -> None:
        asked = [as_request(name, lambda: db.write(who)) for name in ("one", "two")]
        assert await asyncio.gather(*asked) == ["one", "two"]
        asked = [as_request(name, lambda: db.read(who)) for name in ("one", "two")]
        assert await asyncio.gather(*asked) == ["one", "two"]
        assert await as_request("one", lambda: db.batch(who_many, "a", lane=0)) == "a for one"
        shared = [as_request(name, lambda: db.batch(who_many, "b", lane=0)) for name in ("one", "two")]
        assert await asyncio.gather(*shared) == ["b for ", "b for "], "work for several requests has no id of one"
        assert await as_request("", lambda: db.write(who)) == ""

    opened(scenario)
