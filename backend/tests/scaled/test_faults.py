"""Two processes, 50 sends a second, clients on both, and something breaks: nothing acknowledged is lost or doubled."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.postgres import Cluster
from tests.proxy import Proxy
from tests.redis_server import RedisServer
from tests.scaled.load import Load
from tests.server import Pair, started

pytestmark = pytest.mark.timeout(240)


@dataclass
class Site:
    """A server of two processes. The first reaches its database and its Redis through proxies."""

    pair: Pair
    cluster: Cluster
    redis: RedisServer
    to_database: Proxy
    to_redis: Proxy


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        enter = stack.enter_context
        cluster = enter(Cluster.started(tmp_path_factory.mktemp("postgres")))
        redis = enter(RedisServer.started(tmp_path_factory.mktemp("redis")))
        to_database, to_redis = enter(Proxy.opened(cluster.port)), enter(Proxy.opened(redis.port))
        folder = tmp_path_factory.mktemp("data")
        database = cluster.create_database()
        far = {
            "DATABASE_URL": database.replace(str(cluster.port), str(to_database.port)),
            "BUS_URL": f"redis://127.0.0.1:{to_redis.port}",
        }
        near = {"DATABASE_URL": database, "BUS_URL": redis.url}
        one = enter(started(folder, RATE_LIMITS="off", **far))
        other = enter(started(folder, RATE_LIMITS="off", **near))
        yield Site(Pair(one, other), cluster, redis, to_database, to_redis)


def _sends_go_on(load: Load, least: int = 20) -> None:
    """So many more sends are acknowledged."""
    before, deadline = len(load.acked), time.monotonic() + 30
    while len(load.acked) < before + least:
        assert time.monotonic() < deadline, "sends did not resume"
        time.sleep(0.05)


def test_a_killed_server(site: Site) -> None:
    with Load(site.pair) as load:
        _sends_go_on(load)
        site.pair.processes[0].kill()
        _sends_go_on(load, 40)
        site.pair.processes[0].start()
        _sends_go_on(load)
    load.check()


def test_a_killed_redis(site: Site) -> None:
    with Load(site.pair) as load:
        _sends_go_on(load)
        site.redis.kill()
        _sends_go_on(load, 100)
        site.redis.start()
        _sends_go_on(load)
    load.check()


def test_a_database_that_stands_still(site: Site) -> None:
    with Load(site.pair) as load:
        _sends_go_on(load)
        with site.cluster.frozen():
            time.sleep(4)
        _sends_go_on(load)
    load.check()


def test_a_restarted_database(site: Site) -> None:
    with Load(site.pair) as load:
        _sends_go_on(load)
        site.cluster.stop()
        time.sleep(1)
        site.cluster.start()
        _sends_go_on(load)
    load.check()


def test_a_partition_between_a_server_and_redis(site: Site) -> None:
    with Load(site.pair) as load:
        _sends_go_on(load)
        with site.to_redis.stalled():
            _sends_go_on(load, 150)
        with site.to_redis.cut():
            _sends_go_on(load, 50)
        _sends_go_on(load)
    load.check()


def test_a_partition_between_a_server_and_its_database(site: Site) -> None:
    with Load(site.pair) as load:
        _sends_go_on(load)
        with site.to_database.cut():
            time.sleep(2)
        _sends_go_on(load)
    load.check()


def test_live_delivery_returns_by_itself(site: Site) -> None:
    """With Redis away, events of the other process come with the sweep; when it is back, at once."""
    with Load(site.pair, homes=(1,)) as load:
        _sends_go_on(load)
        site.redis.kill()
        time.sleep(9)
        for reader in load.readers:
            late = time.monotonic() - max(reader.arrivals.values())
            assert late < 5.5, "the sweep brings what the bus cannot"
        site.redis.start()
        _sends_go_on(load, 50)
    load.check()
