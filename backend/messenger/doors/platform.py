"""The record of everything a door or job may reach."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from messenger.db.database import Database
from messenger.kernel.actor import Actor
from messenger.kernel.origin import Origins
from messenger.kernel.ports.bus import Bus
from messenger.kernel.ports.jobs import Jobs
from messenger.kernel.ports.limits import Limits
from messenger.kernel.ports.mail import Mail
from messenger.kernel.ports.storage import Storage


@dataclass(frozen=True, slots=True)
class Config:
    """Settings that features and sockets need, in their units; made by the assembly from `settings.py`."""

    env: str
    public_url: str
    origins: Origins
    server_name: str
    registration: str
    secret_key: bytes
    setup_code: str
    access_token_s: int = 600
    refresh_token_s: int = 30 * 86_400
    refresh_grace_s: int = 10
    email_token_s: int = 86_400
    reset_token_s: int = 1200
    invite_s: int = 7 * 86_400
    password_min_chars: int = 10
    password_memory_kib: int = 47_104
    message_max_chars: int = 16_000
    edit_window_s: int = 86_400
    sockets_per_user: int = 10
    journal_days: int = 14
    limits_on: bool = True
    docs_for_all: bool = True
    sends_mail: bool = False


class Authenticate(Protocol):
    """See `Platform`."""

    async def __call__(self, token: str, *, anew: bool = False) -> Actor: ...


@dataclass(frozen=True, slots=True)
class Platform:
    """Database, ports and the one way to learn who asks.

    `authenticate(access_token)` answers the actor or raises `Unauthenticated`; it looks the session up at most
    every 5 s, at once after a `session.ended` event passed through this process, and when asked to do it `anew`. `refused` counts refusals by bucket, `events` committed events by type.
    """

    config: Config
    db: Database
    bus: Bus
    jobs: Jobs
    mail: Mail
    storage: Storage
    limits: Limits
    authenticate: Authenticate
    refused: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
