"""Runs a PostgreSQL cluster for the tests: creates it, starts it on a socket of its own, stops it."""

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
    """Returns the path of a program of PostgreSQL, from PATH or from Debian's folder."""
    found = shutil.which(name)
    if found:
        return found
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    assert places, f"PostgreSQL is needed for the tests and {name} was not found; `make test` installs it"
    return str(places[0])


@contextmanager
def own_folder() -> Iterator[Path]:
    """Makes a folder for processes that do not run as root, until the block ends.

    It is outside of pytest's folders: every pytest of this user that starts, in any copy of the project, closes
    their parent to all other users.
    """
    with tempfile.TemporaryDirectory(prefix="web-messenger-") as name:
        yield Path(name)


class Cluster:
    """Controls a running cluster."""

    def __init__(self, folder: Path, *, is_synced: bool = True) -> None:
        self._folder, self._port, self._is_synced = folder, free_port(), is_synced
        self._user = self.prepare(folder)
        self._names = count()
        self._process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """Returns the port where it listens."""
        return self._port

    @property
    def pids(self) -> list[int]:
        """Returns its processes."""
        return [one.pid for one in self._family()]

    def url(self, name: str = "postgres") -> str:
        """Returns the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/{name}"

    def create_database(self, source: str = "") -> str:
        """Creates a database and returns its address: empty, or a copy of an unused one."""
        name = f"test_{next(self._names)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            # Files are copied in a third of the time that their pages take through the log.
            copied = f" TEMPLATE {source.rpartition('/')[2]} STRATEGY FILE_COPY" if source else ""
            connection.execute(f"CREATE DATABASE {name}{copied}")
        return self.url(name)

    def dump(self, url: str, path: Path) -> None:
        """Writes a dump of a database in use."""
        subprocess.run([binary("pg_dump"), "--format=custom", f"--file={path}", url], check=True)

    def load(self, url: str, path: Path) -> None:
        """Replaces a database by a dump."""
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        command = [binary("pg_restore"), "--exit-on-error", "--single-transaction", f"--dbname={url}", str(path)]
        subprocess.run(command, check=True)

    @staticmethod
    def prepare(folder: Path) -> str | None:
        """Gives a folder to the user of PostgreSQL and its tools, which do not run as root. `None`: our own user."""
        return _other_user(folder)

    def start(self) -> None:
        """Starts the cluster and waits until it answers."""
        options = ["-p", str(self._port), "-c", "listen_addresses=127.0.0.1"]
        options += ["-c", f"unix_socket_directories={self._folder}", *([] if self._is_synced else ["-c", "fsync=off"])]
        command = [binary("postgres"), "-D", str(self._folder / "data"), *options]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, cwd=self._folder)
        await_answer(self._port, self._process, self._folder / "log")

    def stop(self) -> None:
        """Stops it without waiting for clients."""
        self._end(signal.SIGINT)

    def _end(self, sent: signal.Signals) -> None:
        self._process.send_signal(sent)
        self._process.wait(30)

    def kill(self) -> None:
        """Kills all its processes."""
        self._process.send_signal(signal.SIGSTOP)  # so that it starts no more of them
        family = self._family()
        _signal(family, signal.SIGKILL)
        self._process.wait(30)
        psutil.wait_procs(family[1:], 30)

    def damage(self, url: str, table: str) -> None:
        """Flips a bit in the first page of a table, as a disk could. The cluster is stopped meanwhile."""
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
        """Suspends all its processes until the block ends."""
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
    def started(cls, *, has_sums: bool = True, is_synced: bool = True) -> Iterator["Cluster"]:
        """Creates a cluster, starts it, and throws it away when the block ends.

        has_sums: it keeps page checksums. is_synced: it survives a power cut, which costs each commit a wait.
        """
        made = [binary("initdb"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        made += ["--data-checksums"] if has_sums else []
        with cls._made(made, is_synced=is_synced) as cluster:
            yield cluster

    @contextmanager
    def replica(self) -> Iterator["Cluster"]:
        """Runs a streaming replica of this cluster, until the block ends."""
        source = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        with self._made([binary("pg_basebackup"), *source, "-R", "-X", "stream", "-c", "fast"]) as copy:
            yield copy

    @classmethod
    @contextmanager
    def _made(cls, command: list[str], *, is_synced: bool = True) -> Iterator["Cluster"]:
        """Runs the cluster whose data folder a command makes, until the block ends."""
        with own_folder() as folder:
            cluster = cls(folder, is_synced=is_synced)
            command = [*command, "-D", str(folder / "data")]
            subprocess.run(command, check=True, capture_output=True, user=cluster._user, cwd=folder)
            cluster.start()
            try:
                yield cluster
            finally:
                cluster._end(signal.SIGQUIT)  # without the checkpoint of all databases, which are thrown away


def _signal(family: list[psutil.Process], sent: signal.Signals) -> None:
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(sent)


def _other_user(folder: Path) -> str | None:
    """Returns the user for PostgreSQL, which refuses to run as root: then the system's user postgres."""
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
    """Waits until a PostgreSQL, or a pooler in front of it, answers."""
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
