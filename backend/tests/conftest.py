"""A real server on each database, people to write with, and the contract checked on every answer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pooler import Pooler
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.s3 import bucket
from tests.server import Served, scaled, started
from tests.world import World

pytest_plugins = ["tests.database"]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of our own on a free port, gone after the tests."""
    with Cluster.started(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="session")
def pooler(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooler]:
    """A PgBouncer before the cluster, gone after the tests."""
    with Pooler.started(tmp_path_factory.mktemp("pooler"), cluster) as running:
        yield running


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of our own on a free port, gone after the tests."""
    with RedisServer.started(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(scope="session", params=["embedded", "scaled"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with open registration and without rate limits.

    Embedded: one process on SQLite and disk. Scaled: two on PostgreSQL, Redis and S3, one of them
    through a pooler of PostgreSQL's connections.
    """
    folder = tmp_path_factory.mktemp("data")
    if request.param == "embedded":
        with started(folder, RATE_LIMITS="off") as served:
            yield served
        return
    database = request.getfixturevalue("cluster").create_database()
    pooled = request.getfixturevalue("pooler").url(database)
    redis = request.getfixturevalue("redis_server").url
    with (
        bucket(tmp_path_factory.mktemp("s3")) as s3,
        scaled(folder, database, redis, pooled, STORAGE_URL=s3.setting, RATE_LIMITS="off") as served,
    ):
        yield served


@pytest.fixture
def world(server: Served) -> World:
    """People and chats in one line each."""
    return World(server)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """`serve(APP_ENV=…)`: another server with settings of its own, on SQLite, stopped after the test."""
    opened = []

    def start(**environment: str) -> Served:
        context = started(tmp_path, **environment)
        opened.append(context)
        return context.__enter__()

    yield start
    for context in reversed(opened):
        context.__exit__(None, None, None)
