"""Runs PgBouncer in transaction mode in front of a cluster: a client has a session for one transaction only."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports_free import free_port
from tests.postgres import Cluster, await_answer, own_folder

SESSIONS = 3
"""Sessions of the database, for all clients: fewer than a server has connections, so that they really change hands."""
SETTINGS = """
[databases]
* = host=127.0.0.1 port={target} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
server_round_robin = 1
"""


class Pooler:
    """Runs PgBouncer with default settings wherever possible."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.port = free_port()
        settings = folder / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(target=cluster.port, port=self.port, sessions=SESSIONS))
        program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program, "PgBouncer is needed for the tests and pgbouncer was not found; `make test` installs it"
        with (folder / "pgbouncer.log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, str(settings)], stdout=log, stderr=log, user=cluster.prepare(folder), cwd=folder
            )
        await_answer(self.port, self._process, folder / "pgbouncer.log")

    def url(self, direct: str) -> str:
        """Returns the address of a database through the pooler."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{direct.rpartition('/')[2]}"

    def stop(self) -> None:
        """Ends the process at once."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(20)

    @classmethod
    @contextmanager
    def started(cls, cluster: Cluster) -> Iterator["Pooler"]:
        """Runs a pooler until the block ends."""
        with own_folder() as folder:
            running = cls(folder, cluster)
            try:
                yield running
            finally:
                running.stop()
