"""Chooses the driver of each port by the settings."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import messenger
from messenger.adapters.bus.memory import MemoryBus
from messenger.adapters.jobs.inproc import LONGEST_S, InprocJobs, Run
from messenger.adapters.limits.memory import MemoryLimits
from messenger.adapters.mail.log import LogMail
from messenger.adapters.storage.disk import DiskStorage
from messenger.adapters.web.fetcher import Fetcher
from messenger.db.database import Database
from messenger.kernel.mime import sender_of
from messenger.kernel.ports.bus import Bus
from messenger.kernel.ports.jobs import Jobs
from messenger.kernel.ports.limits import Limits
from messenger.kernel.ports.mail import Mail
from messenger.kernel.ports.scan import Scan
from messenger.kernel.ports.storage import Storage
from messenger.kernel.ports.web import Web
from messenger.process.loading import resolve
from messenger.settings import CLAMD_PORT, Settings, SettingsError


def make_bus(settings: Settings) -> Bus:
    """Returns the driver of the bus."""
    if settings.bus_url.startswith("memory"):
        return MemoryBus()
    bus: Bus = resolve("messenger.adapters.bus.redis:RedisBus")(settings.bus_url)
    return bus


def make_limits(settings: Settings) -> Limits:
    """Returns the driver of limits."""
    if settings.limits_url.startswith("memory"):
        return MemoryLimits()
    limits: Limits = resolve("messenger.adapters.limits.redis:RedisLimits")(settings.limits_url)
    return limits


def make_jobs(settings: Settings, db: Database, runs: Mapping[str, Run], *, works: bool) -> Jobs:
    """Returns the driver of jobs. `works`: whether this process runs background jobs that others hand over."""
    if works:
        return InprocJobs(db, runs, LONGEST_S)  # a worker that stops keeps no person waiting
    if settings.jobs_url.startswith("inproc"):
        return InprocJobs(db, runs)
    jobs: Jobs = resolve("messenger.adapters.jobs.celery:CeleryJobs")(settings.jobs_url)
    return jobs


def make_mail(settings: Settings) -> Mail:
    """Returns the driver of mail. Raises `SettingsError`."""
    try:
        sender = sender_of(settings.mail_from or "web-messenger@localhost")
    except ValueError as error:
        raise SettingsError(f"MAIL_FROM is no sender of letters: {error}") from None
    if not settings.sends_mail:
        return LogMail(settings.data_dir / "mail", sender)
    try:
        mail: Mail = resolve("messenger.adapters.mail.smtp:SmtpMail")(settings.mail_url, sender)
    except ValueError as error:
        raise SettingsError(f"MAIL_URL cannot be used: {error}.") from None
    return mail


def make_storage(settings: Settings) -> Storage:
    """Returns the driver of storage. Raises `SettingsError`."""
    scheme, _, rest = settings.storage.partition("://")
    if scheme == "file":
        return DiskStorage(Path(rest))
    try:
        storage: Storage = resolve("messenger.adapters.storage.s3:S3Storage")(settings.storage)
    except ValueError as error:
        raise SettingsError(f"STORAGE_URL cannot be used: {error}.") from None
    return storage


def make_scan(settings: Settings) -> Scan | None:
    """Returns the driver of the scanner of viruses, if the settings name one."""
    if not settings.scan_url:
        return None
    parts = urlsplit(settings.scan_url)
    scan: Scan = resolve("messenger.adapters.scan.clamd:Clamd")(parts.hostname, parts.port or CLAMD_PORT)
    return scan


def make_web(settings: Settings) -> Web:
    """Returns the driver of the open internet: it names this server to others, and does not ask it."""
    address = settings.address
    return Fetcher(f"web-messenger/{messenger.__version__} (+{address})", urlsplit(address).hostname or "")
