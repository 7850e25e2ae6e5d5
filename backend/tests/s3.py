"""Runs a real S3 server on a free port: rclone's, from its package."""

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.ports_free import free_port

RCLONE = Path(sys.executable).with_name("rclone")


class Bucket:
    """Runs the server, with the setting for one bucket, which does not exist yet."""

    def __init__(self, folder: Path, port: int, secret: str) -> None:
        self.folder, self._port, self._secret = folder, port, secret
        self._process: subprocess.Popen[bytes]
        self.start()

    @property
    def setting(self) -> str:
        """Returns `STORAGE_URL`."""
        return f"s3://messenger:{self._secret}@127.0.0.1:{self._port}/files?tls=off"

    @property
    def origin(self) -> str:
        """Returns its address for browsers."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        command = ["serve", "s3", "--addr", f"127.0.0.1:{self._port}", "--config", "/dev/null"]
        key = f"messenger,{self._secret}"
        with (self.folder.parent / "s3.log").open("ab") as log:
            self._process = subprocess.Popen([RCLONE, *command, "--auth-key", key, self.folder], stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{self._port}/")
            except httpx.TransportError:
                assert self._process.poll() is None, (self.folder.parent / "s3.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait(10)


@contextmanager
def bucket(folder: Path) -> Iterator[Bucket]:
    """Runs an S3 server over an empty folder, until the block ends."""
    (folder / "buckets").mkdir()
    running = Bucket(folder / "buckets", free_port(), secrets.token_hex(16))
    try:
        yield running
    finally:
        running.stop()
