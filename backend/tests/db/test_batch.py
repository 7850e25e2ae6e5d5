"""Tests batches and lanes: one commit for many wishes, an answer for each, numbers without gaps."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, InternalError

from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.kernel import events
from messenger.kernel.errors import AppError, NotFound, Unavailable
from messenger.kernel.events import Event
from tests.database import Commits, Opened

NOTED = Event("noted", dict, ("chat",))


def note_many(tx: Tx, wishes: list[str]) -> list[str | AppError]:
    """Writes a fact for each wish; refuses those that begin with `no`. A fact that exists makes the batch fail."""
    good = [wish for wish in wishes if not wish.startswith("no")]
    if good:
        tx.run("INSERT INTO facts (key, value) VALUES (:key, :value)", [{"key": key, "value": "1"} for key in good])
    return [NotFound() if wish.startswith("no") else wish for wish in wishes]


def facts(tx: Tx) -> set[str]:
    """Returns the keys of all facts that a test wrote."""
    return {row[0] for row in tx.all("SELECT key FROM facts")} - {"epoch", "name", "created_at"}


async def _gathered(db: Database, function: Any, wishes: list[Any]) -> list[Any]:
    return await asyncio.gather(*(db.batch(function, wish, lane=0) for wish in wishes), return_exceptions=True)


def test_a_refused_wish_leaves_its_neighbours(opened: Opened[Any]) -> None:
    async def scenario(db: Database) -> Any:
        return await _gathered(db, note_many, ["a", "no", "b"]), await db.read(facts)

    answers, written = opened(scenario)
    assert answers[0] == "a"
    assert isinstance(answers[1], NotFound)
    assert answers[2] == "b"
    assert written == {"a", "b"}


def test_a_poisoned_batch_is_repeated_singly(opened: Opened[Any]) -> None:
    sizes = []

    def counted(tx: Tx, wishes: list[str]) -> list[str | AppError]:
        sizes.append(len(wishes))
        return note_many(tx, wishes)

    async def scenario(db: Database) -> Any:
        await db.batch(counted, "old", lane=0)
        return await _gathered(db, counted, ["a", "old", "b"]), await db.read(facts)

    answers, written = opened(scenario)
    assert answers[0] == "a"
    assert isinstance(answers[1], IntegrityError)
    assert answers[2] == "b"
    assert written == {"old", "a", "b"}
    assert 3 in sizes, "all wishes shared a commit first"
    assert sizes[-1] == 1, "then each wish had its own commit"


def test_wishes_gather_while_a_commit_runs(opened: Opened[Any]) -> None:
    sizes = []

    def counted(tx: Tx, wishes: list[int]) -> list[int | AppError]:
        sizes.append(len(wishes))
        return list(wishes)

    async def scenario(db: Database) -> Any:
        return await _gathered(db, counted, list(range(600)))

    assert opened(scenario) == list(range(600))
    assert max(sizes) <= 256
    assert len(sizes) <= 4, sizes


def test_numbers_have_no_gap_between_lanes(opened: Opened[Any], commits: Commits) -> None:
    """Runs four lanes and one chat, with transactions that fail in between."""

    def tell(tx: Tx, place: int) -> int:
        numbers = tx.number({events.chat(1): 1})
        tx.emit(NOTED, {"place": place}, to=events.chat(1))
        if place % 5 == 0:
            raise NotFound
        return numbers[events.chat(1)].seq

    async def scenario(db: Database) -> Any:
        await db.write(lambda tx: tx.open_streams(events.chat(1)))
        return await asyncio.gather(*(db.write(tell, place) for place in range(100)), return_exceptions=True)

    answers = opened(scenario)
    assert sorted(one for one in answers if isinstance(one, int)) == list(range(1, 81))
    assert sum(isinstance(one, NotFound) for one in answers) == 20
    evs = [envelope.ev for told in commits.envelopes for envelope in told]
    assert sorted(evs) == list(range(1, 81)), "only committed changes are published"


def test_a_reader_cannot_write(opened: Opened[Any]) -> None:
    def erase(tx: Tx) -> None:
        tx.run("DELETE FROM facts")

    async def scenario(db: Database) -> Any:
        await db.batch(note_many, "kept", lane=0)
        with pytest.raises((Unavailable, InternalError)):
            await db.read(erase)
        return await db.read(facts)

    assert opened(scenario) == {"kept"}
