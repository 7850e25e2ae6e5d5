"""Checks the database: whether it opens, its version and revision, and whether it can be written."""

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from messenger.assembly import migrate
from messenger.db import journal
from messenger.db.engine import DatabaseRefused, open_engine
from messenger.db.sql import Sql
from messenger.doctor import damage
from messenger.doctor.check import Finding, failed, ok, warning, why
from messenger.doctor.disk import space
from messenger.kernel import clock
from messenger.kernel.origin import LOOPBACK
from messenger.settings import Settings

REWOUND_MS: Final = 14 * 86_400_000
"""A rewind is reported for so long."""
PROBE: Final = "INSERT INTO facts (key, value) VALUES ('doctor', 'was here') ON CONFLICT (key) DO UPDATE SET value = excluded.value"


def check(settings: Settings) -> Finding:
    """Returns the finding of the database in `DATABASE_URL` or `DATA_DIR`."""
    url = make_url(settings.database)
    where = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return failed(f"There is no database at {url.database} yet.", "Start the server, which creates it.")
    if settings.is_embedded and (damaged := damage.of_file(settings)):
        return damaged
    try:
        engine = open_engine(settings.database, writes=True, size=1)
        with engine.connect() as connection:
            return _of(connection)
    except DatabaseRefused as refused:
        return failed(str(refused), "Install a newer version of the database.")
    except DBAPIError as error:
        return failed(
            f"The database {where} cannot be opened: {why(error.orig or error)}.",
            "Check whether it runs there, and whether DATABASE_URL names its address, user and password.",
        )


def _of(connection: Connection) -> Finding:
    version = _version(connection)
    revision = migrate.revision_of(connection)
    known, head = migrate.revisions()
    if revision != head:
        if revision is None or revision in known:
            return failed(
                f"The database is at revision {revision or 'nothing'}, this program needs {head}.",
                "Run `web-messenger migrate`.",
            )
        return failed(
            f"The database is at revision {revision}, which this program does not know.",
            "It belongs to a newer version: install that one again, or restore a backup made before the upgrade.",
        )
    try:
        connection.exec_driver_sql(PROBE)
    except DBAPIError as error:
        return failed(
            f"The database cannot be written: {why(error.orig or error)}.",
            "Give its user the right to write, and check that it is no replica and its disk is not full.",
        )
    finally:
        connection.rollback()
    with connection.begin():
        rewound_at = journal.rewound_at(Sql(connection))
    if rewound_at > clock.now_ms() - REWOUND_MS:
        return warning(
            f"History was rewound: it was noticed at {clock.text(rewound_at)}, and every device loaded its chats anew.",
            "After a restore that is right. Otherwise check whether the disk loses written data.",
        )
    is_cluster = connection.dialect.name == "postgresql"
    if is_cluster and (damaged := damage.of_cluster(connection)):
        return damaged
    disk = _space(connection)
    return disk if disk and disk.status != "ok" else ok(f"{version}, revision {revision}, can be written.")


def _version(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}"


def _space(connection: Connection) -> Finding | None:
    """Returns the finding of the disk of a PostgreSQL on this machine.

    `None` when it is elsewhere, or its user may not know.
    """
    if connection.dialect.name == "sqlite" or (connection.engine.url.host or "localhost") not in LOOPBACK:
        return None
    try:
        return space(Path(str(connection.exec_driver_sql("SHOW data_directory").scalar_one())))
    except (DBAPIError, OSError):
        return None
