"""A PostgreSQL cluster for the tests: made, started on a socket of its own, stopped."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psutil
import psycopg

from tests.ports_free import free_port


def binary(name: str) -> str:
    """A program of PostgreSQL, on the path or where Debian keeps it."""
    found = shutil.which(name)
    if found:
        return found
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    assert places, f"PostgreSQL is needed for the tests and {name} was not found; `make test` installs it"
    return str(places[0])


class Cluster:
    """A running cluster."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self._user = self.prepare(folder)
        self._names = count()
        self._process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def pids(self) -> list[int]:
        """Its processes."""
        return [one.pid for one in self._family()]

    def url(self, name: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/{name}"

    def create_database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(self._names)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return self.url(name)

    @staticmethod
    def prepare(folder: Path) -> str | None:
        """Hand a folder to the user as whom PostgreSQL and its tools run: not as root. `None`: as we do."""
        return _other_user(folder)

    def start(self) -> None:
        """Start the cluster and wait until it answers."""
        options = ["-p", str(self._port), "-c", "listen_addresses=127.0.0.1"]
        options += ["-c", f"unix_socket_directories={self._folder}"]
        command = [binary("postgres"), "-D", str(self._folder / "data"), *options]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, cwd=self._folder)
        await_answer(self._port, self._process, self._folder / "log")

    def stop(self) -> None:
        """Stop it without waiting for clients."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)

    def kill(self) -> None:
        """End all its processes without a word."""
        self._process.send_signal(signal.SIGSTOP)  # so that it begins no more of them
        family = self._family()
        _signal(family, signal.SIGKILL)
        self._process.wait(30)
        psutil.wait_procs(family[1:], 30)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes stand still until the block ends."""
        family = self._family()
        _signal(family, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(family, signal.SIGCONT)

    def _family(self) -> list[psutil.Process]:
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator["Cluster"]:
        """Make a cluster in a folder, start it, stop it."""
        cluster = cls(folder)
        made = [binary("initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
        made += ["-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(made, check=True, capture_output=True, user=cluster._user, cwd=folder)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()

    @contextmanager
    def replica(self, folder: Path) -> Iterator["Cluster"]:
        """A streaming replica of this cluster, until the block ends."""
        copy = Cluster(folder)
        source = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        command = [binary("pg_basebackup"), *source, "-D", str(folder / "data"), "-R", "-X", "stream", "-c", "fast"]
        subprocess.run(command, check=True, capture_output=True, user=copy._user, cwd=folder)
        copy.start()
        try:
            yield copy
        finally:
            copy.stop()


def _signal(family: list[psutil.Process], sent: signal.Signals) -> None:
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(sent)


def _other_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; then it runs as the system's postgres user."""
    if os.getuid() != 0:
        return None
    user = "postgres"
    pwd.getpwnam(user)
    shutil.chown(folder, user)
    for parent in folder.parents:
        if parent.is_dir() and parent.stat().st_uid == 0 and str(parent) not in ("/", "/tmp"):
            parent.chmod(parent.stat().st_mode | 0o011)
    return user


def await_answer(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a PostgreSQL, or what stands before it, answers."""
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()[-2000:]
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
