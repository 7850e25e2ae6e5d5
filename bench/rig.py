"""What all measurements share: the real server on an empty embedded database, people, groups, CPU time."""

import multiprocessing
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from tests.server import Served, started
from tests.world import Person, World

__all__ = ["Person", "Served", "World", "cpu", "helper", "served"]

SOCKETS_EACH = 100


@contextmanager
def served() -> Iterator[Served]:
    """A server without rate limits, until the block ends; its folder is thrown away."""
    with (
        tempfile.TemporaryDirectory() as folder,
        started(
            Path(folder),
            RATE_LIMITS="off",
            LOG_LEVEL="warning",
            MAX_SOCKETS_PER_USER=str(SOCKETS_EACH),
            MAX_CONNECTIONS_PER_ADDRESS="100000",
        ) as server,
    ):
        yield server


def cpu(pid: int) -> float:
    """User and system seconds of a process so far."""
    return sum(psutil.Process(pid).cpu_times()[:2])


@contextmanager
def helper(work, *arguments):  # type: ignore[no-untyped-def]
    """A process that runs `work(pipe, *arguments)`; yields it and our end of the pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    try:
        yield process, ours
    finally:
        process.terminate()
        process.join()
