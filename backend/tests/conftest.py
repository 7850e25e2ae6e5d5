"""A real server on each database, people to write with, and the contract checked on every answer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long`: faults that last as long as in life (`make faults`)."""
    parser.addoption("--long", action="store_true", help="faults of full length: some minutes instead of seconds")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of our own on a free port, gone after the tests."""
    with Cluster.started() as running:
        yield running


@pytest.fixture(scope="session")
def pooler(cluster: Cluster) -> Iterator[Pooler]:
    """A PgBouncer before the cluster, gone after the tests."""
    with Pooler.started(cluster) as running:
        yield running


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of our own on a free port, gone after the tests."""
    with RedisServer.started(tmp_path_factory.mktemp("redis"), "--databases", str(Site.DATABASES)) as running:
        yield running


@pytest.fixture(scope="session")
def site(
    cluster: Cluster, pooler: Pooler, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """What scaled servers stand on."""
    with bucket(tmp_path_factory.mktemp("s3")) as s3, Catcher().running() as catcher:
        yield Site(cluster, pooler, redis_server, s3, catcher)


MODES = ["embedded", pytest.param("scaled", marks=pytest.mark.scaled)]


@pytest.fixture(scope="session", params=MODES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with open registration and without rate limits.

    Embedded: one process on SQLite and disk. Scaled: two and a worker on PostgreSQL (the second and the worker through a
    pooler of its connections), Redis, S3 and SMTP.
    """
    folder = tmp_path_factory.mktemp("data")
    is_scaled = request.param == "scaled"
    start = request.getfixturevalue("site").two if is_scaled else started
    with start(folder, RATE_LIMITS="off") as served:
        yield served


@pytest.fixture
def world(server: Served) -> World:
    """People and chats in one line each."""
    return World(server)


@pytest.fixture(params=MODES)
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """`serve(APP_ENV=…)`: another server with settings of its own, in either mode, stopped after the test."""
    start = request.getfixturevalue("site").one if request.param == "scaled" else started
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(start(tmp_path, **environment))


@pytest.fixture
def serve_alone(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """`serve` for what one process does by itself: embedded."""
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(started(tmp_path, **environment))


@pytest.fixture(params=MODES)
def within(request: pytest.FixtureRequest, tmp_path: Path) -> Within:
    """`async with within(public_url=…) as app`: `inside`, in either mode."""
    wiring = request.getfixturevalue("site").inside() if request.param == "scaled" else {}
    return lambda **settings: inside(tmp_path, **(wiring | settings))
