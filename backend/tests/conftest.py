"""Starts a real server on each database, makes people to write with, and checks the contract on every answer."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.catcher import Catcher
from tests.inside import Within, inside
from tests.pooler import Pooler
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.s3 import bucket
from tests.server import Served, started
from tests.site import Site
from tests.world import World

pytest_plugins = ["tests.database"]

MEMORY, ROOM = Path("/dev/shm"), 6 << 30


def pytest_configure() -> None:
    """Spares the tests what costs time and checks nothing.

    Their files are kept in memory where there is room: a disk takes milliseconds for each commit. A request of its own
    (`httpx.get`) loads no certificate authorities: 33 ms, and there is no TLS. `httpx` looks for a missing module at
    each request: it is said to be missing once.
    """
    for name in ("request", "get", "post", "put", "patch", "delete", "stream"):
        setattr(httpx, name, partial(getattr(httpx, name), verify=False))
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option `--long`: faults that last as long as in real operation (`make faults`)."""
    parser.addoption("--long", action="store_true", help="faults of full length: some minutes instead of seconds")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Yields a PostgreSQL for the tests on a free port. No test cuts the power of this one."""
    with Cluster.started(is_synced=False) as running:
        yield running


@pytest.fixture(scope="session")
def pooler(cluster: Cluster) -> Iterator[Pooler]:
    """Yields a PgBouncer in front of the cluster."""
    with Pooler.started(cluster) as running:
        yield running


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Yields a Redis for the tests on a free port."""
    with RedisServer.started(tmp_path_factory.mktemp("redis"), "--databases", str(Site.DATABASES)) as running:
        yield running


@pytest.fixture(scope="session")
def site(
    cluster: Cluster, pooler: Pooler, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yields the components that scaled servers need."""
    with bucket(tmp_path_factory.mktemp("s3")) as s3, Catcher().running() as catcher:
        yield Site(cluster, pooler, redis_server, s3, catcher)


MODES = ["embedded", pytest.param("scaled", marks=pytest.mark.scaled)]


@pytest.fixture(scope="session", params=MODES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yields a server with open registration and without rate limits.

    Embedded: one process on SQLite and disk. Scaled: two processes and a worker on PostgreSQL (the second process
    and the worker through a connection pooler), Redis, S3 and SMTP. All are forked: `tests/programs`, `test_start.py`
    and `test_stack.py` start them as an operator does.
    """
    folder = tmp_path_factory.mktemp("data")
    is_scaled = request.param == "scaled"
    start = request.getfixturevalue("site").two if is_scaled else started
    with start(folder, RATE_LIMITS="off") as served:
        yield served


@pytest.fixture
def world(server: Served) -> World:
    """Returns a maker of people and chats on the server."""
    return World(server)


@pytest.fixture(params=MODES)
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Yields `serve(APP_ENV=…)`, which forks another server with its own settings, in either mode."""
    start = request.getfixturevalue("site").one if request.param == "scaled" else started
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(start(tmp_path, **environment))


@pytest.fixture
def serve_alone(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Yields `serve` in embedded mode only, for tests of a single process."""
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(started(tmp_path, **environment))


@pytest.fixture(params=MODES)
def within(request: pytest.FixtureRequest, tmp_path: Path) -> Within:
    """Returns `inside` for either mode: `async with within(public_url=…) as app`."""
    wiring = request.getfixturevalue("site").inside() if request.param == "scaled" else {}
    return lambda **settings: inside(tmp_path, **(wiring | settings))
