"""Restores a dump of PostgreSQL by the commands of docs/self-hosting.md: every device of two processes loads anew."""

import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgres import Cluster, binary
from tests.redis_server import RedisServer
from tests.server import BACKEND, Served, started
from tests.wire import Device
from tests.world import Person, World

DOCUMENT = (BACKEND.parent / "docs" / "self-hosting.md").read_text()
DUMP = "pg_dump --format=custom --file"
RESTORE = "pg_restore --exit-on-error --single-transaction --no-owner"
DOCKER = """#!/bin/sh
case "$2 $5" in
exec*) shift 4; exec "$@" ;;
"run accept-rewind") exec web-messenger accept-rewind ;;
esac
"""
"""Replaces `docker compose`: commands for a container run here, and no container is stopped or started."""
SWEEPS_S = 20
"""Three seconds, and room for a busy machine."""
LOST = 10

pytestmark = pytest.mark.scaled


def _block(words: str) -> str:
    """Returns the commands of the document that contain some words."""
    (found,) = [
        block for block in re.findall(r"^```sh\n(.+?)^```", DOCUMENT, re.MULTILINE | re.DOTALL) if words in block
    ]
    return str(found)


class Place:
    """Holds a database of the user `messenger`, two servers on it, and a shell of its operator."""

    def __init__(self, cluster: Cluster, redis: RedisServer, folder: Path) -> None:
        self._folder, self._port = folder, cluster.port
        self.url = f"postgresql://messenger@127.0.0.1:{cluster.port}/messenger"
        self.settings = {
            "DATABASE_URL": self.url,
            "BUS_URL": f"{redis.url}/7",
            "LIMITS_URL": f"{redis.url}/7",
            "SECRET_KEY": "x" * 40,
            "RATE_LIMITS": "off",
        }
        self._tools = folder / "bin"
        self._tools.mkdir()
        (self._tools / "docker").write_text(DOCKER)
        (self._tools / "docker").chmod(0o755)
        self.sql("DROP DATABASE IF EXISTS messenger WITH (FORCE)")
        self.sql("DROP ROLE IF EXISTS messenger")
        self.sql("CREATE ROLE messenger LOGIN")
        self.sql("CREATE DATABASE messenger OWNER messenger")

    def sql(self, statement: str) -> None:
        """Runs a statement as the cluster's administrator."""
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self._port}/postgres", autocommit=True) as connection:
            connection.execute(statement)

    def type(self, commands: str) -> str:
        """Runs commands as the operator would, and returns their output."""
        programs = [str(self._tools), str(Path(binary("pg_dump")).parent), str(Path(sys.executable).parent)]
        env = {
            **os.environ,
            **self.settings,
            "DATA_DIR": str(self._folder / "operator"),
            "PATH": ":".join([*programs, os.environ["PATH"]]),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self._port),
            "PGUSER": "postgres",
        }
        shell = ["bash", "-euo", "pipefail", "-c", commands]
        done = subprocess.run(shell, cwd=self._folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def finding(self) -> dict[str, Any]:
        """Returns the doctor's finding on the database."""
        checks = json.loads(self.type("web-messenger doctor --json || test $? = 1"))["checks"]
        return next(one for one in checks if one["name"] == "database")


def through(server: Served, person: Person) -> Person:
    """Sends the requests of a person to one of the processes."""
    return Person(server, person.tokens, person.email)


class Past:
    """Holds people whose last messages are missing in a restored dump, and the cursors of their devices."""

    def __init__(self, place: Place, processes: tuple[Served, Served]) -> None:
        self.place, self.processes = place, processes
        self.one, self.other = processes
        world = World(self.one)
        self.ann, self.bob, self.eve = world.people("ann", "bob", "eve")
        self.den = world.group(self.ann, self.bob, self.eve)

    def happen(self, backup: str) -> None:
        """Writes, takes a backup while both processes serve, writes more, and keeps the cursors of every device."""
        self.ann.say(self.den, "before the backup")
        self.place.type(backup)
        with through(self.one, self.bob).device() as bobs, through(self.other, self.eve).device() as eves:
            for n in range(LOST):
                self.ann.say(self.den, f"lost {n}")
            for device in (bobs, eves):
                while device.expect("message.created")["data"]["text"] != f"lost {LOST - 1}":
                    pass
            self.bobs, self.eves = bobs.sealed(), eves.sealed()
        self.poll = _cursor(self.bob)

    def stop(self) -> None:
        """Ends both processes."""
        for process in self.processes:
            process.stop()

    def start(self) -> None:
        """Starts both processes."""
        for process in self.processes:
            process.start()

    def epochs(self) -> set[int]:
        """Returns the history line, which both processes must answer."""
        return {through(one, self.ann).get("/api/chats")["page"]["epoch"] for one in self.processes}

    def say(self, count: int) -> list[str]:
        """Writes messages, through both processes in turn; returns their texts."""
        texts = [f"new {n}" for n in range(count)]
        for text, process in zip(texts, itertools.cycle(self.processes), strict=False):
            through(process, self.ann).say(self.den, text)
        return texts

    def assert_poll_anew(self, process: Served) -> None:
        """Checks that a long poll of bob answers that everything must be loaded anew."""
        page = _poll(through(process, self.bob), self.poll)
        assert (page["items"], set(page["resync"])) == ([], {f"chat:{self.den}", f"user:{self.bob.id}"})

    def assert_known(self, texts: list[str]) -> None:
        """Checks that the epoch rose once, that every returning device loads anew and reads the dump and `texts`."""
        for process, other in (self.processes, self.processes[::-1]):
            for hello, person, where in ((self.bobs, self.bob, process), (self.eves, self.eve, other)):
                with through(where, person).device(**hello) as device:
                    assert_anew(device)
            self.assert_poll_anew(process)
        assert self.epochs() == {2}
        read = [one["text"] for one in self.bob.history(self.den, limit=200) if one["kind"] == "text"]
        assert read == ["before the backup", *texts]

    def assert_diagnosed(self) -> None:
        """Checks that the doctor reports it to the operator."""
        found = self.place.finding()
        assert (found["status"], "History was rewound" in found["what"]) == ("warning", True)


def _cursor(person: Person) -> str:
    return str(person.get("/api/events")["page"]["next_cursor"])


def _poll(person: Person, cursor: str, wait: int = 0) -> Any:
    """Returns the events after a cursor; asks again while the database is away, as clients do."""
    while (answer := person.http.post("/api/events", json={"cursor": cursor, "wait": wait})).status_code == 503:
        time.sleep(answer.json()["retry_after_ms"] / 1000)
    assert answer.status_code == 200, answer.text
    return answer.json()


def assert_anew(device: Device) -> None:
    """Checks that a device must load everything anew, and received no event."""
    reasons = {frame["data"]["reason"] for frame in device.seen if frame["type"] == "resync"}
    assert (device.ready["data"]["epoch"], reasons) == (2, {"epoch"})
    assert not [frame for frame in device.seen if "ev" in frame]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as workers:
        yield workers


@pytest.fixture
def past(cluster: Cluster, redis_server: RedisServer, tmp_path: Path) -> Iterator[Past]:
    place = Place(cluster, redis_server, tmp_path)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    with (
        started(tmp_path / "one", **place.settings) as one,
        started(tmp_path / "other", **place.settings) as other,
    ):
        yield Past(place, (one, other))


@pytest.mark.parametrize(
    ("backup", "restore"),
    [(DUMP, RESTORE), ("exec -T db pg_dump", "exec -T db pg_restore")],
    ids=["plain", "composed"],
)
def test_a_dump_is_restored_by_the_commands_of_the_document(past: Past, backup: str, restore: str) -> None:
    if "-T" in backup:
        past.place.sql("ALTER ROLE messenger SUPERUSER")  # as the image of the composed deployment does
    past.happen(_block(backup))
    past.stop()
    assert "epoch 2" in past.place.type(_block(restore))
    past.start()
    past.assert_known(past.say(2))
    past.assert_diagnosed()


FORGOTTEN = "".join(line for line in _block(RESTORE).splitlines(True) if "accept-rewind" not in line)


class Bystanders:
    """Opens devices of ann at both processes, without messages of the lost history, and a waiting long poll at each."""

    def __init__(self, past: Past, pool: ThreadPoolExecutor) -> None:
        self._past = past
        self._devices = [through(process, past.ann).device() for process in past.processes]
        cursor = _cursor(past.ann)
        self._polls = [pool.submit(_poll, through(process, past.ann), cursor, 30) for process in past.processes]

    def assert_come_back(self) -> None:
        """Checks that they are disconnected, come back, and load anew; the log of each process says it once."""
        for device, process in zip(self._devices, self._past.processes, strict=True):
            assert device.closed(SWEEPS_S) == 4408
            with through(process, self._past.ann).device(**device.sealed()) as again:
                assert_anew(again)
            assert process.log.read_text().count("history was rewound: epoch 2 begins") == 1
        for poll in self._polls:
            assert set(poll.result(SWEEPS_S)["resync"]) == {f"chat:{self._past.den}", f"user:{self._past.ann.id}"}


@pytest.mark.parametrize("more", [0, 3 * LOST], ids=["before", "after"])
@pytest.mark.parametrize("way", ["socket", "poll"])
def test_a_device_proves_it_to_both_processes(past: Past, pool: ThreadPoolExecutor, more: int, way: str) -> None:
    """Without `accept-rewind` a device returns before or after the server has passed its place."""
    past.happen(_block(DUMP))
    past.stop()
    past.place.type(FORGOTTEN)
    past.start()
    texts = past.say(more)
    bystanders = Bystanders(past, pool)
    assert past.epochs() == {1}
    if way == "poll":
        past.assert_poll_anew(past.one)
    else:
        with through(past.one, past.bob).device(**past.bobs) as device:
            assert_anew(device)
    bystanders.assert_come_back()
    past.assert_known(texts)


def test_what_both_processes_are_proven_at_once_raises_the_epoch_once(past: Past, pool: ThreadPoolExecutor) -> None:
    past.happen(_block(DUMP))
    past.stop()
    past.place.type(FORGOTTEN)
    past.start()
    bystanders = Bystanders(past, pool)
    with psycopg.connect(past.place.url) as holder, psycopg.connect(past.place.url, autocommit=True) as looker:
        holder.execute("SELECT value FROM facts WHERE key = 'epoch' FOR UPDATE")
        proofs = [
            pool.submit(through(process, person).device, **hello)
            for process, person, hello in ((past.one, past.bob, past.bobs), (past.other, past.eve, past.eves))
        ]
        await_count(
            looker, "SELECT count(*) FROM pg_stat_activity WHERE datname = 'messenger' AND wait_event_type = 'Lock'", 2
        )
    for proof in proofs:
        with proof.result(SWEEPS_S) as device:
            assert_anew(device)
    bystanders.assert_come_back()
    past.assert_known([])
    past.assert_diagnosed()


def await_count(connection: psycopg.Connection[Any], statement: str, count: int) -> None:
    """Waits until a statement counts this many."""
    deadline = time.monotonic() + SWEEPS_S
    while connection.execute(statement).fetchone() != (count,):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_processes_that_ran_meanwhile_notice_it_themselves(past: Past, pool: ThreadPoolExecutor) -> None:
    """No device need return: each process has delivered events that are gone."""
    past.happen(_block(DUMP))
    bystanders = Bystanders(past, pool)
    past.place.type(FORGOTTEN)
    bystanders.assert_come_back()
    past.assert_known([])
    for process in past.processes:
        assert "never retrieved" not in process.settled()
