"""Checks the replica of the database: whether it answers, is one, and is not far behind."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from messenger.db.engine import DatabaseRefused, open_engine
from messenger.doctor.check import Finding, ok, warning, why
from messenger.settings import Settings

BEHIND_S: Final = 10.0
STATE: Final = """
SELECT pg_is_in_recovery() AS follows,
    CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END AS behind
"""


def check(settings: Settings) -> Finding:
    """Returns the finding of the replica in `DATABASE_REPLICA_URL`. Nothing fails without it: the primary is read."""
    try:
        with open_engine(settings.database_replica_url, writes=False, size=1).connect() as connection:
            state = connection.exec_driver_sql(STATE).one()
    except DatabaseRefused as refused:
        return warning(str(refused), "Let primary and replica be of the same version.")
    except DBAPIError as error:
        return warning(
            f"The replica does not answer: {why(error.orig or error)}.",
            "Start it, or set DATABASE_REPLICA_URL to its address; until then the primary is read.",
        )
    if not state.follows:
        return warning(
            "The database in DATABASE_REPLICA_URL follows no other one.",
            "Set up streaming replication from the one in DATABASE_URL, or leave the variable empty.",
        )
    if state.behind > BEHIND_S:
        return warning(
            f"The replica is {state.behind:.0f} s behind.",
            "Check whether it is connected to the primary and keeps up with it.",
        )
    return ok(f"The replica follows, {state.behind:.1f} s behind.")
