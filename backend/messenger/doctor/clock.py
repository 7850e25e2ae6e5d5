"""Compares the clock of this machine with those of the database and Redis."""

from collections.abc import Callable
from typing import Final

from redis.exceptions import RedisError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from messenger.db.engine import DatabaseRefused, open_engine
from messenger.doctor.check import Finding, ok, warning
from messenger.doctor.redis import client_of
from messenger.kernel import clock
from messenger.settings import Settings

TOLERATED_S: Final = 2.0


def check(settings: Settings) -> Finding:
    """Returns the finding of the clock. A database or Redis that cannot be asked has a finding of its own."""
    apart: dict[str, float] = {}
    if make_url(settings.database).get_backend_name() == "postgresql":
        _compare(apart, "the database", lambda: _database_s(settings.database))
    if settings.bus_url.startswith("redis"):
        _compare(apart, "Redis", lambda: _redis_s(settings.bus_url))
    if not apart:
        return warning("The clock could not be compared with any other.", "Mend the database and Redis first.")
    said = " and ".join(
        f"{abs(seconds):.1f} s {'ahead of' if seconds > 0 else 'behind'} {name}" for name, seconds in apart.items()
    )
    if max(map(abs, apart.values())) > TOLERATED_S:
        return warning(
            f"The clock of this machine is {said}.",
            "Let every machine take its time from the same source (NTP): tokens end, and messages are dated, by it.",
        )
    return ok(f"Within {TOLERATED_S:g} s of {' and '.join(apart)}.")


def _compare(apart: dict[str, float], name: str, ask: Callable[[], float]) -> None:
    before = clock.now_ms()
    try:
        theirs = ask()
    except (SQLAlchemyError, DatabaseRefused, RedisError, OSError):
        return
    after = clock.now_ms()
    # They answered at some moment between the two: only a difference beyond these is certain.
    ours = min(max(theirs, before / 1000), after / 1000)
    apart[name] = ours - theirs


def _database_s(url: str) -> float:
    engine = open_engine(url, writes=False, size=1)
    with engine.connect() as connection:
        return float(connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one())


def _redis_s(url: str) -> float:
    with client_of(url) as client:
        seconds, micros = client.time()
    return float(seconds) + float(micros) / 1e6
