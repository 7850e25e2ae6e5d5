"""Controls a part of the deployment: a process, its command and environment, and the probe that shows that it works."""

import hashlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setup import VENV

from topology import processes
from topology.place import Place
from topology.processes import Running

PYTHON = str(VENV / "bin" / "python")
GONE, OLD = "does not run", "runs with settings or code of before"
"""Complaints that waiting does not mend."""


@dataclass(frozen=True)
class Part:
    """Describes a process of the deployment.

    `probe` raises while it does not work; `env`: its own variables; `stamp`: when it changes, the process must be
    started anew; `how`: the signal that terminates it.
    """

    place: Place
    name: str
    command: Sequence[str]
    probe: Callable[[], object]
    env: dict[str, str] = field(default_factory=dict)
    stamp: str = ""
    user: str | None = None
    home: Path | None = None
    how: signal.Signals = signal.SIGTERM

    @property
    def folder(self) -> Path:
        """Returns the folder in which it runs."""
        return self.home or self.place.run(self.name)

    @property
    def log(self) -> Path:
        """Returns its log file."""
        return self.place.log(self.name)

    @property
    def made_of(self) -> str:
        """Returns a checksum of its command and environment."""
        env = [f"{name}={value}" for name, value in sorted(self.env.items())]
        return hashlib.sha256("\0".join([self.stamp, *self.command, *env]).encode()).hexdigest()[:16]

    @property
    def running(self) -> Running | None:
        """Returns the process, if it runs."""
        kept = processes.kept(self._record)
        return kept if kept and kept.is_there else None

    @property
    def _record(self) -> Path:
        return self.place.run(f"{self.name}.pid")

    def complaint(self) -> str:
        """Returns why it does not work, in a few words; nothing when it does."""
        running = self.running
        if running is None:
            return GONE
        if running.made_of != self.made_of:
            return OLD
        try:
            self.probe()
        except Exception as error:
            return f"does not answer ({(str(error) or type(error).__name__).strip().splitlines()[0]})"
        return ""

    def start(self) -> None:
        """Starts the process; ends a process that an earlier start left running first."""
        self.end()
        self.folder.mkdir(parents=True, exist_ok=True)
        env = self.place.environment(**self.env)
        pid = processes.start(list(self.command), self.folder, self.log, env, self.user)
        processes.keep(self._record, Running(pid, processes.birth(pid) or "", self.made_of))

    def end(self, how: signal.Signals | None = None) -> bool:
        """Ends the process and its family; returns whether one ran."""
        kept = processes.kept(self._record)
        ended = kept is not None and processes.end(kept, self.folder, how or self.how)
        self._record.unlink(missing_ok=True)
        return ended
