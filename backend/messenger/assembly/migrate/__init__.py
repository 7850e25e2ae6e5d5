"""Migrates a database to the newest revision, and refuses one that is newer than this program."""

import logging
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.exc import DatabaseError, OperationalError

import messenger
from messenger.db import dialect
from messenger.db.engine import LOCK_TIMEOUT_MS, DatabaseRefused, open_engine
from messenger.db.pages import keeper as pages
from messenger.process.loading import resolve

log = logging.getLogger("messenger.migrate")

MIGRATIONS = Path(messenger.__file__).parents[1] / "migrations"
_REVISION: Final = re.compile(r'^(revision|down_revision) = (?:"(.+)"|None)$', re.MULTILINE)


def current(url: str) -> str | None:
    """Returns the revision of a database; `None` when it is empty.

    Raises `DatabaseRefused` when it cannot be opened.
    """
    try:
        engine = open_engine(url, writes=True, size=1)
        with engine.connect() as connection:
            revision = revision_of(connection)
        engine.dispose()
    except (DatabaseError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        where = make_url(url).render_as_string(hide_password=True)
        raise DatabaseRefused(
            f"The database {where} cannot be opened ({reason}). Check DATABASE_URL or DATA_DIR."
        ) from None
    return revision


def revision_of(connection: Connection) -> str | None:
    """Returns the revision of an open database; `None` when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def upgrade(url: str) -> None:
    """Migrates to the newest revision.

    Raises `DatabaseRefused` for a database of a newer program, or one in use or damaged.
    """
    parts = make_url(url)
    is_file = parts.get_backend_name() == "sqlite" and parts.database
    with pages.opened(Path(str(parts.database))) if is_file else nullcontext():
        _upgrade(url)


def _upgrade(url: str) -> None:
    revision, head = _place(url)
    if revision == head:
        return
    log.info("migrating the database from %s to %s", revision or "nothing", head)
    try:
        resolve("messenger.assembly.migrate.steps:take")(url)
    except OperationalError as error:
        if not dialect.is_locked(error):
            raise
        raise DatabaseRefused(
            f"The migration waited {LOCK_TIMEOUT_MS // 1000} s for a table that another program uses; its changes "
            "are undone. Stop every web-messenger on this database, end long queries, and repeat it."
        ) from None


def check(url: str) -> None:
    """Refuses a database that is not at the newest revision. Raises `DatabaseRefused`."""
    revision, head = _place(url)
    if revision != head:
        raise DatabaseRefused(
            f"The database is at revision {revision or 'nothing'}, this program needs {head}: run `web-messenger migrate`."
        )


def revisions() -> tuple[set[str], str]:
    """Returns every revision this program knows, and the newest of them: read from the steps without running one."""
    before: dict[str, str] = {}
    for step in (MIGRATIONS / "versions").glob("*.py"):
        said = dict(_REVISION.findall(step.read_text()))
        before[said["revision"]] = said["down_revision"]
    (head,) = before.keys() - before.values()
    return set(before), head


def _place(url: str) -> tuple[str | None, str]:
    """Returns the database's revision and the newest one.

    Raises `DatabaseRefused` for a database of a newer program.
    """
    known, head = revisions()
    revision = current(url)
    if revision is not None and revision not in known:
        raise DatabaseRefused(
            f"The database is at revision {revision}, which this program does not know: it belongs to a newer "
            "version. Install that version again, or restore a backup made before the upgrade."
        )
    return revision, head
