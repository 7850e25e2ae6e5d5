"""Tests starts that cannot succeed: one sentence says what is wrong and what to do."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from messenger.assembly import migrate
from messenger.db.engine import open_engine
from messenger.web import client
from tests.inside import inside
from tests.server import BACKEND, ended

PRODUCTION = {"APP_ENV": "production", "PUBLIC_URL": "https://chat.example.org", "SECRET_KEY": "x" * 40}


def _serve(folder: Path, verb: str = "serve", **environment: str) -> str:
    """Returns the sentence with which a server (or a worker) refuses to start."""
    env = {**os.environ, "DATA_DIR": str(folder), "PORT": "0", **environment}
    command = [sys.executable, "-m", "messenger", verb]
    done = subprocess.run(command, cwd=BACKEND, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = _serve(tmp_path, PORT=str(port))
    assert f"Port {port} of 127.0.0.1 cannot be used" in said
    assert "set PORT" in said


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = _serve(tmp_path / "file" / "data")
    assert "cannot be written" in said
    assert "DATA_DIR" in said


def test_a_newer_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/messenger.db"
    migrate.upgrade(url)
    engine = open_engine(url, writes=True, size=1)
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '29991231_future'")
        connection.commit()
    engine.dispose()
    assert "newer version" in _serve(tmp_path)


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "messenger.db").write_bytes(b"no database at all, but long enough to look at" * 100)
    assert "messenger.db" in _serve(tmp_path)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"HOST": "0.0.0.0"}, "APP_ENV=production"),
        ({"APP_ENV": "production"}, "PUBLIC_URL"),
        ({"APP_ENV": "production", "PUBLIC_URL": "https://chat.example.org"}, "SECRET_KEY"),
        ({"APP_ENV": "production", "PUBLIC_URL": "https://chat.example.org", "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"APP_ENV": "production", "PASSWORD_MEMORY_KIB": "64"}, "PASSWORD_MEMORY_KIB"),
        (PRODUCTION | {"PUBLIC_URL": "http://chat.example.org"}, "INSECURE_PUBLIC_URL=yes"),
        ({"TRUSTED_PROXIES": "nginx"}, "TRUSTED_PROXIES"),
        ({"ACCESS_TOKEN_TTL": "soon"}, "ACCESS_TOKEN_TTL cannot be used: write a time as 45s"),
        ({"PORT": "http"}, "PORT"),
        ({"BUS_URL": "kafka://here"}, "BUS_URL"),
        ({"WORKERS": "2"}, "a database and a bus that they can share"),
        ({"WORKERS": "2", "BUS_URL": "redis://127.0.0.1:1"}, "DATABASE_URL=postgresql"),
        ({"WORKERS": "2", "DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "BUS_URL=redis"),
        ({"WORKERS": "0"}, "WORKERS"),
        ({"JOBS_URL": "celery+redis://127.0.0.1:1"}, "JOBS_URL=inproc://"),
        ({"MAIL_URL": "pigeon://here"}, "MAIL_URL"),
        ({"MAIL_URL": "smtp://127.0.0.1:25"}, "MAIL_FROM"),
        ({"MAIL_URL": "smtp://127.0.0.1:25", "MAIL_FROM": "us"}, "MAIL_FROM is no sender"),
        ({"MAIL_URL": "smtp://u:p@mail.example.org?starttls=never", "MAIL_FROM": "us@example.org"}, "in clear"),
        (PRODUCTION | {"REGISTRATION": "open"}, "MAIL_URL=smtp://"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "database"),
    ],
)
def test_settings_that_cannot_work(tmp_path: Path, environment: dict[str, str], words: str) -> None:
    refused = ended(tmp_path, "serve", **environment)
    assert refused.returncode == 1, refused.stderr
    assert "Traceback" not in refused.stderr
    assert words in refused.stderr.strip().splitlines()[-1]


def test_a_worker_without_servers(tmp_path: Path) -> None:
    assert "JOBS_URL=celery+redis" in _serve(tmp_path, "worker")


def test_a_missing_browser_build_is_said_in_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CLIENT", tmp_path / "nowhere")

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            answer = await app.http.get("/", headers={"accept": "text/html"})
            assert answer.status_code == 503
            assert "make run" in answer.text

    asyncio.run(scenario())
