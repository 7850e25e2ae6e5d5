"""Builds a platform from the settings: opens everything in order, closes it in reverse."""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from messenger.adapters.jobs.inproc import Run
from messenger.assembly import migrate
from messenger.assembly.drivers.choice import (
    make_bus,
    make_jobs,
    make_limits,
    make_mail,
    make_scan,
    make_storage,
    make_web,
)
from messenger.assembly.features import FEATURES, gate, hooks
from messenger.assembly.variables import sections_of
from messenger.db import journal, outbox, repeats
from messenger.db.crew.crew import Crew
from messenger.db.database import Database
from messenger.db.engine import DatabaseRefused
from messenger.db.pages.keeper import ADVICE
from messenger.doors.platform import Config, Gauge, Platform
from messenger.kernel import clock
from messenger.kernel.errors import Damaged
from messenger.kernel.events import Envelope
from messenger.kernel.ids import new_secret
from messenger.kernel.origin import Origins
from messenger.kernel.signing import Seals, derive
from messenger.process import folder
from messenger.settings import Settings

log = logging.getLogger("messenger")

HOUSEKEEPING_S: Final = 3600


@asynccontextmanager
async def opened(settings: Settings, *, works: bool = False, crew: Crew | None = None) -> AsyncIterator[Platform]:
    """Yields the open platform of one process. Raises `SettingsError`, `DatabaseRefused`.

    `works`: whether this process runs background jobs that others hand over. `crew`: the processes it shares chats
    with.
    """
    folder.prepare(settings)
    with folder.held(settings):
        try:
            async with _opened(settings, works=works, crew=crew) as platform:
                yield platform
        except Damaged:
            raise DatabaseRefused(
                f"The database is damaged: data that the start needs cannot be read. {ADVICE}"
            ) from None


@asynccontextmanager
async def _opened(settings: Settings, *, works: bool, crew: Crew | None) -> AsyncIterator[Platform]:
    await asyncio.to_thread(migrate.upgrade if settings.is_embedded else migrate.check, settings.database)
    bus, limits = make_bus(settings), make_limits(settings)
    config = await asyncio.to_thread(_config, settings)
    seals = Seals(derive(config.secret_key, "seal"))
    db = Database(settings.database, hooks(seals), settings.database_replica_url, crew)
    authenticate = gate().authenticate(db, config.secret_key)
    storage, mail, web = make_storage(settings), make_mail(settings), make_web(settings)
    await storage.start()
    runs: dict[str, Run] = {}
    jobs = make_jobs(settings, db, runs, works=works)
    parts = (config, sections_of(settings), db, bus, jobs, mail, storage, limits, web, authenticate)
    platform = Platform(*parts, _gauges(), make_scan(settings))
    runs |= _runs(platform)

    def committed(envelopes: Sequence[Envelope], woken: Sequence[int]) -> None:
        if envelopes:
            platform.events.update([envelope.type for envelope in envelopes])
            bus.publish(envelopes)
        if woken:
            jobs.wake(woken)

    if crew is not None:
        crew.is_heard = lambda: bus.is_up
    bus.listen(authenticate.heard)
    await db.open(committed, settings.witness)
    seals.epoch = await db.read(journal.epoch)
    await bus.start()
    await limits.start()
    await jobs.start()
    housekeeper = asyncio.create_task(_keep_house(db, settings.journal_days))
    try:
        yield platform
    finally:
        housekeeper.cancel()
        await asyncio.gather(housekeeper, return_exceptions=True)
        await jobs.close()
        await web.close()
        await limits.close()
        await bus.close()
        await db.close()


def _gauges() -> Sequence[Gauge]:
    """Returns the metrics of all houses."""
    return [gauge for feature in FEATURES for gauge in feature.gauges]


def _runs(platform: Platform) -> dict[str, Run]:
    """Returns the jobs of all houses by name, and the one by which the doctor sees that a worker runs."""

    async def nothing(_: bytes) -> None:
        return

    jobs = {name: job for feature in FEATURES for name, job in feature.jobs.items()}
    return {outbox.PROBE: nothing} | {name: partial(job, platform) for name, job in jobs.items()}


def _config(settings: Settings) -> Config:
    secret = settings.secret_key or _kept(settings.data_dir / "secret.key")
    return Config(
        env=settings.app_env,
        public_url=settings.address,
        origins=origins_of(settings),
        secret_key=secret.encode(),
        limits_on=settings.rate_limits == "on",
        docs_for_all=settings.is_local or settings.public_docs == "yes",
        sends_mail=settings.sends_mail,
    )


def origins_of(settings: Settings) -> Origins:
    """Returns the origins whose pages may use this server."""
    return Origins(settings.address, settings.cors_origins, is_local=settings.is_local)


def _kept(path: Path) -> str:
    """Returns a secret that is made once and kept in a file only this user may read."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(new_secret() + secrets.token_hex(8))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()


async def _keep_house(db: Database, journal_days: int) -> None:
    """Runs the upkeep each hour.

    Deletes changes and kept answers that are older than promised, then runs the upkeep of each house.
    """
    while True:
        try:
            now = clock.now_ms()
            db.seals.epoch = await db.read(journal.epoch)  # a worker learns of it nowhere else
            while stale := await db.read(journal.stale, now - journal_days * 86_400_000):
                await db.write(journal.forget, stale)
            await db.write(repeats.forget, now - repeats.KEPT_MS)
            for feature in FEATURES:
                for forget in feature.upkeep:
                    await db.write(forget, now)
        except Exception:
            log.exception("the upkeep failed; it will be repeated")
        await asyncio.sleep(HOUSEKEEPING_S)
