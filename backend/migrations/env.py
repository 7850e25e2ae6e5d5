"""Alembic's wiring: batch mode for SQLite, a lock timeout for PostgreSQL."""

import os
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, text

from messenger.assembly.features import metadata
from messenger.db.engine import open_engine


def _url() -> str:
    url = context.config.get_main_option("sqlalchemy.url") or os.environ.get("DATABASE_URL", "")
    return url or f"sqlite:///{Path(os.environ.get('DATA_DIR', './data')).resolve()}/messenger.db"


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # A migration that waits for a lock stops every sender behind it: better to fail and repeat.
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
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
    engine = open_engine(_url(), writes=True, size=1)
    with engine.connect() as opened:
        _migrate(opened)
    engine.dispose()
