"""Holds the place of a deployment without containers: its folder, ports and secrets, and settings of its messenger."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

PORTS = ("frontend", "mailhog", "smtp", "backend-1", "backend-2", "celery", "db", "redis", "minio")
DATABASE = "messenger"
BUCKET = "messenger"


def free_ports(wanted: list[int]) -> list[int]:
    """Returns free ports: the wanted ones, or any in the place of one that is 0 or taken."""
    with ExitStack() as probes:
        found = []
        for port in wanted:
            try:
                probe = socket.create_server(("127.0.0.1", port))
            except OSError:
                probe = socket.create_server(("127.0.0.1", 0))
            found.append(int(probes.enter_context(probe).getsockname()[1]))
        return found


@dataclass
class Place:
    """Holds a folder with everything of one deployment, and the choices of its creation.

    `ports`: where each part listens; `secrets`: made once; `own`: settings chosen by the person who made it.
    """

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path) -> "Place":
        """Returns the deployment of a folder, a new one when there is none."""
        folder = folder.resolve()
        for part in (folder, folder / "logs", folder / "run"):
            part.mkdir(parents=True, exist_ok=True)
        place = cls(folder)
        if place._file.exists():
            place = cls(folder, **json.loads(place._file.read_text()))
            # A place from an older version has no port of a newer part.
            missing = [name for name in PORTS if name not in place.ports]
            place.ports |= dict(zip(missing, free_ports([0] * len(missing)), strict=True))
        for name in ("session", "database", "files"):
            place.secrets.setdefault(name, secrets.token_hex(32))
        return place

    @property
    def _file(self) -> Path:
        return self.folder / "place.json"

    def keep(self) -> None:
        """Writes the choices down; they contain secrets."""
        kept = {name: value for name, value in asdict(self).items() if name != "folder"}
        new = self._file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(kept, indent=2))
        new.replace(self._file)

    def choose_ports(self) -> None:
        """Chooses a free port for each part; an earlier choice stays while no other program has taken it."""
        self.ports = dict(zip(PORTS, free_ports([self.ports.get(name, 0) for name in PORTS]), strict=True))

    def log(self, name: str) -> Path:
        """Returns the log file of a part."""
        return self.folder / "logs" / f"{name}.log"

    def run(self, name: str) -> Path:
        """Returns the folder in which a part runs, or its record."""
        return self.folder / "run" / name

    def address(self, name: str, scheme: str = "http") -> str:
        """Returns the address of a part."""
        return f"{scheme}://127.0.0.1:{self.ports[name]}"

    def database(self, name: str = DATABASE) -> str:
        """Returns the address of a database."""
        return f"postgresql://{DATABASE}:{self.secrets['database']}@127.0.0.1:{self.ports['db']}/{name}"

    def settings(self) -> dict[str, str]:
        """Returns the environment of servers, worker and migration alike; see docs/configuration.md."""
        redis = f"{self.address('redis', 'redis')}/0"
        files = f"messenger:{self.secrets['files']}@127.0.0.1:{self.ports['minio']}/{BUCKET}"
        return {
            "APP_ENV": "production",
            "PUBLIC_URL": self.address("frontend"),
            "INSECURE_PUBLIC_URL": "no",
            "PUBLIC_DOCS": "no",
            "SECRET_KEY": self.secrets["session"],
            "DATA_DIR": str(self.run("data")),
            "DATABASE_URL": self.database(),
            "BUS_URL": redis,
            "LIMITS_URL": redis,
            "JOBS_URL": f"celery+{redis}",
            "STORAGE_URL": f"s3://{files}?tls=off",
            "MAIL_URL": f"{self.address('smtp', 'smtp')}?starttls=never",
            "MAIL_FROM": "web-messenger <messenger@localhost>",
            "TRUSTED_PROXIES": "127.0.0.1",
            **self.own,
        }

    def environment(self, **more: str) -> dict[str, str]:
        """Returns the environment of a process of this deployment."""
        return {**os.environ, **self.settings(), **more}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Runs one command at a time: another one waits."""
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
