"""Tests that a migration takes the time it needs, and gives up when another program holds a table."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from messenger.assembly import migrate
from messenger.assembly.migrate import steps
from messenger.db import engine as engines
from messenger.db.engine import DatabaseRefused, open_engine
from tests.postgres import Cluster

PROBE = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "29991231_probe", None, None, None
def upgrade() -> None:
    op.execute("CREATE TABLE probe AS SELECT current_setting('statement_timeout') AS statement,"
               " current_setting('lock_timeout') AS lock")
"""


def test_a_table_in_use_is_said_in_one_sentence(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused migration leaves nothing behind: the same migration succeeds afterwards."""
    monkeypatch.setattr(engines, "LOCK_TIMEOUT_MS", 200)
    url = cluster.create_database()
    migrate.upgrade(url)
    command.downgrade(steps.configured(url), "20261123_receipts")
    holder = open_engine(url, writes=True, size=1)
    with holder.connect() as connection, connection.begin():
        connection.execute(text("LOCK TABLE journal IN ACCESS SHARE MODE"))
        with pytest.raises(DatabaseRefused, match=r"another program uses.*Stop every web-messenger"):
            migrate.upgrade(url)
    holder.dispose()
    assert migrate.current(url) == "20261123_receipts"
    migrate.upgrade(url)


def test_statements_of_a_migration_have_no_time_limit(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.create_database()
    (tmp_path / "probe.py").write_text(PROBE)
    config = steps.configured(url)
    config.set_main_option("version_locations", str(tmp_path))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
    engine = open_engine(url, writes=False, size=1)
    with engine.connect() as connection:
        assert tuple(connection.execute(text("SELECT statement, lock FROM probe")).one()) == ("0", "5s")
    engine.dispose()
