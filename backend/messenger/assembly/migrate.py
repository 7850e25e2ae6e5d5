"""Brings a database to the newest revision, and refuses one that is newer than this program."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

import messenger
from messenger.db.engine import DatabaseRefused, open_engine

log = logging.getLogger("messenger.migrate")

MIGRATIONS = Path(messenger.__file__).parents[1] / "migrations"


def configured(url: str) -> Alembic:
    """Alembic's configuration for a database."""
    config = Alembic()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def current(url: str) -> str | None:
    """The revision of a database; `None` when it is empty. Raises `DatabaseRefused` when it cannot be opened."""
    try:
        engine = open_engine(url, writes=True, size=1)
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
        engine.dispose()
    except (OperationalError, OSError) as error:
        reason = getattr(error, "orig", error)
        raise DatabaseRefused(f"The database cannot be opened ({reason}). Check DATABASE_URL or DATA_DIR.") from None
    return revision


def upgrade(url: str) -> None:
    """Migrate to the newest revision. Raises `DatabaseRefused` for a database of a newer program."""
    config = configured(url)
    scripts = ScriptDirectory.from_config(config)
    revision = current(url)
    head = scripts.get_current_head()
    if revision == head:
        return
    if revision is not None and revision not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseRefused(
            f"The database is at revision {revision}, which this program does not know: it belongs to a newer "
            "version. Install that version again, or restore a backup made before the upgrade."
        )
    log.info("migrating the database from %s to %s", revision or "nothing", head)
    command.upgrade(config, "head")
