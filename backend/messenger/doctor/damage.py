"""Checks whether the database still is as it was written: a file by its sums, PostgreSQL by its own checksums."""

import time
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, make_url

from messenger.db.engine import DatabaseRefused
from messenger.db.pages import check, keeper
from messenger.db.pages.check import Checked
from messenger.doctor.check import Finding, failed, warning
from messenger.kernel import clock
from messenger.process import folder
from messenger.settings import Settings, SettingsError

COMPARE_S: Final = 3.5
"""Seconds for comparing pages: a check of the doctor has 5 s, and the server itself compares larger files."""


def of_file(settings: Settings) -> Finding | None:
    """Returns the finding of an embedded database that is damaged, by the server's last check, or by a check of ours
    where no server runs.
    """
    path = Path(str(make_url(settings.database).database))
    found = check.read(path)
    try:
        if check.has_sums(path):
            with folder.held(settings, alone=True):
                found = _compared(path, found)
    except (SettingsError, OSError):
        pass  # a server runs, and checks; or this user may not
    except DatabaseRefused as refused:
        return failed(str(refused).removesuffix(f" {keeper.ADVICE}"), keeper.ADVICE)
    if found is None or not found.is_damaged:
        return None
    return failed(f"The database {path} is damaged: {found.sentence()} ({clock.text(found.at)}).", keeper.ADVICE)


def _compared(path: Path, before: Checked | None) -> Checked:
    """Compares the pages now; returns the findings with SQLite's messages of the last time."""
    end = time.monotonic() + COMPARE_S
    with keeper.opened(path) as pages:
        compared = pages.compare(lambda: time.monotonic() > end)
    return Checked(clock.now_ms(), compared.pages, compared.damaged, said=before.said if before else [])


def of_cluster(connection: Connection) -> Finding | None:
    """Returns the finding of a PostgreSQL that met damaged pages, or would not notice them."""
    if connection.exec_driver_sql("SHOW data_checksums").scalar_one() != "on":
        return warning(
            "PostgreSQL keeps no checksums of its pages, so it does not notice when its disk damages them.",
            "Stop it and run `pg_checksums --enable` on its data folder; a new one is made with `initdb --data-checksums`.",
        )
    count = connection.exec_driver_sql("SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database").scalar_one()
    if count:
        return failed(
            f"PostgreSQL met damaged pages ({count} times); its log names them.",
            "Stop the servers, keep a copy of its data folder, and restore a backup.",
        )
    return None
