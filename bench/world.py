"""Makes a lived-in database: people, groups, direct chats, messages, read marks, and one person far behind.

`.venv/bin/python bench/world.py URL [MESSAGES]`, e.g. `sqlite:////tmp/lived-in/messenger.db 1000000`, or
`postgresql://…` of an empty database. One group for each 500 messages, of 50 people, and as many people and direct
chats as groups: a person is in 50 groups and two direct chats however large it is. A tenth of all messages is in one
more group, where person 1 has read nothing. All people have the password `world.PASSWORD` and the addresses
`1@example.org` and on.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, inspect, make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from argon2 import PasswordHasher

from messenger.db.engine import open_engine
from messenger.db.pages import keeper
from messenger.db.sql import Sql
from tests.plans import large
from tests.plans.large import APART, MEMBERS, Place, Tables, fill, groups, members_of, tables_of
from tests.plans.large import MESSAGES as AS_OLD
from tests.world import PASSWORD

ROOT: Final = Path(__file__).resolve().parents[1]
MESSAGES: Final = 1_000_000
EACH: Final = 500
"""Messages of the database for each of its groups."""
BEHIND: Final = 1
"""The person who has an unread backlog."""
MEMORY_KIB: Final = 64
"""The cost of a password hash on the servers of the benches."""

CHECKS: Final = {
    "streams whose seq is not their newest message": """SELECT count(*) FROM streams s WHERE s.kind = 'chat' AND s.seq <>
        (SELECT coalesce(max(m.seq), 0) FROM messages m WHERE m.chat_id = s.id)""",
    "streams whose messages have gaps": """SELECT count(*) FROM streams s WHERE s.kind = 'chat' AND s.seq <>
        (SELECT count(*) FROM messages m WHERE m.chat_id = s.id)""",
    "streams whose ev is not their newest change": """SELECT count(*) FROM streams s WHERE s.ev <>
        (SELECT coalesce(max(j.ev), s.ev) FROM journal j WHERE j.kind = s.kind AND j.id = s.id)""",
    "chats whose member_count is not that of their members": """SELECT count(*) FROM chats c WHERE c.member_count <>
        (SELECT count(*) FROM members m WHERE m.chat_id = c.id)""",
    "chats without a stream": """SELECT count(*) FROM chats c WHERE NOT EXISTS
        (SELECT 1 FROM streams s WHERE s.kind = 'chat' AND s.id = c.id)""",
    "marks above the newest message": """SELECT count(*) FROM members m
        WHERE m.read_seq > (SELECT s.seq FROM streams s WHERE s.kind = 'chat' AND s.id = m.chat_id)""",
    "people who have not read what they wrote": """SELECT count(*) FROM messages m WHERE m.kind = 'text' AND m.seq >
        coalesce((SELECT r.read_seq FROM members r WHERE r.chat_id = m.chat_id AND r.user_id = m.sender_id), 0)""",
    "members who are no users or have no stream": """SELECT count(*) FROM members m
        WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = m.user_id)
        OR NOT EXISTS (SELECT 1 FROM streams s WHERE s.kind = 'user' AND s.id = m.user_id)""",
}
"""Queries whose results are empty in a consistent database."""


def chats(messages: int) -> int:
    """Returns how many groups, people and direct chats a database of a size has."""
    return max(MEMBERS, messages // EACH)


def backlog(messages: int) -> Place:
    """Returns the group in which `BEHIND` has read nothing."""
    count = chats(messages)
    return Place(2 * count + 1, members_of(BEHIND, count), messages // 10, late=BEHIND)


def _tables(messages: int) -> Tables:
    count = chats(messages)
    pairs = count * (MEMBERS // 10)  # messages of all direct chats
    own = max(1, (messages - messages // 10 - pairs) // count)
    directs = [Place(count + n, [n, n % count + 1], MEMBERS // 10, "direct") for n in range(1, count + 1)]
    start = int(time.time() * 1000) - (AS_OLD + 1) * APART
    hash_ = PasswordHasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1).hash(PASSWORD)
    return tables_of(count, [*groups(count, own), *directs, backlog(messages)], start, hash_)


def faults(connection: Connection) -> list[str]:
    """Returns the inconsistencies of a database, which may be any server's."""
    return [
        f"{found} {name}" for name, check in CHECKS.items() if (found := connection.exec_driver_sql(check).scalar_one())
    ]


def migrate(url: str, program: Path = ROOT) -> None:
    """Brings an empty database to the newest revision of a checkout."""
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "x" * 32}
    command = [sys.executable, "-m", "messenger", "migrate"]
    subprocess.run(command, cwd=program / "backend", env=environment, check=True)


def _known(rows: Iterable[Mapping[str, Any]], columns: set[str]) -> Iterator[Mapping[str, Any]]:
    """Returns the rows as a table of another revision has them: without columns that it does not know."""
    return ({name: value for name, value in row.items() if name in columns} for row in rows)


def make(url: str, messages: int = MESSAGES, program: Path = ROOT) -> None:
    """Migrates an empty database, fills and checks it; prints its progress on stderr. Exits after a fault.

    `program`: the checkout with its revision.
    """
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"world: {what}, {time.monotonic() - began:.0f} s", file=sys.stderr)

    migrate(url, program)
    parts = make_url(url)
    is_file = parts.get_backend_name() == "sqlite"
    has_sums = is_file and (program / "backend" / "messenger" / "db" / "pages").exists()
    with keeper.opened(Path(str(parts.database))) if has_sums else nullcontext():
        engine = open_engine(url, writes=True, size=1, is_patient=True)
        with engine.connect() as connection, connection.begin():
            if Sql(connection).first("SELECT 1 FROM users LIMIT 1"):
                sys.exit("world: the database has people already; give it an empty one.")
            at = inspect(connection)
            columns = {table: {one["name"] for one in at.get_columns(table)} for table in at.get_table_names()}
            for table, rows in _tables(messages):
                if table in columns:
                    fill(Sql(connection), [(table, _known(rows, columns[table]))])
                    say(table)
        with engine.connect() as connection, connection.begin():
            if found := faults(connection):
                sys.exit("world: " + "; ".join(found))
        engine.dispose()
        if not is_file:
            _look(url)
    say(f"{messages} messages, checked")


def _look(url: str) -> None:
    """Lets PostgreSQL analyse its tables now: by itself it would do so within a minute, during a measurement."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def kept(messages: int, program: Path = ROOT) -> Path:
    """Returns a folder with a SQLite database of a size, to copy.

    It is made once a day, and anew when tables or programs changed. A server deletes old changes: in a database of
    another day it would have that to do.
    """
    revisions = program / "backend" / "migrations" / "versions"
    sources = [Path(__file__), Path(large.__file__), *sorted(revisions.glob("*.py"))]
    state = zlib.crc32(b"".join(source.read_bytes() for source in sources))
    worlds = program / "bench" / ".worlds"
    folder = worlds / f"{messages}-{datetime.now(UTC):%Y%m%d}-{state:08x}"
    if not folder.exists():
        for older in worlds.glob(f"{messages}-*"):
            shutil.rmtree(older)
        worlds.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=worlds) as begun:
            make(f"sqlite:///{begun}/messenger.db", messages, program)
            shutil.copytree(begun, folder)
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="the address of an empty database, as DATABASE_URL")
    parser.add_argument("messages", nargs="?", type=int, default=MESSAGES, help=f"how many messages ({MESSAGES})")
    asked = parser.parse_args()
    make(asked.url, asked.messages)
