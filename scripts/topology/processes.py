"""Starts and ends processes that outlive the command that started them.

A process is known by its pid and its birth, and ended only when both still fit.
"""

import os
import pwd
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from json import JSONDecodeError, dumps, loads
from pathlib import Path

STOP_S = 20.0
"""The time to finish running work; after it a process is killed."""


@dataclass(frozen=True)
class Running:
    """Names a started process: its number, its birth, and a checksum of its command."""

    pid: int
    born: str
    made_of: str

    @property
    def is_there(self) -> bool:
        """Returns whether it runs: the same process, not a later one with its number."""
        return birth(self.pid) == self.born

    def family(self, folder: Path) -> list[int]:
        """Returns the processes of its group that run in its folder, even when it has ended without ending them."""
        born = birth(self.pid)
        if born not in (None, self.born):
            return []  # the number is another process's now, and the system reuses it only when the group is empty
        found = []
        for place in Path("/proc").iterdir():
            if place.name.isdecimal() and _group(int(place.name)) == self.pid and birth(int(place.name)):
                with suppress(OSError):
                    if (place / "cwd").readlink().is_relative_to(folder):
                        found.append(int(place.name))
        return found


def birth(pid: int) -> str | None:
    """Returns the machine's start and the process' own, which no other process with this number has; `None`: gone."""
    fields = _stat(pid)
    if not fields or fields[0] in "ZX":
        return None
    return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}:{fields[19]}"


def _group(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[2]) if fields else 0


def _stat(pid: int) -> list[str]:
    """Returns the fields of /proc/PID/stat after the name, which may contain spaces."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def start(command: list[str], folder: Path, log: Path, env: dict[str, str], user: str | None = None) -> int:
    """Starts a process in a group and session of its own, with output to `log`; returns its number."""
    own = pwd.getpwnam(user) if user else None
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            user=own.pw_uid if own else None,
            group=own.pw_gid if own else None,
            extra_groups=[] if own else None,
        ).pid


def keep(path: Path, running: Running) -> None:
    """Writes down a started process, so that another command finds it."""
    new = path.with_suffix(".new")
    new.write_text(dumps(asdict(running)))
    new.replace(path)


def kept(path: Path) -> Running | None:
    """Returns the noted process, or `None`."""
    try:
        return Running(**loads(path.read_text()))
    except (FileNotFoundError, JSONDecodeError, TypeError):
        return None


def end(running: Running, folder: Path, how: signal.Signals) -> bool:
    """Ends a process and the rest of its family; returns whether one ran."""
    family = running.family(folder)
    if running.is_there:
        _send(running.pid, how)
    elif family:
        _send_all(family, how)
    deadline = time.monotonic() + STOP_S
    while running.is_there or running.family(folder):
        if time.monotonic() > deadline:
            _send_all(running.family(folder), signal.SIGKILL)
        _reap(running.pid)
        time.sleep(0.05)
    return bool(family)


def _send_all(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        _send(pid, how)


def _send(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def _reap(pid: int) -> None:
    """Reaps a child of this very command that ended."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
