"""Tests a real replica: it is read only where it is recent enough, and not needed when it is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from messenger.assembly import migrate
from messenger.db import journal, replica
from messenger.db.database import Database
from messenger.db.tx import Hooks, Tx
from messenger.kernel import events
from messenger.kernel.errors import NotFound
from messenger.kernel.events import Event, Topic
from tests.postgres import Cluster
from tests.proxy import Proxy
from tests.server import started
from tests.world import World

NOTED = Event("noted", dict, ("chat",))
CHAT = events.chat(1)


@pytest.fixture(scope="module")
def primary() -> Iterator[Cluster]:
    """Yields a cluster for this test alone."""
    with Cluster.started() as running:
        yield running


@pytest.fixture(scope="module")
def copy(primary: Cluster) -> Iterator[Cluster]:
    """Yields its replica."""
    with primary.replica() as running:
        yield running


def known(tx: Tx) -> dict[Topic, int]:
    """Returns the last change of the chat."""
    return journal.heads(tx, [CHAT])


def look(tx: Tx) -> tuple[bool, int]:
    """Returns whether the replica answers, and the last change of the chat there."""
    row = tx.first("SELECT pg_is_in_recovery()")
    assert row is not None
    return row[0], known(tx)[CHAT]


def tell(tx: Tx) -> None:
    """Writes one more change."""
    tx.emit(NOTED, {}, to=CHAT)


class Paused:
    """Lets the replica receive everything and apply nothing, in a `with`."""

    def __init__(self, copy: Cluster) -> None:
        self._copy = copy

    def __enter__(self) -> None:
        self._say("SELECT pg_wal_replay_pause()")
        while self._say("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        self._say("SELECT pg_wal_replay_resume()")

    def _say(self, statement: str) -> Any:
        with psycopg.connect(self._copy.url(), autocommit=True) as connection:
            row = connection.execute(statement).fetchone()
        return row[0] if row else None


async def _from_replica(db: Database) -> tuple[bool, int]:
    """Reads until the replica answers: it may be some moments behind."""
    for _ in range(400):
        found = await db.read_aside(known, look)
        if found[0]:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("the replica never answered")


def _run(primary: Cluster, port: int, scenario: Callable[[Database], Awaitable[None]]) -> None:
    url = primary.create_database()
    migrate.upgrade(url)

    async def whole() -> None:
        db = Database(url, Hooks(), url.replace(str(primary.port), str(port)))
        await db.open(lambda envelopes, woken: None)
        try:
            await db.write(lambda tx: tx.open_streams(CHAT))
            await db.write(tell)
            await scenario(db)
        finally:
            await db.close()

    asyncio.run(whole())


def test_a_replica_that_knows_enough_answers(primary: Cluster, copy: Cluster) -> None:
    async def scenario(db: Database) -> None:
        assert await _from_replica(db) == (True, 1)
        with Paused(copy):
            assert await db.read_aside(known, look) == (True, 1), "it has the rows of the question"

    _run(primary, copy.port, scenario)


def test_what_was_written_is_read_however_far_the_replica_is_behind(primary: Cluster, copy: Cluster) -> None:
    async def scenario(db: Database) -> None:
        await _from_replica(db)
        with Paused(copy):
            for count in range(2, 12):
                await db.write(tell)
                assert await db.read_aside(known, look) == (False, count)
                await asyncio.sleep(replica.BEHIND_S / 5)
        assert await _from_replica(db) == (True, 11)

    _run(primary, copy.port, scenario)


def test_the_primary_decides_who_may(primary: Cluster, copy: Cluster) -> None:
    def refuse(tx: Tx) -> dict[Topic, int]:
        assert not look(tx)[0]
        raise NotFound

    async def scenario(db: Database) -> None:
        await _from_replica(db)
        with pytest.raises(NotFound):
            await db.read_aside(refuse, look)

    _run(primary, copy.port, scenario)


@pytest.mark.parametrize("way", ["cut", "stalled"])
def test_a_replica_out_of_reach_is_not_missed(
    primary: Cluster, copy: Cluster, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "AWAY_S", 0.5)

    async def scenario(proxy: Proxy, db: Database) -> None:
        await _from_replica(db)
        with getattr(proxy, way)():
            for _ in range(10):
                async with asyncio.timeout(5):
                    assert await db.read_aside(known, look) == (False, 1)
                await asyncio.sleep(0.1)
        assert await _from_replica(db) == (True, 1)

    with Proxy.opened(copy.port) as proxy:
        _run(primary, proxy.port, partial(scenario, proxy))


def test_people_see_what_they_wrote(primary: Cluster, copy: Cluster, tmp_path: Path) -> None:
    """Runs the whole server with a replica that follows, stops applying, and dies."""
    url = primary.create_database()
    aside = url.replace(str(primary.port), str(copy.port))
    with started(tmp_path, DATABASE_URL=url, DATABASE_REPLICA_URL=aside, RATE_LIMITS="off") as served:
        world = World(served)
        ann, bob, eve = world.people("ann", "bob", "eve")
        den = world.group(ann, bob, eve)

        def page() -> list[str]:
            return [one["text"] for one in ann.history(den, before=1000, limit=100) if one["kind"] == "text"]

        said = []
        for n in range(20):
            said.append(str(n))
            ann.say(den, said[-1])
            assert page() == said
        with Paused(copy):
            sent = ann.say(den, "secret")
            ann.patch(f"/api/chats/{den}/messages/{sent['seq']}", {"text": "changed"})
            assert page() == [*said, "changed"]
            ann.delete(f"/api/chats/{den}/messages/{sent['seq']}")
            assert page() == [*said, ""]
            ann.delete(f"/api/chats/{den}/members/{eve.id}")
            eve.get(f"/api/chats/{den}/messages", 404, before=1000)
        copy.stop()
        ann.say(den, "alone")
        assert page() == [*said, "", "alone"]
        copy.start()
