"""Tests sessions of PostgreSQL: the settings of a transaction, prepared statements, early refusals."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from messenger.assembly import migrate
from messenger.db import engine as engines
from messenger.db.database import Database
from messenger.db.engine import DatabaseRefused, open_engine
from messenger.db.tx import Hooks, Tx
from messenger.kernel import events
from messenger.kernel.errors import Unavailable
from messenger.kernel.events import Event
from tests import migrated
from tests.database import Opened
from tests.postgres import Cluster

NOTED = Event("noted", dict, ("chat",))
NAMES = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "transaction_isolation")
SHORT_MS = 300


def note(tx: Tx, place: int) -> None:
    """Runs several short statements, one of them for several rows."""
    rows = [{"key": f"{place}:{n}", "value": "1"} for n in range(3)]
    tx.run("INSERT INTO facts (key, value) VALUES (:key, :value)", rows)
    tx.emit(NOTED, {"place": place}, to=events.chat(place % 8))


def count(tx: Tx) -> int:
    """Returns the number of facts."""
    row = tx.first("SELECT count(*) FROM facts WHERE key LIKE :like", {"like": "%:%"})
    assert row is not None
    return int(row[0])


def test_statements_that_everybody_repeats(opened: Opened[Any]) -> None:
    """A driver prepares statements that repeat; through a pooler the next one runs in another session."""

    async def scenario(db: Database) -> Any:
        await db.write(lambda tx: tx.open_streams(*(events.chat(n) for n in range(8))))
        for start in range(0, 400, 40):
            some = range(start, start + 40)
            await asyncio.gather(*(db.write(note, n) for n in some), *(db.read(count) for _ in some))
        return await db.read(count)

    assert opened(scenario) == 1200


@pytest.fixture(params=["direct", "pooled"])
def postgres(request: pytest.FixtureRequest, cluster: Cluster) -> str:
    """Returns the address of a migrated PostgreSQL database, directly or through PgBouncer."""
    database = migrated.scaled(cluster)
    return database if request.param == "direct" else str(request.getfixturevalue("pooler").url(database))


def test_every_transaction_has_its_own_terms(postgres: str) -> None:
    found = {}
    asked = ", ".join(f"current_setting('{name}')" for name in NAMES)
    kinds = {"write": (True, False), "read": (False, False), "migrate": (True, True)}
    opened = {
        name: open_engine(postgres, writes=writes, size=2, is_patient=is_patient)
        for name, (writes, is_patient) in kinds.items()
    }
    for _ in range(4):  # in turns, so that a pooler gives each client a session that another client had before
        for name, engine in opened.items():
            with engine.connect() as connection, connection.begin():
                found[name] = tuple(connection.execute(text(f"SELECT {asked}")).one())
    for engine in opened.values():
        engine.dispose()
    assert found == {
        "write": ("5s", "30s", "10s", "read committed"),
        "read": ("5s", "30s", "10s", "repeatable read"),
        "migrate": ("5s", "0", "0", "read committed"),
    }


def tell(tx: Tx, chat_id: int) -> None:
    """Takes a number of a chat."""
    tx.emit(NOTED, {}, to=events.chat(chat_id))


@contextmanager
def _locked(url: str, chat_id: int) -> Iterator[None]:
    """Holds a chat's stream in another transaction until the block ends."""
    with psycopg.connect(url) as other:
        other.execute("SELECT ev FROM streams WHERE kind = 'chat' AND id = %s FOR UPDATE", (chat_id,))
        yield


def _run(url: str, scenario: Any) -> None:
    async def whole() -> None:
        db = Database(url, Hooks())
        await db.open(lambda envelopes, woken: None)
        try:
            await db.write(lambda tx: tx.open_streams(events.chat(1), events.chat(2)))
            await scenario(db)
        finally:
            await db.close()

    asyncio.run(whole())


def test_a_lock_of_another_program_ends_in_a_refusal(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No wish waits for longer than `LOCK_TIMEOUT_MS`, and the lane goes on."""
    monkeypatch.setattr(engines, "LOCK_TIMEOUT_MS", SHORT_MS)

    async def scenario(db: Database) -> None:
        with _locked(postgres, 1):
            for _ in range(4):  # each lane meets the lock
                with pytest.raises(Unavailable):
                    async with asyncio.timeout(5):
                        await db.write(tell, 1)
            for _ in range(4):
                await db.write(tell, 2)
        await db.write(tell, 1)

    _run(postgres, scenario)


def test_a_statement_that_takes_too_long_is_ended(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "STATEMENT_TIMEOUT_MS", SHORT_MS)

    async def scenario(db: Database) -> None:
        for verb in (db.read, db.write):
            with pytest.raises(Unavailable):
                async with asyncio.timeout(5):
                    await verb(lambda tx: tx.all("SELECT pg_sleep(20)"))
        assert await db.read(count) == 0
        await db.write(tell, 1)

    _run(postgres, scenario)


def test_a_process_that_hangs_holds_no_lock_for_long(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "IDLE_TIMEOUT_MS", SHORT_MS)
    goes_on = threading.Event()

    def hang(tx: Tx) -> None:
        tx.number({events.chat(1): 1})
        goes_on.wait(20)
        tx.emit(NOTED, {}, to=events.chat(1))

    async def scenario(db: Database) -> None:
        hanging = asyncio.ensure_future(db.write(hang))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(5):
            await db.write(tell, 1)
        goes_on.set()
        with pytest.raises(Unavailable):
            await hanging

    _run(postgres, scenario)


@pytest.fixture
def an_old_server() -> Iterator[str]:
    """Yields the address of a server that greets as PostgreSQL 14 does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_greet, args=(server,), daemon=True)
        thread.start()
        yield f"postgresql://postgres@127.0.0.1:{server.getsockname()[1]}/any"


def _greet(server: socket.socket) -> None:
    def told(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    link, _ = server.accept()
    with link:
        if struct.unpack("!ii", link.recv(8))[1] == 80_877_103:  # the client asks for TLS
            link.sendall(b"N")
            link.recv(8)
        link.recv(10_000)
        settings = {"server_version": "14.19", "client_encoding": "UTF8", "standard_conforming_strings": "on"}
        said = told(b"R", struct.pack("!i", 0))
        for name, value in settings.items():
            said += told(b"S", f"{name}\0{value}\0".encode())
        link.sendall(said + told(b"K", struct.pack("!ii", 1, 1)) + told(b"Z", b"I"))
        link.recv(10_000)


def test_an_old_server_is_refused_in_a_sentence(an_old_server: str) -> None:
    with pytest.raises(DatabaseRefused, match=r"^PostgreSQL 14 is too old; use PostgreSQL 15 or newer\.$"):
        migrate.check(an_old_server)
