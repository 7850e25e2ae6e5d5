"""Migrations go up, down and up again on both databases, and end where the models are."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from messenger.assembly import migrate
from messenger.assembly.features import metadata
from messenger.db.engine import DatabaseRefused, open_engine


def test_up_down_up_without_drift(url: str) -> None:
    migrate.upgrade(url)
    command.downgrade(migrate.configured(url), "base")
    assert migrate.current(url) is None
    migrate.upgrade(url)
    engine = open_engine(url, writes=True, size=1)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_newer_database_is_refused(url: str) -> None:
    migrate.upgrade(url)
    engine = open_engine(url, writes=True, size=1)
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29991231_future'"))
        connection.commit()
    engine.dispose()
    with pytest.raises(DatabaseRefused, match="newer version"):
        migrate.upgrade(url)
