"""Configures Alembic: batch mode for SQLite; on PostgreSQL no statement timeout, but no waiting for locks."""

import os
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from messenger.assembly.features import metadata
from messenger.db.engine import open_engine


def _url() -> str:
    url = context.config.get_main_option("sqlalchemy.url") or os.environ.get("DATABASE_URL", "")
    return url or f"sqlite:///{Path(os.environ.get('DATA_DIR', './data')).resolve()}/messenger.db"


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=_url(), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    # A big table takes its time. But a migration that waits for a lock stops every sender behind it, so the
    # engine's lock timeout stays: better to fail and repeat.
    engine = open_engine(_url(), writes=True, size=1, is_patient=True)
    with engine.connect() as opened:
        _migrate(opened)
    engine.dispose()
