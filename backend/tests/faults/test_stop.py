"""Tests that a process ends in time when it must stop, even if it waits for something."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from messenger.adapters.jobs import inproc
from messenger.assembly import migrate
from tests.ports_free import free_port
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import BACKEND

HASTY = """
from messenger import __main__
from messenger.process import {module}
{module}.STOP_S = 2
__main__.main(["{command}"])
"""


@contextmanager
def hasty(module: str, command: str, folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Starts a process that has less time to stop than usual."""
    own = {"PORT": str(free_port()), "DATA_DIR": str(folder), **environment}
    program = [sys.executable, "-c", HASTY.format(module=module, command=command)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(program, cwd=BACKEND, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=log)
    try:
        assert process.stdout is not None
        assert b"ready" in process.stdout.readline(), (folder / "log").read_text()
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.parametrize(("module", "command"), [("serve", "serve"), ("work", "worker")])
def test_a_database_that_hangs_does_not_hold_up_a_stop(
    module: str, command: str, redis_server: RedisServer, tmp_path: Path
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with Cluster.started() as cluster:
        database = cluster.create_database()
        migrate.upgrade(database)
        jobs = "inproc://" if command == "serve" else f"celery+{redis_server.url}"
        shared = {"DATABASE_URL": database, "BUS_URL": redis_server.url, "JOBS_URL": jobs}
        with hasty(module, command, folder, **shared) as process:
            with cluster.frozen():
                time.sleep(inproc.SWEEP_S + 0.5)  # by then it looks for background jobs, and waits for the database
                process.send_signal(signal.SIGTERM)
                assert process.wait(20) == 1
            # A write or a read, whichever came first: both wait in the driver of the database.
            assert "psycopg/" in (folder / "log").read_text(), "the log names the driver it waited for"
