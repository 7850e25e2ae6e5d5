"""A real server on each database, people to write with, and the contract checked on every answer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster
from tests.server import Served, started
from tests.world import World

pytest_plugins = ["tests.database"]

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL of our own on a free port, gone after the tests."""
    with Cluster.started(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'messenger.db'}"
    return str(request.getfixturevalue("cluster").create_database())


@pytest.fixture(scope="session")
def server(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with open registration and without rate limits."""
    with started(tmp_path_factory.mktemp("data"), DATABASE_URL=database_url, RATE_LIMITS="off") as served:
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
