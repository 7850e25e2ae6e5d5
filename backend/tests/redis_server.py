"""Runs a Redis for the tests on a free port; it can be killed and started again on the same port."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.ports_free import free_port


class RedisServer:
    """Runs a Redis that persists nothing."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder, self._options = folder, options
        self.port = free_port()
        self._process: subprocess.Popen[bytes]
        self.start()

    @property
    def url(self) -> str:
        """Returns its address."""
        return f"redis://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Returns the process."""
        return self._process.pid

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        assert program, "Redis is needed for the tests and redis-server was not found; `make test` installs it"
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", *self._options]
        with (self._folder / "redis.log").open("ab") as out:
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=out, stderr=out)
        deadline = time.monotonic() + 20
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError:
                    assert self._process.poll() is None, (self._folder / "redis.log").read_text()
                    assert time.monotonic() < deadline
                    time.sleep(0.02)
                else:
                    return

    def kill(self) -> None:
        """Kills the process."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ends the process, if it has not ended already."""
        self._process.kill()
        self._process.wait()

    @classmethod
    @contextmanager
    def started(cls, folder: Path, *options: str) -> Iterator["RedisServer"]:
        """Runs a Redis in a folder, until the block ends."""
        running = cls(folder, *options)
        try:
            yield running
        finally:
            running.stop()
