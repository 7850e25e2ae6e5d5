"""Tests `serve --workers N`: several processes on one socket, replaced when they die, stopped together."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest

from tests import migrated
from tests.ports_free import free_port
from tests.postgres import Cluster
from tests.programs.test_metrics import scraped, value
from tests.redis_server import RedisServer
from tests.server import BACKEND
from tests.world import Person, World


class Crew:
    """Runs a supervisor and its processes."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port, self.log = free_port(), folder / "log"
        self._metrics_port = free_port()
        own = {"PORT": str(self.port), "DATA_DIR": str(folder), "RATE_LIMITS": "off", **environment}
        own["METRICS_PORT"] = str(self._metrics_port)
        command = [sys.executable, "-m", "messenger", "serve", "--workers", "2"]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=BACKEND, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT
            )
        self.url, self.socket_url = f"http://127.0.0.1:{self.port}", f"ws://127.0.0.1:{self.port}/api/ws"

    def workers(self) -> list[psutil.Process]:
        """Returns the server processes that run now."""
        return [one for one in self.supervisor.children() if one.status() != psutil.STATUS_ZOMBIE]

    @property
    def supervisor(self) -> psutil.Process:
        """Returns the process that watches the others."""
        return psutil.Process(self._process.pid)

    def written(self, place: int) -> float:
        """Returns how many messages the process in place 1 or 2 has written."""
        return value(scraped(self._metrics_port + place - 1), "events_total", type="message.created")

    def answers(self) -> bool:
        """Returns whether a server process answers."""
        try:
            return httpx.get(f"{self.url}/api/healthz").is_success
        except httpx.TransportError:
            return False

    def signal(self, sent: signal.Signals) -> int:
        """Sends a signal to the supervisor, and returns its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(sent)
        return self._process.wait(30)


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Waits until a condition is true."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def crew(cluster: Cluster, redis_server: RedisServer, tmp_path: Path) -> Iterator[Crew]:
    """Starts two processes."""
    database = migrated.scaled(cluster)
    running = Crew(tmp_path, DATABASE_URL=database, BUS_URL=redis_server.url, LIMITS_URL=redis_server.url)
    try:
        until(lambda: "is ready" in running.log.read_text() and len(running.workers()) == 2)
        yield running
    finally:
        running.signal(signal.SIGKILL)


def test_two_processes_are_one_server(crew: Crew) -> None:
    world = World(crew)  # type: ignore[arg-type]
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    devices = [bob.device() for _ in range(6)]
    ann.say(chat, "hello")
    for device in devices:
        assert device.expect("message.created")["data"]["text"] == "hello"
    assert crew.log.read_text().count("web-messenger is ready") == 1
    assert crew.signal(signal.SIGTERM) == 0
    assert [device.closed() for device in devices] == [1012] * 6
    assert not crew.answers()


def _chats(world: World, ann: Person) -> list[int]:
    """Makes chats of both processes, a few of each."""
    found: list[int] = []
    while min(sum(chat % 2 == place for chat in found) for place in (0, 1)) < 2:
        found.append(world.direct(ann, world.person(f"p{len(found)}")))
    return found


def _is_shared(crew: Crew, ann: Person, chats: list[int]) -> bool:
    """Sends once to each chat; returns whether each message was written by the process of its chat."""
    try:
        before = [crew.written(place) for place in (1, 2)]
        for chat in chats:
            ann.say(chat, "are you there")
        grown = [crew.written(place) - then for place, then in zip((1, 2), before, strict=True)]
    except httpx.ConnectError:  # the second has not started yet
        return False
    return grown == [sum(chat % 2 == place for chat in chats) for place in (0, 1)]


def test_a_chat_has_one_writer(crew: Crew) -> None:
    world = World(crew)  # type: ignore[arg-type]
    ann = world.person("ann")
    chats = _chats(world, ann)
    until(lambda: _is_shared(crew, ann, chats))
    devices = [ann.device() for _ in range(6)]
    before = [crew.written(place) for place in (1, 2)]
    for n in range(3):
        for chat in chats:
            ann.say(chat, f"{n}")
    written = [crew.written(place) - then for place, then in zip((1, 2), before, strict=True)]
    assert written == [sum(3 for chat in chats if chat % 2 == place) for place in (0, 1)]
    for device in devices:
        heard = [device.expect("message.created") for _ in range(3 * len(chats))]
        for chat in chats:
            of_chat = [one for one in heard if one["data"]["chat_id"] == chat]
            assert [one["data"]["text"] for one in of_chat] == ["0", "1", "2"]
            assert [one["ev"] - of_chat[0]["ev"] for one in of_chat] == [0, 1, 2]


def _is_sent(http: httpx.Client, chat: int, body: dict[str, str]) -> bool:
    """Sends a message; returns whether it was taken: a process that has not heard of the dead writer refuses it."""
    sent = http.post(f"/api/chats/{chat}/messages", json=body)
    assert sent.status_code in (201, 503), sent.text
    return sent.status_code == 201


def test_without_its_writer_a_chat_goes_on(crew: Crew) -> None:
    world = World(crew)  # type: ignore[arg-type]
    ann = world.person("ann")
    chats = _chats(world, ann)
    until(lambda: _is_shared(crew, ann, chats))
    crew.workers()[1].kill()
    with httpx.Client(base_url=crew.url, headers=ann.http.headers) as http:
        until(lambda: crew.answers() and len(crew.workers()) == 1)
        for chat in chats:
            until(partial(_is_sent, http, chat, {"text": "on", "client_msg_id": str(uuid.uuid4())}))
    again = world.again(ann)
    until(lambda: _is_shared(crew, again, chats))
    for chat in chats:
        assert [one["text"] for one in again.history(chat) if one["text"] != "are you there"] == ["on"]


def test_a_dead_process_is_replaced(crew: Crew) -> None:
    dead = crew.workers()[0]
    dead.kill()
    until(lambda: len(crew.workers()) == 2 and dead.pid not in {one.pid for one in crew.workers()})
    until(crew.answers)
    assert "ended with -9" in crew.log.read_text()
    assert crew.log.read_text().count("web-messenger is ready") == 1


def test_without_their_supervisor_they_stop(crew: Crew) -> None:
    workers = crew.workers()
    crew.signal(signal.SIGKILL)
    until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in workers))


def test_a_refusal_is_said_once(cluster: Cluster, redis_server: RedisServer, tmp_path: Path) -> None:
    crew = Crew(tmp_path, DATABASE_URL=cluster.create_database(), BUS_URL=redis_server.url)
    until(lambda: not crew.supervisor.is_running() or crew.supervisor.status() == psutil.STATUS_ZOMBIE)
    assert crew.signal(signal.SIGTERM) == 1
    assert crew.log.read_text().count("web-messenger migrate") == 1
