"""Runs real servers, workers and other commands in processes of their own."""

import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import httpx

from messenger.assembly import migrate
from tests import migrated
from tests.catcher import kept_in
from tests.forked import Child, fork
from tests.ports_free import free_port

BACKEND = Path(__file__).parents[1]


class Process(Protocol):
    """Names the part of `subprocess.Popen` that a forked child has too."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float = 30) -> int: ...

    def send_signal(self, number: int) -> None: ...


Spawn = Callable[[str, dict[str, str], Path, Path], Process]
"""Makes a process of a command, an environment and two files for its output: `fork`, or `run`."""


def run(command: str, environment: dict[str, str], out: Path, err: Path, program: Path = BACKEND) -> Process:
    """Starts a command as an operator does, in a new interpreter. `program` is the folder of its code."""
    with out.open("ab") as stdout, err.open("ab") as stderr:
        return subprocess.Popen(
            [sys.executable, "-m", "messenger", command], cwd=program, env=environment, stdout=stdout, stderr=stderr
        )


class Served:
    """Runs a server."""

    def __init__(self, folder: Path, port: int, environment: dict[str, str], spawn: Spawn = fork) -> None:
        self.folder, self.port, self._environment, self._spawn = folder, port, environment, spawn
        self.log = folder / "server.log"
        self.mailbox: Callable[[], list[EmailMessage]] = lambda: kept_in(folder / "mail")
        self._process: Process
        self.start()

    @property
    def url(self) -> str:
        """Returns the address of its HTTP endpoints."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """Returns the address of its database."""
        return self._environment.get("DATABASE_URL", f"sqlite:///{self.folder}/messenger.db")

    @property
    def socket_url(self) -> str:
        """Returns the address of its sockets."""
        return f"ws://127.0.0.1:{self.port}/api/ws"

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        self._process = self._spawn("serve", self._environment, self.log, self.log)
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{self.url}/api/healthz", verify=False).raise_for_status()
            except httpx.TransportError:
                assert self._process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)
            else:
                return

    def setup_code(self) -> str:
        """Returns the code of the link that the server prints for the first account."""
        deadline = time.monotonic() + 10
        while "code=" not in self.log.read_text():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)
        return self.log.read_text().rpartition("code=")[2].split()[0]

    def settled(self) -> str:
        """Returns the log once it holds every request answered so far: a line is written after its answer."""
        named = httpx.get(f"{self.url}/api/healthz", verify=False).headers["x-request-id"]
        deadline = time.monotonic() + 20
        while named not in (log := self.log.read_text()):
            assert time.monotonic() < deadline, log
            time.sleep(0.02)
        return log

    def kill(self) -> None:
        """Kills the process, as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """Terminates the process, and returns its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(20)

    @property
    def pid(self) -> int:
        """Returns the process."""
        return self._process.pid


class Worker:
    """Runs a worker."""

    def __init__(self, folder: Path, environment: dict[str, str], spawn: Spawn = fork) -> None:
        self._log, self._said = folder / "worker.log", folder / "worker.out"
        self._environment, self._spawn = environment, spawn
        self._process: Process
        self.start()

    def start(self) -> None:
        """Starts the process and waits until it is ready."""
        self._said.unlink(missing_ok=True)
        self._process = self._spawn("worker", self._environment, self._said, self._log)
        deadline = time.monotonic() + 60
        while not self._said.exists() or "ready" not in self._said.read_text():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """Kills the process."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(20)

    def stop(self) -> int:
        """Terminates the process, and returns its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(20)


class Pair(Served):
    """Runs two processes of one server; `url` names the one and the other in turn."""

    def __init__(self, one: Served, other: Served) -> None:
        self.processes = (one, other)
        self.folder, self.log, self.mailbox = one.folder, one.log, one.mailbox
        self._turn = itertools.cycle(self.processes)

    @property
    def url(self) -> str:
        return next(self._turn).url

    @property
    def socket_url(self) -> str:
        return next(self._turn).socket_url

    def settled(self) -> str:
        return [one.settled() for one in self.processes][-1]


@contextmanager
def working(folder: Path, spawn: Spawn = fork, /, **environment: str) -> Iterator[Worker]:
    """Runs a worker with settings, in a folder, until the block ends."""
    worker = Worker(
        folder, {**os.environ, "DATA_DIR": str(folder), "LOG_LEVEL": "info", "CARDS": "off", **environment}, spawn
    )
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def started(folder: Path, spawn: Spawn = fork, /, **environment: str) -> Iterator[Served]:
    """Runs a server with settings, in a folder, until the block ends."""
    url = environment.get("DATABASE_URL", "")
    if url.startswith("postgresql"):
        migrate.upgrade(url)
    elif not url and spawn is fork:
        migrated.embedded(folder)
    port = free_port()
    own = {"PORT": str(port), "DATA_DIR": str(folder), "LOG_LEVEL": "info", "CARDS": "off"}  # no open internet here
    if environment.get("APP_ENV") != "production":
        own["PASSWORD_MEMORY_KIB"] = "64"  # a hash at full cost takes a tenth of a second for every person
    served = Served(folder, port, {**os.environ, **own, **environment}, spawn)
    try:
        yield served
    finally:
        served.stop()


def ended(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Forks another command with settings, in a folder, and returns its exit status and output once it has ended."""
    own = {**os.environ, "DATA_DIR": str(folder), "PORT": "0", **environment}
    with tempfile.TemporaryDirectory() as name:
        out, err = Path(name, "out"), Path(name, "err")
        child = Child(arguments, own, out=str(out), err=str(err), build=None)
        try:
            status = child.wait(60)
        finally:
            child.send_signal(signal.SIGKILL)
        return subprocess.CompletedProcess(arguments, status, out.read_text(), err.read_text())
