"""The record of everything a door or a job may use."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, TypeVar, cast

from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.doors.section import Section
from messenger.kernel.actor import Actor
from messenger.kernel.events import Envelope
from messenger.kernel.origin import Origins
from messenger.kernel.ports.bus import Bus
from messenger.kernel.ports.jobs import Jobs
from messenger.kernel.ports.limits import Limits
from messenger.kernel.ports.mail import Mail
from messenger.kernel.ports.scan import Scan
from messenger.kernel.ports.storage import Storage
from messenger.kernel.ports.web import Web

S = TypeVar("S", bound=Section)
ACCESS: Final = "access"
"""The purpose of access tokens."""


@dataclass(frozen=True, slots=True)
class Config:
    """The facts of the server that houses and sockets need; the assembly makes it from `settings.py`."""

    env: str
    public_url: str
    origins: Origins
    secret_key: bytes
    limits_on: bool = True
    docs_for_all: bool = True
    sends_mail: bool = False


class Authenticate(Protocol):
    """The function by which a platform identifies callers; see `Platform`."""

    async def __call__(self, token: str, *, anew: bool = False, purpose: str = ACCESS) -> Actor: ...

    def heard(self, envelopes: Sequence[Envelope]) -> None:
        """Forgets the sessions that these envelopes end. On the event loop."""


class Gauge(NamedTuple):
    """A metric that a house reads from the database: its values by the value of its only label.

    `messenger_NAME`; all processes show the same.
    """

    name: str
    what: str
    label: str
    read: Callable[[Tx], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Platform:
    """The database, the ports and the function that identifies callers.

    `authenticate(access_token)` returns the actor or raises `Unauthenticated`. It looks the session up at most every 5
    s, at once after the bus reported its end, and always with `anew`. A token of another `purpose` is good for nothing
    else. `sections`: the variables of the houses. `gauges`: their metrics.
    `refused` counts refusals by bucket, `events` committed events by type, `moved` bytes of files
    (`in`, `out`), `scans` files by what the scanner of viruses said, if there is one.
    """

    config: Config
    sections: Mapping[type[Section], Section]
    db: Database
    bus: Bus
    jobs: Jobs
    mail: Mail
    storage: Storage
    limits: Limits
    web: Web
    authenticate: Authenticate
    gauges: Sequence[Gauge] = ()
    scan: Scan | None = None
    refused: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    scans: Counter[str] = field(default_factory=Counter)

    def of(self, form: type[S]) -> S:
        """Returns the variables of a house."""
        return cast(S, self.sections[form])
