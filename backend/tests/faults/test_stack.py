"""Tests `make stack`: its parts work together, dead parts are named and restarted, other processes are never ended."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from topology import database, processes
from topology.place import Place

SCRIPT = Path(__file__).parents[3] / "scripts" / "stack.py"
PARTS = ["db", "redis", "minio", "mailhog", "backend-1", "backend-2", "celery", "frontend"]
pytestmark = pytest.mark.timeout(240)


class Stack:
    """Runs a deployment in a folder, with the command alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def call(self, *command: str, status: int = 0) -> str:
        """Runs the command, and returns its output."""
        command = (sys.executable, str(SCRIPT), "--folder", str(self.folder), *command)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def pids(self) -> dict[str, int]:
        """Returns the process of each part that was started."""
        records = {path.stem: json.loads(path.read_text()) for path in (self.folder / "run").glob("*.pid")}
        return {name: record["pid"] for name, record in records.items()}

    def lame(self) -> set[str]:
        """Returns the parts that the status does not call healthy."""
        done = self.call("status", status=1)
        return {line.split()[0] for line in done.splitlines() if " pid " in line and " healthy " not in line}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("stack"))
    try:
        yield running
    finally:
        running.call("down")
        database.forget(Place.at(running.folder))


def _said(text: str, name: str) -> str:
    found = re.search(rf"^{name} +(\S+)", text, re.MULTILINE)
    assert found, text
    return found[1]


def _register(link: str) -> Any:
    address, _, code = link.partition("/setup?code=")
    body = {"email": "ann@example.org", "password": "correct horse battery", "name": "Ann", "setup": code}
    return httpx.post(f"{address}/api/auth/register", json=body)


def test_it_starts_and_works_together(stack: Stack) -> None:
    said = stack.call("up")
    assert sorted(stack.pids()) == sorted(PARTS)
    assert _register(_said(said, "First")).status_code == 201
    letters = _said(said, "Letters")
    deadline = time.monotonic() + 20
    while not (found := re.search(r'href="/(\d+)">', httpx.get(letters).text)):
        assert time.monotonic() < deadline, "no letter came through the worker and the mail server"
        time.sleep(0.1)
    assert "ann@example.org" in httpx.get(f"{letters}/{found[1]}").text
    shown = httpx.get(f"{letters}/{found[1]}/html")
    assert _said(said, "Messenger") in shown.text
    assert shown.headers["content-security-policy"].startswith("sandbox "), "the letter is sandboxed"
    assert httpx.get(f"{letters}/1/html").status_code == 404
    assert "Messenger" in said
    assert "\nFirst" not in stack.call("up"), "the link is used up"


def test_the_doctor_finds_it_well(stack: Stack) -> None:
    stack.call("up")
    found = json.loads(stack.call("run", "doctor", "--json"))
    assert {one["name"] for one in found["checks"] if one["status"] != "ok"} <= {"disk", "certificate"}, found


def test_what_runs_is_left_alone(stack: Stack) -> None:
    stack.call("up")
    before = stack.pids()
    stack.call("up")
    assert stack.pids() == before
    assert stack.call("status").count(" healthy ") == len(PARTS)


def test_what_died_is_named_and_started_again(stack: Stack) -> None:
    stack.call("up")
    before = stack.pids()
    killed = {"db", "redis", "backend-2", "celery", "frontend"}
    for name in killed:
        os.kill(before[name], signal.SIGKILL)
    assert stack.lame() >= killed
    stack.call("up")
    after = stack.pids()
    assert {name for name in PARTS if before[name] != after[name]} == killed
    assert stack.call("status").count(" healthy ") == len(PARTS)


def test_another_process_with_its_number_is_left_alone(stack: Stack) -> None:
    """After a reboot a kept process id may belong to another process."""
    stack.call("up")
    record = stack.folder / "run" / "redis.pid"
    folder = stack.folder / "run" / "redis"
    with subprocess.Popen(["sleep", "60"], start_new_session=True, cwd=folder) as other:
        kept = record.read_text()
        stack.call("end", "redis")
        recycled = json.loads(kept) | {"pid": other.pid}
        record.write_text(json.dumps(recycled))
        assert stack.lame() >= {"redis"}
        stack.call("end", "redis")
        assert other.poll() is None
        record.write_text(json.dumps(recycled | {"born": processes.birth(other.pid)}))
        stack.call("end", "redis")
        assert other.wait(10) == -signal.SIGTERM, "the test would not notice"


def test_it_names_the_obstacle(stack: Stack) -> None:
    stack.call("up")
    place = json.loads((stack.folder / "place.json").read_text())
    stack.call("end", "redis")
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", str(place["ports"]["redis"]), "--bind", "127.0.0.1"],
        stderr=subprocess.DEVNULL,
    ) as other:
        time.sleep(1)
        said = stack.call("up", status=1)
        other.kill()
    assert "redis ended by itself" in said
    assert "make stack-down" in said
    assert "Traceback" not in said


def test_nothing_is_left_of_it(stack: Stack) -> None:
    stack.call("up")
    family = [
        one for pid in stack.pids().values() for one in (psutil.Process(pid), *psutil.Process(pid).children(True))
    ]
    assert len(family) > len(PARTS)
    stack.call("down")
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert stack.pids() == {}
    stack.call("down")
    assert stack.lame() == set(PARTS)
