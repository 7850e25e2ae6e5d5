"""A PostgreSQL cluster for the tests: made, started on a socket of its own, stopped."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

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

    def __init__(self, port: int) -> None:
        self._port = port
        self._names = count()

    def url(self, name: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/{name}"

    def create_database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(self._names)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return self.url(name)

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator["Cluster"]:
        """Make a cluster in a folder, start it, stop it."""
        user = _other_user(folder)
        data, port = folder / "data", free_port()
        made = [binary("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(made, check=True, capture_output=True, user=user, cwd=folder)
        options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
        log = (folder / "log").open("wb")
        server = subprocess.Popen(
            [binary("postgres"), "-D", str(data), *options], stdout=log, stderr=log, user=user, cwd=folder
        )
        try:
            _await(port)
            yield cls(port)
        finally:
            server.send_signal(signal.SIGINT)  # fast: it does not wait for clients
            server.wait(30)


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


def _await(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
