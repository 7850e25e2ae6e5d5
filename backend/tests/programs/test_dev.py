"""Tests `make dev`: both servers start, the code's server restarts after a change, both end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.ports_free import free_port

ROOT = Path(__file__).parents[3]


def _until(holds: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def test_dev_serves_both_and_starts_the_server_anew(tmp_path: Path) -> None:
    port, page = free_port(), free_port()
    env = {**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, str(ROOT / "scripts" / "dev.py"), "--port", str(page), "--host", "127.0.0.1"]
    log = tmp_path / "log"
    with log.open("wb") as file:
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=file, stderr=file)
    try:
        _until(lambda: _answers(f"http://127.0.0.1:{page}/api/healthz"), log)
        os.utime(ROOT / "backend" / "messenger" / "__init__.py")
        _until(lambda: log.read_text().count("web-messenger is ready") == 2, log)
        _until(lambda: _answers(f"http://127.0.0.1:{port}/api/healthz"), log)
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0, log.read_text()
    assert not _answers(f"http://127.0.0.1:{port}/api/healthz")
    assert not _answers(f"http://127.0.0.1:{page}/")
