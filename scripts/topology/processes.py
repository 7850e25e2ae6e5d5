"""Processes that go on when whoever started them has left: known by pid and birth, ended only when they are still the same."""

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
"""Time to finish what is running; after it a process is ended."""


@dataclass(frozen=True)
class Running:
    """A process that was started: its number, its birth, and a checksum of what it was started with."""

    pid: int
    born: str
    made_of: str

    @property
    def is_there(self) -> bool:
        """Whether it runs: the same process, not one that got its number after it."""
        return birth(self.pid) == self.born

    def family(self, folder: Path) -> list[int]:
        """Those of its group that run in its folder, also when it has ended itself without ending them."""
        born = birth(self.pid)
        if born not in (None, self.born):
            return []  # the number is another's now, which the system gives away only when the group is empty
        found = []
        for place in Path("/proc").iterdir():
            if place.name.isdecimal() and _group(int(place.name)) == self.pid and birth(int(place.name)):
                with suppress(OSError):
                    if (place / "cwd").readlink().is_relative_to(folder):
                        found.append(int(place.name))
        return found


def birth(pid: int) -> str | None:
    """What no other process with this number ever has: the machine's start and its own; `None` when it is gone."""
    fields = _stat(pid)
    if not fields or fields[0] in "ZX":
        return None
    return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}:{fields[19]}"


def _group(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[2]) if fields else 0


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold spaces."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def start(command: list[str], folder: Path, log: Path, env: dict[str, str], user: str | None = None) -> int:
    """Start a process in a group and session of its own; its number. It writes to `log`."""
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
    """Write down what was started, so that another command finds it."""
    new = path.with_suffix(".new")
    new.write_text(dumps(asdict(running)))
    new.replace(path)


def kept(path: Path) -> Running | None:
    """What was written down, or `None`."""
    try:
        return Running(**loads(path.read_text()))
    except (FileNotFoundError, JSONDecodeError, TypeError):
        return None


def end(running: Running, folder: Path, how: signal.Signals) -> bool:
    """End a process and what is left of its family; whether there was anything to end."""
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
    """Take notice of the end of a child of this very command."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
