"""Breaks a part of two processes and a worker at 50 sends a second: no message is lost or doubled.

The faults are short here; `make faults` runs them at full length.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

import psycopg
import pytest
import redis

from tests.catcher import Catcher
from tests.postgres import Cluster
from tests.proxy import Proxy
from tests.redis_server import RedisServer
from tests.scaled.load import Load
from tests.server import Pair, Worker, started, working
from tests.world import World

pytestmark = pytest.mark.timeout(400)

LATE_S = 5.5
"""The longest delay of events that the sweep delivers: 5 s, and room for a busy machine."""


@dataclass
class Site:
    """Runs a server of two processes. The first reaches its database and its Redis through proxies."""

    pair: Pair
    worker: Worker
    cluster: Cluster
    redis: RedisServer
    to_database: Proxy
    to_redis: Proxy
    catcher: Catcher
    database: str

    def outbox(self, statement: str) -> int:
        """Returns the first number of a statement's answer, or the number of rows it changed."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            done = connection.execute(statement)
            row = done.fetchone() if done.description else None
            return row[0] if row else done.rowcount


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        enter = stack.enter_context
        cluster = enter(Cluster.started())
        server = enter(RedisServer.started(tmp_path_factory.mktemp("redis")))
        catcher = enter(Catcher().running())
        to_database, to_redis = enter(Proxy.opened(cluster.port)), enter(Proxy.opened(server.port))
        folder = tmp_path_factory.mktemp("data")
        database = cluster.create_database()
        shared = {
            "MAIL_URL": f"smtp://127.0.0.1:{catcher.port}?starttls=never",
            "MAIL_FROM": "messenger@example.org",
            "RATE_LIMITS": "off",
        }
        near = shared | _addresses(database, server.url)
        far = shared | _addresses(
            database.replace(str(cluster.port), str(to_database.port)), f"redis://127.0.0.1:{to_redis.port}"
        )
        one, other = enter(started(folder, **far)), enter(started(folder, **near))
        worker = enter(working(folder, **near))
        yield Site(Pair(one, other), worker, cluster, server, to_database, to_redis, catcher, database)


def _addresses(database: str, redis_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database, "BUS_URL": redis_url, "LIMITS_URL": redis_url, "JOBS_URL": f"celery+{redis_url}"}


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Returns whether the faults last as long as in real operation."""
    return bool(request.config.getoption("--long"))


def test_a_killed_server(site: Site, long: bool) -> None:
    with Load(site.pair) as load:
        load.go_on()
        for process in site.pair.processes * (5 if long else 1):
            process.kill()
            load.go_on(40)
            process.start()
            load.go_on()
    load.check()


def test_a_killed_worker(site: Site, long: bool) -> None:
    with Load(site.pair) as load:
        load.go_on()
        world = World(site.pair)
        early = world.people("early", "too")
        site.worker.kill()
        late = world.people("late", "too")
        load.go_on()
        site.worker.start()
        if not long:  # the rows of the dead process are free again after a minute
            site.outbox("UPDATE outbox SET due_at = due_at - 60000")
        for person in (*early, *late):
            letters = site.catcher.until(1, person.email, 100)
            assert len({one["Message-ID"] for one in letters}) == 1
        load.go_on()
        assert load.refusals == 0, "senders notice nothing"
    load.check()


def test_a_killed_redis(site: Site) -> None:
    with Load(site.pair) as load:
        load.go_on()
        site.redis.kill()
        load.go_on(100)
        site.redis.start()
        load.go_on()
        assert load.refusals == 0
    load.check()


def test_a_redis_that_forgets_everything(site: Site, long: bool) -> None:
    with Load(site.pair) as load, redis.Redis(port=site.redis.port) as there:
        load.go_on()
        for _ in range(20 if long else 5):
            there.flushall()
            load.go_on(10)
        began = time.monotonic()
        load.go_on(100)
        assert load.refusals == 0
        assert median(load.lateness(began, time.monotonic() - 1)) < 0.5, "and live delivery never ended"
    load.check()


def test_live_delivery_returns_by_itself(site: Site, long: bool) -> None:
    """While Redis is away, events of the other process come with the sweep; when it is back, at once."""
    with Load(site.pair, homes=(1,)) as load:
        load.go_on()
        site.redis.kill()
        away = time.monotonic()
        time.sleep(60 if long else 9)
        late = load.lateness(away + 1, time.monotonic() - LATE_S)
        assert max(late) < LATE_S, "the sweep delivers the events that the bus lost"
        assert max(late) > 1, "and it was the sweep"
        site.redis.start()
        time.sleep(3)
        back = time.monotonic()
        load.go_on(100)
        assert median(load.lateness(back, time.monotonic() - 1)) < 0.5
        assert load.refusals == 0
    load.check()


def test_a_partition_between_a_server_and_redis(site: Site, long: bool) -> None:
    with Load(site.pair) as load:
        load.go_on()
        with site.to_redis.stalled():
            load.go_on(1500 if long else 150)
        with site.to_redis.cut():
            load.go_on(500 if long else 50)
        load.go_on()
        assert load.refusals == 0
    load.check()


def test_a_stalled_database(site: Site, long: bool) -> None:
    with Load(site.pair) as load:
        load.go_on()
        with site.cluster.frozen():
            time.sleep(20 if long else 4)
        load.go_on()
    load.check()


def test_a_restarted_database(site: Site, long: bool) -> None:
    with Load(site.pair) as load:
        load.go_on()
        for seconds in (1, 20) if long else (1,):
            site.cluster.stop()
            time.sleep(seconds)
            site.cluster.start()
            load.go_on()
    load.check()


def test_a_killed_database(site: Site, long: bool) -> None:
    """After a power cut PostgreSQL recovers from its log."""
    with Load(site.pair) as load:
        for _ in range(5 if long else 1):
            load.go_on()
            site.cluster.kill()
            site.cluster.start()
        load.go_on()
    load.check()


@pytest.mark.parametrize("way", ["cut", "stalled"])
def test_a_partition_between_a_server_and_its_database(site: Site, way: str, long: bool) -> None:
    with Load(site.pair) as load:
        load.go_on()
        with getattr(site.to_database, way)():
            load.go_on(60)  # on the other process
            time.sleep(25 if long else 1)
        load.go_on()
    load.check()
