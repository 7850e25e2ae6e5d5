"""Tests processes of one machine that share the chats.

Each wish is written in the process of its chat, and answered once or refused in time.
"""

import asyncio
import pickle
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from messenger.db import patience
from messenger.db.crew.crew import Crew
from messenger.db.crew.line import HEAD_BYTES, Asked, Said
from messenger.db.database import Database
from messenger.db.tx import Hooks, Tx
from messenger.kernel import trail
from messenger.kernel.errors import AppError, Stale, Unavailable
from tests import migrated
from tests.db.test_batch import facts, note_many
from tests.postgres import Cluster

FIRST, SECOND = 0, 1
"""Lanes of the process in place 1 and of the process in place 2."""


def refuse_many(_: Tx, wishes: list[str]) -> list[str | AppError]:
    """Refuses each wish, with the wish as the reason."""
    return [Stale(said=wish) for wish in wishes]


def ask_who_many(_: Tx, wishes: list[str]) -> list[str | AppError]:
    """Returns the actor for whom each wish runs."""
    return [trail.request_id.get() for _ in wishes]


def break_many(_: Tx, wishes: list[str]) -> list[str | AppError]:
    """Fails with an unexpected error."""
    raise LookupError(str(wishes))


def introduce(one: socket.socket, other: socket.socket) -> None:
    """Connects places 1 and 2, as their supervisor does."""
    ends = socket.socketpair()
    with ends[0], ends[1]:
        socket.send_fds(one, [bytes([2])], [ends[0].fileno()])
        socket.send_fds(other, [bytes([1])], [ends[1].fileno()])


async def until(holds: Callable[[], bool]) -> None:
    """Waits until a condition is true."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 (there is nothing to be told by)
            await asyncio.sleep(0.01)


def is_met(db: Database, lane: int) -> bool:
    """Returns whether the wishes of a lane go to another process."""
    assert db.crew is not None
    return db.crew.writer(lane) is not None


async def joined(url: str) -> tuple[Database, socket.socket]:
    """Holds the open database of one of two processes, and its place in the crew."""
    introduce_to, introductions = socket.socketpair()
    db = Database(url, Hooks(), crew=Crew(2, introductions))
    await db.open(lambda envelopes, woken: None)
    return db, introduce_to


@asynccontextmanager
async def member(url: str) -> AsyncIterator[tuple[Database, socket.socket]]:
    """Joins the crew (see `joined`) until the block ends."""
    db, introduce_to = await joined(url)
    try:
        with introduce_to:
            yield db, introduce_to
    finally:
        await db.close()


@pytest.fixture
def crew(cluster: Cluster) -> Callable[[Callable[[Database, Database, str], Awaitable[Any]]], Any]:
    """Returns `crew(scenario)`, which awaits `scenario(one, other, url)` with the databases of two joined processes."""
    url = migrated.scaled(cluster)

    def run(scenario: Callable[[Database, Database, str], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            async with member(url) as (one, to_one), member(url) as (other, to_other):
                introduce(to_one, to_other)
                await until(lambda: is_met(one, SECOND) and is_met(other, FIRST))
                return await scenario(one, other, url)

        return asyncio.run(whole())

    return run


def batches(db: Database) -> int:
    """Returns how many batches a process wrote."""
    return sum(db.sizes.counts)


def test_a_wish_is_written_where_its_lane_belongs(crew: Any) -> None:
    async def scenario(one: Database, other: Database, _: str) -> Any:
        wishes = [one.batch(note_many, f"w{n}", lane=SECOND) for n in range(20)]
        answers = await asyncio.gather(*wishes, one.batch(note_many, "mine", lane=FIRST))
        return answers, batches(one), batches(other), await other.read(facts)

    answers, here, there, written = crew(scenario)
    assert answers == [*(f"w{n}" for n in range(20)), "mine"]
    assert set(answers) == written
    assert (here, there) == (1, 1), "wishes of one tick share a commit in the other process too"


def test_errors_come_back_as_they_were(crew: Any) -> None:
    async def scenario(one: Database, _other: Database, _: str) -> Any:
        asked = (one.batch(function, "x", lane=SECOND) for function in (refuse_many, break_many))
        return await asyncio.gather(*asked, return_exceptions=True)

    refused, broken = crew(scenario)
    assert (type(refused), refused.params) == (Stale, {"said": "x"})
    assert isinstance(broken, RuntimeError)
    assert "LookupError" in str(broken)


def test_a_lone_wish_keeps_its_request(crew: Any) -> None:
    async def scenario(one: Database, _other: Database, _: str) -> Any:
        trail.request_id.set("abc")
        return await one.batch(ask_who_many, "x", lane=SECOND)

    assert crew(scenario) == "abc"


def test_a_wish_stays_where_no_other_process_listens(crew: Any) -> None:
    async def scenario(one: Database, other: Database, _: str) -> Any:
        assert one.crew is not None
        one.crew.is_heard = lambda: False
        return await one.batch(note_many, "x", lane=SECOND), batches(one), batches(other)

    assert crew(scenario) == ("x", 1, 0)


def test_one_that_stops_answers_what_it_has_taken(cluster: Cluster) -> None:
    url = migrated.scaled(cluster)

    async def scenario() -> None:
        async with member(url) as (one, to_one):
            other, to_other = await joined(url)
            introduce(to_one, to_other)
            await until(lambda: is_met(one, SECOND))
            async with await psycopg.AsyncConnection.connect(url) as holder:
                await holder.execute("LOCK TABLE facts IN EXCLUSIVE MODE")
                asked = one.batch(note_many, "taken", lane=SECOND)
                await until(lambda: batches(other) == 1)
                closing = asyncio.create_task(other.close())
                await until(lambda: not is_met(one, SECOND))
            assert await asked == "taken"
            assert await one.batch(note_many, "mine", lane=SECOND) == "mine"
            await closing
            to_other.close()
            assert (batches(one), batches(other)) == (1, 1)

    asyncio.run(scenario())


def test_a_new_process_in_the_place_of_a_dead_one(cluster: Cluster) -> None:
    url = migrated.scaled(cluster)

    async def scenario() -> None:
        async with member(url) as (one, to_one):
            ours, theirs = socket.socketpair()
            with theirs:  # until here it is a process that does not answer
                socket.send_fds(to_one, [bytes([2])], [ours.fileno()])
                ours.close()
                assert await one.batch(note_many, "early", lane=SECOND) == "early", "answered once it has started"
                hello = pickle.dumps(Said(0.0, [], [], True, True))
                theirs.sendall(len(hello).to_bytes(HEAD_BYTES) + hello)
                await until(lambda: is_met(one, SECOND))
                asked = one.batch(note_many, "lost", lane=SECOND)
            with pytest.raises(Unavailable):
                await asked
            assert await one.batch(note_many, "meanwhile", lane=SECOND) == "meanwhile"
            async with member(url) as (other, to_other):
                introduce(to_one, to_other)
                await until(lambda: is_met(one, SECOND))
                assert await one.batch(note_many, "again", lane=SECOND) == "again"
                assert batches(other) == 1
                assert await one.read(facts) == {"early", "meanwhile", "again"}

    asyncio.run(scenario())


def test_one_that_does_not_read_gets_no_more(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_S", 0.5)
    url = migrated.scaled(cluster)

    async def scenario() -> None:
        async with member(url) as (one, to_one):
            ours, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(to_one, [bytes([2])], [ours.fileno()])
                ours.close()
                hello = pickle.dumps(Said(0.0, [], [], True, True))
                theirs.sendall(len(hello).to_bytes(HEAD_BYTES) + hello)
                await until(lambda: is_met(one, SECOND))
                lost = []
                async with asyncio.timeout(20):
                    while is_met(one, SECOND):
                        lost.append(one.batch(note_many, "x" * 100_000, lane=SECOND))
                        await asyncio.sleep(0)
                assert await one.batch(note_many, "here", lane=SECOND) == "here"
                answers = await asyncio.gather(*lost, return_exceptions=True)
                assert {type(answer) for answer in answers} == {Unavailable}

    asyncio.run(scenario())


def test_what_was_refused_is_not_begun_later(cluster: Cluster) -> None:
    """A process that stalled finds a wish whose time is over: the process that asked has already refused it."""
    url = migrated.scaled(cluster)

    async def scenario() -> set[str]:
        async with member(url) as (other, to_other):
            ours, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(to_other, [bytes([1])], [ours.fileno()])
                ours.close()
                now = asyncio.get_running_loop().time()
                for at, word in ((now - patience.PATIENCE_S, "late"), (now, "in time")):
                    said = pickle.dumps(Said(at, [Asked(0, note_many, word, SECOND, "")], [], True, True))
                    theirs.sendall(len(said).to_bytes(HEAD_BYTES) + said)
                await until(lambda: batches(other) > 0)
                await other.batch(note_many, str(uuid.uuid4()), lane=SECOND)
                return await other.read(facts)

    assert {"late", "in time"} & asyncio.run(scenario()) == {"in time"}
