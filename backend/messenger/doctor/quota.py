"""Checks how much of the bytes that all people together may store are used."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from messenger.assembly.variables import sections_of
from messenger.db.engine import DatabaseRefused, open_engine
from messenger.db.sql import Sql
from messenger.doctor.check import Finding, failed, ok, warning, why
from messenger.features.media import store
from messenger.features.media.settings import MediaSettings
from messenger.settings import Settings

NEAR: Final = 90
"""Percent of the limit from which on it is near."""


def is_set(settings: Settings) -> bool:
    """Returns whether there is such a limit."""
    return _limit(settings) is not None


def check(settings: Settings) -> Finding:
    """Returns the finding of `FILES_TOTAL`."""
    total = _limit(settings) or 0
    try:
        with open_engine(settings.database, writes=False, size=1).connect() as connection, connection.begin():
            used = sum(store.sum_storage(Sql(connection)))
    except (DatabaseRefused, DBAPIError) as error:
        return failed(f"The files of all people cannot be summed: {why(error)}.", "See the check of the database.")
    said = f"Files and uploads of all people take {used / 1024**3:.1f} of {total / 1024**3:.1f} GiB."
    if used * 100 < total * NEAR:
        return ok(said)
    return warning(said, "Raise FILES_TOTAL, or give the largest of them a smaller limit (Settings, Server space).")


def _limit(settings: Settings) -> int | None:
    media = sections_of(settings)[MediaSettings]
    return media.files_total if isinstance(media, MediaSettings) else None
