"""Forks servers and workers from one process that has imported everything (`mother.py`): a start costs a fraction."""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from tests.server import BACKEND, Served, Worker, started


class Mother:
    """Runs the process that forks. It ends with this one."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.mother"]
        self._process = subprocess.Popen(command, cwd=BACKEND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lock = threading.Lock()
        atexit.register(self._end)

    def ask(self, **question: Any) -> Any:
        """Returns its answer to one line of JSON."""
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.communicate()


mother = cache(Mother)


class Child:
    """Controls a forked process, as far as `Served` and `Worker` need it."""

    def __init__(self, **question: Any) -> None:
        self.pid: int = mother().ask(**question)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Returns its exit status, once it has ended."""
        if self._status is None:
            self._status = mother().ask(pid=self.pid)
        return self._status

    def wait(self, timeout: float = 30) -> int:
        """Waits for its end and returns its exit status."""
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a forked process", timeout)
            time.sleep(0.01)
        return status

    def send_signal(self, number: int) -> None:
        """Sends a signal to a process that lives."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Forked(Served):
    """Forks a server. `BUILD` names the function that prepares its process, as `module:name`."""

    BUILD: ClassVar[str | None] = None

    def _spawn(self, command: str, out: Path, err: Path) -> Child:
        return Child(command=command, environment=self._environment, out=str(out), err=str(err), build=self.BUILD)


class ForkedWorker(Worker):
    """Forks a worker."""

    def _spawn(self, command: str, out: Path, err: Path) -> Child:
        return Child(command=command, environment=self._environment, out=str(out), err=str(err), build=None)


def forked(folder: Path, **environment: str) -> AbstractContextManager[Served]:
    """Forks a server with settings, in a folder, until the block ends."""
    return started(folder, Forked, **environment)
