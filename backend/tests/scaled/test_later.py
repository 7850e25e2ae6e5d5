"""Tests letters through two servers, Redis and workers while one of them breaks: each is sent, none twice in vain."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine, text

from messenger.adapters.jobs.celery import TASK, make_app
from tests import migrated
from tests.catcher import Catcher, link_of
from tests.postgres import Cluster
from tests.redis_server import RedisServer
from tests.server import Pair, Worker, started, working
from tests.world import Person, World, client

pytestmark = pytest.mark.timeout(180)


@dataclass
class Site:
    """Runs two servers, a worker, their components, and the mail server for their letters."""

    pair: Pair
    worker: Worker
    redis: RedisServer
    catcher: Catcher
    database: str

    def sql(self, statement: str) -> list[int]:
        """Returns the first column of a statement's rows."""
        engine = create_engine(self.database.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            answer = connection.execute(text(statement))
            rows = [row[0] for row in answer] if answer.returns_rows else []
        engine.dispose()
        return rows

    def done(self) -> None:
        """Waits until no job is left."""
        deadline = time.monotonic() + 40
        while self.sql("SELECT count(*) FROM outbox") != [0]:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Iterator[Site]:
    with ExitStack() as stack:
        server = stack.enter_context(RedisServer.started(tmp_path_factory.mktemp("redis")))
        catcher = stack.enter_context(Catcher().running())
        folder: Path = tmp_path_factory.mktemp("data")
        database = migrated.scaled(cluster)
        shared = {
            "DATABASE_URL": database,
            "BUS_URL": server.url,
            "JOBS_URL": f"celery+{server.url}",
            "MAIL_URL": f"smtp://127.0.0.1:{catcher.port}?starttls=never",
            "MAIL_FROM": "messenger@example.org",
            "RATE_LIMITS": "off",
        }
        one, other = (stack.enter_context(started(folder, **shared)) for _ in range(2))
        worker = stack.enter_context(working(folder, **shared))
        yield Site(Pair(one, other), worker, server, catcher, database)


@pytest.fixture
def site(ground: Site) -> Iterator[Site]:
    yield ground
    ground.catcher.delay, ground.catcher.drops = 0.0, 0
    ground.done()


def _once(site: Site, person: Person, most: int = 1) -> None:
    """Checks that one letter came, perhaps sent again, and that its link works."""
    letters = site.catcher.until(1, person.email, 40)
    assert len(letters) <= most
    assert len({one["Message-ID"] for one in letters}) == 1, "the same letter"
    answer = client(site.pair).post("/api/auth/email/verify", json={"token": link_of(letters[-1])[1]})
    assert answer.status_code == 204


def test_a_letter_comes_through_redis_and_a_worker(site: Site) -> None:
    _once(site, World(site.pair).person("ann"))
    assert site.pair.processes[0].folder.joinpath("mail").exists() is False


def test_the_same_number_delivered_many_times_is_one_letter(site: Site) -> None:
    site.catcher.delay = 0.3
    people = World(site.pair).people(*"abcdef")
    app = make_app(f"celery+{site.redis.url}")
    for n in site.sql("SELECT n FROM outbox") * 5:
        app.send_task(TASK, (n,))
    app.close()
    for person in people:
        _once(site, person)
    site.done()
    for person in people:
        assert len(site.catcher.until(1, person.email)) == 1


def test_a_worker_that_is_killed_in_the_middle(site: Site) -> None:
    site.catcher.delay = 2.0
    begun = site.catcher.begun
    person = World(site.pair).person("ann")
    deadline = time.monotonic() + 20
    while site.catcher.begun == begun:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    site.worker.kill()
    site.catcher.delay = 0.0
    assert len(site.sql("SELECT n FROM outbox")) == 1, "unfinished jobs are not lost"
    site.worker.start()
    # A minute later no worker holds the row any more.
    site.sql("UPDATE outbox SET due_at = due_at - 60000")
    site.done()
    time.sleep(2.2)
    _once(site, person, 2)


def test_a_lost_answer_brings_the_letter_once_more(site: Site) -> None:
    site.catcher.drops = 1
    person = World(site.pair).person("ann")
    site.catcher.until(2, person.email, 30)
    site.done()
    _once(site, person, 2)


def test_a_redis_that_forgets_and_goes_away(site: Site) -> None:
    world = World(site.pair)
    site.worker.kill()
    people = world.people(*"abc")
    with redis.Redis(port=site.redis.port) as there:
        there.flushall()
    people += world.people(*"def")
    site.redis.kill()
    people += world.people(*"ghi")
    site.redis.start()
    people += world.people(*"jkl")
    site.worker.start()
    for person in people:
        _once(site, person)
    site.done()
    assert all(len(site.catcher.until(1, person.email)) == 1 for person in people)


@pytest.mark.parametrize(("has_redis", "takes_s"), [(True, 1.0), (False, 7.0)])
def test_a_worker_stops_when_told_and_leaves_nothing_behind(site: Site, *, has_redis: bool, takes_s: float) -> None:
    """A stopped worker does neither the jobs from Redis nor those that it found itself."""
    if not has_redis:
        site.redis.kill()
    site.catcher.delay = takes_s
    begun = site.catcher.begun
    person = World(site.pair).person("ann")
    deadline = time.monotonic() + 20
    while site.catcher.begun == begun:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert site.worker.stop() == 0
    assert site.sql("SELECT n FROM outbox") == []
    assert len(site.catcher.until(1, person.email)) == 1
    _once(site, person)
    if not has_redis:
        site.redis.start()
    site.worker.start()
