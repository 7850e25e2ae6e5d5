"""Forks commands from one process that has imported everything (`mother.py`): a start costs a fraction of the time."""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any


class Mother:
    """Runs the process that forks. It ends with this one."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.mother"]
        folder = Path(__file__).parents[1]
        self._process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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
    """Controls a forked process, as far as the tests need `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], **more: str | None) -> None:
        self.pid: int = mother().ask(arguments=[*arguments], environment={**environment}, **more)
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


def fork(command: str, environment: dict[str, str], out: Path, err: Path, build: str | None = None) -> Child:
    """Forks a command, with output to two files. `build` names the function that prepares it, as `module:name`."""
    return Child([command], environment, out=str(out), err=str(err), build=build)
