"""A PostgreSQL cluster for the tests: made, started on a socket of its own, stopped."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
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


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder for what does not run as root, until the block ends.

    Not one of pytest: every pytest of this user that starts, in any copy of the project, closes their parent to all others.
    """
    with tempfile.TemporaryDirectory(prefix="web-messenger-") as name:
        yield Path(name)


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

    def create_database(self, source: str = "") -> str:
        """The address of a new database: empty, or a copy of one whose address is given and that is not in use."""
        name = f"test_{next(self._names)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            copied = f" TEMPLATE {source.rpartition('/')[2]}" if source else ""
            connection.execute(f"CREATE DATABASE {name}{copied}")
        return self.url(name)

    def dump(self, url: str, path: Path) -> None:
        """Write a dump of a database while it is used."""
        subprocess.run([binary("pg_dump"), "--format=custom", f"--file={path}", url], check=True)

    def load(self, url: str, path: Path) -> None:
        """Put a dump in the place of a database."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        command = [binary("pg_restore"), "--exit-on-error", "--single-transaction", f"--dbname={url}", str(path)]
        subprocess.run(command, check=True)

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

    def damage(self, url: str, table: str) -> None:
        """Flip a bit in the first page of a table, as a disk would. The cluster is stopped for that."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            (place,) = connection.execute("SELECT pg_relation_filepath(%s)", [table]).fetchone()  # type: ignore[misc]
        self.stop()
        with (self._folder / "data" / place).open("r+b") as file:
            file.seek(8000)
            (was,) = file.read(1)
            file.seek(8000)
            file.write(bytes([was ^ 1]))
        self.start()

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
    def started(cls, *, has_sums: bool = True) -> Iterator["Cluster"]:
        """Make a cluster, with checksums of its pages or without, start it, stop it."""
        made = [binary("initdb"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        with cls._made([*made, *(["--data-checksums"] if has_sums else [])]) as cluster:
            yield cluster

    @contextmanager
    def replica(self) -> Iterator["Cluster"]:
        """A streaming replica of this cluster, until the block ends."""
        source = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        with self._made([binary("pg_basebackup"), *source, "-R", "-X", "stream", "-c", "fast"]) as copy:
            yield copy

    @classmethod
    @contextmanager
    def _made(cls, command: list[str]) -> Iterator["Cluster"]:
        """The cluster whose data folder a command makes, running until the block ends."""
        with own_folder() as folder:
            cluster = cls(folder)
            command = [*command, "-D", str(folder / "data")]
            subprocess.run(command, check=True, capture_output=True, user=cluster._user, cwd=folder)
            cluster.start()
            try:
                yield cluster
            finally:
                cluster.stop()


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
