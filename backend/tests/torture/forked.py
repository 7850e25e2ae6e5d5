"""Runs servers of the test build (`serve.py`): one process that has imported everything forks them all."""

import json
import os
import subprocess
import sys
import threading
import time
from typing import IO, Any

from tests.server import BACKEND, Served


class Mother:
    """Runs the process that forks. It ends with this one."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.torture.serve"]
        self._process = subprocess.Popen(command, cwd=BACKEND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lock = threading.Lock()

    def ask(self, **question: Any) -> Any:
        """Returns its answer."""
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


_mothers: list[Mother] = []


class Child:
    """Controls a forked server, as far as `Served` uses a process."""

    def __init__(self, mother: Mother, environment: dict[str, str], log: str) -> None:
        self._mother = mother
        self.pid: int = mother.ask(environment=environment, log=log)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Returns its exit status, once it has ended."""
        if self._status is None:
            self._status = self._mother.ask(pid=self.pid)
        return self._status

    def wait(self, timeout: float = 30) -> int:
        """Waits for its end."""
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a forked server", timeout)
            time.sleep(0.01)
        return status

    def send_signal(self, number: int) -> None:
        """Sends a signal to a running process."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Forked(Served):
    """Runs a server of the test build."""

    def _spawn(self, log: IO[bytes]) -> Any:
        if not _mothers:
            _mothers.append(Mother())
        return Child(_mothers[0], self._environment, log.name)
