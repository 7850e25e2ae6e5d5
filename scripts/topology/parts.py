"""Lists every part of the deployment, with the names and roles of docker-compose.yml."""

import hashlib
import shutil
import signal
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import redis
from setup import BACKEND, VENV, fail

from topology import database, front
from topology.part import PYTHON, Part
from topology.place import Place

PROBE_S = 3.0


def all_parts(place: Place) -> list[list[Part]]:
    """Returns the parts before the migration of the database, the parts after it, and those that need both."""
    return [
        [_database(place), _redis(place), _files(place), _letters(place)],
        [_server(place, "backend-1"), _server(place, "backend-2"), _worker(place)],
        [_front(place)],
    ]


def ask(url: str) -> None:
    """Sends a request to an address; a refusal is an answer, too. Raises an error when no answer comes."""
    try:
        urlopen(url, timeout=PROBE_S).close()
    except HTTPError as error:
        if error.code >= 500:
            raise


def code() -> str:
    """Returns a checksum of the server's files: a server from before a change is started anew."""
    files = [path for part in ("messenger", "migrations") for path in (BACKEND / part).rglob("*.py")]
    told = "".join(f"{path}{path.stat().st_mtime_ns}" for path in sorted(files))
    return hashlib.sha256(told.encode()).hexdigest()


def _database(place: Place) -> Part:
    home = database.home(place)
    command = [database.program("postgres"), "-D", str(home / "data"), "-p", str(place.ports["db"])]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200"]
    return Part(
        place, "db", command, lambda: database.ask(place), user=database.user(), home=home, how=signal.SIGINT
    )  # fmt: skip


def _redis(place: Place) -> Part:
    port = place.ports["redis"]
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        fail("Redis was not found. `make setup` installs it.")
    command = [found, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def ping() -> None:
        with redis.Redis(port=port, socket_timeout=PROBE_S) as client:
            client.ping()

    return Part(place, "redis", command, ping)


def _files(place: Place) -> Part:
    buckets = place.folder / "files"
    buckets.mkdir(exist_ok=True)
    address = f"127.0.0.1:{place.ports['minio']}"
    key = f'"messenger,{place.secrets["files"]}"'
    env = {"RCLONE_AUTH_KEY": key, "RCLONE_CACHE_DIR": str(place.run("minio"))}
    command = [str(VENV / "bin" / "rclone"), "serve", "s3", "--addr", address, "--config", "/dev/null", str(buckets)]
    return Part(place, "minio", command, lambda: ask(f"http://{address}/"), env=env)


def _letters(place: Place) -> Part:
    script = Path(__file__).with_name("letters.py")
    ports = [str(place.ports[name]) for name in ("smtp", "mailhog")]
    command = [PYTHON, str(script), *ports, str(place.folder / "letters")]
    return Part(place, "mailhog", command, lambda: ask(place.address("mailhog")), stamp=script.read_text())


def _server(place: Place, name: str) -> Part:
    env = {**place.settings(), "PORT": str(place.ports[name]), "PYTHONPATH": str(BACKEND)}
    command = [PYTHON, "-m", "messenger", "serve"]
    return Part(place, name, command, lambda: ask(f"{place.address(name)}/api/readyz"), env=env, stamp=code())


def _worker(place: Place) -> Part:
    """Returns the worker: only its metrics answer, which shows that it runs."""
    env = {**place.settings(), "METRICS_PORT": str(place.ports["celery"]), "PYTHONPATH": str(BACKEND)}
    command = [PYTHON, "-m", "messenger", "worker"]
    return Part(place, "celery", command, lambda: ask(f"{place.address('celery')}/metrics"), env=env, stamp=code())


def _front(place: Place) -> Part:
    home = place.run("frontend")
    text = front.written(place, home)
    command = [str(front.PROGRAM), "-p", str(home), "-e", "/dev/stderr", "-c", str(home / "nginx.conf")]
    command += ["-g", front.beside_the_file()]
    return Part(place, "frontend", command, lambda: ask(f"{place.address('frontend')}/api/readyz"), stamp=text)
