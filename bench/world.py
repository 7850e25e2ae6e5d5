"""Makes a lived-in database: people, groups, direct chats, messages, read marks, and one person far behind.

`.venv/bin/python bench/world.py URL [MESSAGES]`, e.g. `sqlite:////tmp/lived-in/messenger.db 1000000`, or
`postgresql://…` of an empty database. One group for each 500 messages, of 50 people, and as many people and direct chats
as groups: a person is in 50 groups and two direct chats however large it is. A tenth of all messages is in one more
group, where person 1 has read nothing. Everybody's password is `world.PASSWORD`, their addresses `1@example.org` and on.
"""

import argparse
import shutil
import sys
import tempfile
import time
import zlib
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

from argon2 import PasswordHasher

from messenger.assembly import migrate
from messenger.db.engine import open_engine
from messenger.db.pages import keeper
from messenger.db.sql import Sql
from tests.plans import large
from tests.plans.large import APART, MEMBERS, Place, Tables, fill, groups, members_of, tables_of
from tests.plans.large import MESSAGES as AS_OLD
from tests.world import PASSWORD

MESSAGES: Final = 1_000_000
EACH: Final = 500
"""Messages of the database for each of its groups."""
BEHIND: Final = 1
"""The person who has an unread backlog."""
MEMORY_KIB: Final = 64
"""What a password hash takes on the servers of the benches."""

_KEPT: Final = Path(__file__).with_name(".worlds")

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
    "marks above the newest message, or of a person who is not in the chat": """SELECT count(*) FROM receipts r
        WHERE r.seq > (SELECT s.seq FROM streams s WHERE s.kind = 'chat' AND s.id = r.chat_id)
        OR NOT EXISTS (SELECT 1 FROM members m WHERE m.chat_id = r.chat_id AND m.user_id = r.user_id)""",
    "people who have not read what they wrote": """SELECT count(*) FROM messages m WHERE m.kind = 'text' AND m.seq >
        coalesce((SELECT r.seq FROM receipts r WHERE r.chat_id = m.chat_id AND r.user_id = m.sender_id), 0)""",
    "members who are no users or have no stream": """SELECT count(*) FROM members m
        WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = m.user_id)
        OR NOT EXISTS (SELECT 1 FROM streams s WHERE s.kind = 'user' AND s.id = m.user_id)""",
}
"""What a consistent database has none of."""


def chats(messages: int) -> int:
    """Answers how many groups, people and direct chats a database of a size has."""
    return max(MEMBERS, messages // EACH)


def backlog(messages: int) -> Place:
    """Answers the group in which `BEHIND` has read nothing."""
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
    """Answers what is not consistent in a database; it may be any server's."""
    return [
        f"{found} {name}" for name, check in CHECKS.items() if (found := connection.exec_driver_sql(check).scalar_one())
    ]


def make(url: str, messages: int = MESSAGES) -> None:
    """Migrates an empty database, fills and checks it; says on stderr how far it is. Exits when something is wrong."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"world: {what}, {time.monotonic() - began:.0f} s", file=sys.stderr)

    migrate.upgrade(url)
    parts = make_url(url)
    is_file = parts.get_backend_name() == "sqlite"
    with keeper.opened(Path(str(parts.database))) if is_file else nullcontext():
        engine = open_engine(url, writes=True, size=1, is_patient=True)
        with engine.connect() as connection, connection.begin():
            if Sql(connection).first("SELECT 1 FROM users LIMIT 1"):
                sys.exit("world: the database has people already; give it an empty one.")
            for table, rows in _tables(messages):
                fill(Sql(connection), [(table, rows)])
                say(table)
        with engine.connect() as connection, connection.begin():
            if not is_file:
                connection.exec_driver_sql("ANALYZE")  # PostgreSQL looks at its tables by itself, within a minute
            if found := faults(connection):
                sys.exit("world: " + "; ".join(found))
        engine.dispose()
    say(f"{messages} messages, checked")


def kept(messages: int) -> Path:
    """Answers a folder with a SQLite database of a size, to copy. It is made once a day, and anew when tables or programs changed.

    A server forgets old changes: in a database of another day it would have that to do.
    """
    sources = [Path(__file__), Path(large.__file__), *sorted((migrate.MIGRATIONS / "versions").glob("*.py"))]
    state = zlib.crc32(b"".join(source.read_bytes() for source in sources))
    folder = _KEPT / f"{messages}-{datetime.now(UTC):%Y%m%d}-{state:08x}"
    if not folder.exists():
        for older in _KEPT.glob(f"{messages}-*"):
            shutil.rmtree(older)
        _KEPT.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_KEPT) as begun:
            make(f"sqlite:///{begun}/messenger.db", messages)
            shutil.copytree(begun, folder)
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="the address of an empty database, as DATABASE_URL")
    parser.add_argument("messages", nargs="?", type=int, default=MESSAGES, help=f"how many messages ({MESSAGES})")
    asked = parser.parse_args()
    make(asked.url, asked.messages)
