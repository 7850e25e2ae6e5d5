"""Tests that the cost of a statement depends neither on the size of the server nor on statistics of its tables."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from messenger.assembly import migrate
from messenger.assembly.features import metadata
from messenger.db.engine import open_engine
from messenger.db.sql import Sql
from tests.plans.asked import Asked, Recording, ask_everything
from tests.plans.large import fill, groups, left_over, tables_of
from tests.postgres import Cluster

CHATS: Final = 2_000
FEWER: Final = 200
BY_AGE: Final = frozenset({"db.journal.stale", "db.outbox.backlog"})
"""Functions that return more rows in a larger database, up to a limit of their own."""
IN_ORDER: Final = {
    "journal": "ORDER BY n DESC LIMIT", "u USING INDEX ix_users_name_key_id": "LIMIT", "pk_journal": "ORDER BY n DESC LIMIT",
    "outbox USING COVERING INDEX ix_outbox_due_at": "LIMIT", "ix_users_name_key_id": "LIMIT", "ix_outbox_due_at": "LIMIT", "ix_outbox_heavy": "LIMIT",
    "storage_used USING INDEX ix_storage_used_used": "LIMIT", "ix_storage_used_used": "LIMIT",
}  # fmt: skip
"""Functions that walk through a table or an index until the LIMIT of the statement."""
PLANTS: Final = [
    Asked("a table read whole", "SELECT * FROM members WHERE role = 'owner'", None),
    Asked("a search by what is the same in all rows", "SELECT max(ev) FROM streams WHERE kind = 'chat'", None),
]

Plan = Sequence[tuple[str, str]]
"""Returns how each table is read: table or index, and the condition of the search (empty: all of it is read)."""
Place = tuple[Connection, list[Asked]]


def _asked(url: str, chats: int) -> Place:
    """Returns a connection to a filled database without statistics, and all statements of all stores."""
    migrate.upgrade(url)
    connection = open_engine(url, writes=True, size=1).connect()
    with connection.begin():
        if not url.startswith("sqlite"):
            for table in metadata.tables:
                connection.exec_driver_sql(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        places = groups(chats)
        fill(Sql(connection), [*tables_of(chats, places), *left_over(places)])
    recording = Recording(connection)
    with connection.begin():
        ask_everything(recording)
    return connection, list(recording.asked)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    connection, asked = _asked(f"sqlite:///{tmp_path_factory.mktemp('large')}/messenger.db", CHATS)
    yield connection, asked
    connection.close()


@pytest.fixture(scope="module")
def postgres(cluster: Cluster) -> Iterator[Place]:
    connection, asked = _asked(cluster.create_database(), CHATS)
    yield connection, asked
    connection.close()


def _sqlite_plan(connection: Connection, asked: Asked) -> Plan:
    with connection.begin():
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.text}", asked.params or ()).all()
    lines = [
        re.fullmatch(r"(?:SCAN|SEARCH) (?!json_each|first|few)(.*?)(?: \((.*)\))?(?: LEFT-JOIN)?", row[3])
        for row in rows
    ]
    return [(line[1], line[2] or "") for line in lines if line]


def _postgres_plan(connection: Connection, asked: Asked) -> Plan:
    with connection.begin():
        said = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked.text}", asked.params).scalar_one()
    return sorted(_accesses((json.loads(said) if isinstance(said, str) else said)[0]["Plan"]))


def _accesses(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "Index Name" in node:
        yield node["Index Name"], node.get("Index Cond", "")
    elif node["Node Type"] == "Seq Scan":
        yield node["Relation Name"], ""
    for part in node.get("Plans", ()):
        yield from _accesses(part)


def _faults(asked: Asked, plan: Plan) -> list[str]:
    """Returns the faults of a plan: a table read whole, a temporary index, a search that does not narrow."""
    return [
        f"{asked.function}: {read} ({condition})"
        for read, condition in plan
        if (not condition and IN_ORDER.get(read, "no limit") not in asked.text)
        or "AUTOMATIC" in read
        or re.fullmatch(r"kind=\?|\(\(kind\)::text = [^()]*\)", condition)
    ]


def test_work_on_sqlite_is_the_same_in_a_larger_database(sqlite: Place, tmp_path: Path) -> None:
    small, fewer = _asked(f"sqlite:///{tmp_path}/messenger.db", FEWER)
    small.close()
    assert [one.text for one in fewer] == [one.text for one in sqlite[1]]
    grown = [
        (large.function, one.steps, large.steps)
        for one, large in zip(fewer, sqlite[1], strict=True)
        if large.function not in BY_AGE and large.steps > one.steps * 1.2 + 20
    ]
    assert grown == []


@pytest.mark.parametrize(("place", "planned"), [("sqlite", _sqlite_plan), ("postgres", _postgres_plan)])
def test_plans_read_no_table_whole_and_know_no_statistics(
    request: pytest.FixtureRequest, place: str, planned: Callable[[Connection, Asked], Plan]
) -> None:
    connection, asked = request.getfixturevalue(place)
    before = [planned(connection, one) for one in asked]
    with connection.begin():
        connection.exec_driver_sql("ANALYZE")
    after = [planned(connection, one) for one in asked]
    for one, plan, later in zip(asked, before, after, strict=True):
        assert _faults(one, [*plan, *later]) == []
        assert [read for read, _ in plan] == [read for read, _ in later], one.function
    for plant in PLANTS:
        assert _faults(plant, planned(connection, plant)), plant.function


def test_plans_made_for_empty_tables_are_right_for_full_ones(postgres: Place, cluster: Cluster) -> None:
    # A session keeps its plans until the statistics change: on a new server that takes minutes, while rows are written.
    connection, asked = postgres
    url = cluster.create_database()
    migrate.upgrade(url)
    with open_engine(url, writes=True, size=1).connect() as empty:
        for one in asked:
            plan, full = _postgres_plan(empty, one), _postgres_plan(connection, one)
            assert [read for read, _ in plan] == [read for read, _ in full], one.function


@pytest.mark.parametrize(("place", "planned"), [("sqlite", _sqlite_plan), ("postgres", _postgres_plan)])
def test_links_are_found_without_a_look_at_other_messages(
    request: pytest.FixtureRequest, place: str, planned: Callable[[Connection, Asked], Plan]
) -> None:
    connection, asked = request.getfixturevalue(place)
    for one in (one for one in asked if one.function == "features.messages.store.list_linked"):
        read = [table for table, _ in planned(connection, one)]
        assert ["ix_messages_linked" in table for table in read] == [True]


@pytest.mark.parametrize(("place", "planned"), [("sqlite", _sqlite_plan), ("postgres", _postgres_plan)])
def test_unread_messages_are_counted_without_a_look_at_them(
    request: pytest.FixtureRequest, place: str, planned: Callable[[Connection, Asked], Plan]
) -> None:
    connection, asked = request.getfixturevalue(place)
    (count,) = (one for one in asked if one.function == "features.messages.store.count_unread")
    read = [table for table, _ in planned(connection, count)]
    assert [table for table in read if "messages" in table] == [
        table for table in read if "ix_messages_uncounted" in table
    ]
    assert any("ix_messages_uncounted" in table for table in read)
