"""The plate of a house: everything that it adds to the rest of the program."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Generic, NamedTuple, TypeVar

from fastapi import APIRouter
from starlette.requests import Request

from messenger.db.database import Database
from messenger.db.tx import Seam, Tx
from messenger.doors.fast import Hot
from messenger.doors.platform import Authenticate, Gauge, Platform
from messenger.doors.section import Section
from messenger.kernel import codec
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError
from messenger.kernel.events import Event, Topic
from messenger.kernel.parts import Part
from messenger.kernel.ports.limits import Bucket

D = TypeVar("D")
A = TypeVar("A")
P = TypeVar("P")
Job = Callable[[Platform, bytes], Awaitable[None]]
"""A background job: `await job(platform, payload)`."""


@dataclass(frozen=True, slots=True)
class Verb(Generic[D, A]):
    """A verb of the socket: the form of its data and its handler.

    `handle(platform, actor, data)` begins it: a future (of `db.batch`) costs least, a coroutine gets a task. `bucket`
    is the rate limit it takes from, `answers` the form of the ack's data, and `ack` turns the result into that data, as
    JSON bytes.
    """

    form: type[D]
    handle: Callable[[Platform, Actor, D], Awaitable[A]]
    bucket: Bucket
    answers: type | None = None
    ack: Callable[[A], bytes] = codec.encode


class Listener(NamedTuple):
    """A function that a house runs when an event of a house below happens; see `hears`."""

    event: Event[Any]
    run: Callable[[Tx, list[Any]], None]


def hears(event: Event[D], run: Callable[[Tx, list[D]], None]) -> Listener:
    """Returns a listener for a plate.

    `run(tx, data)` gets all the data of an event before the commit of its transaction.
    """
    return Listener(event, run)


class Decorator(NamedTuple):
    """A function by which a house adds to the pages of a house below; see `adds`."""

    seam: Seam[Any]
    run: Callable[[Tx, Any], None]


def adds(seam: Seam[P], run: Callable[[Tx, P], None]) -> Decorator:
    """Returns a decorator for a plate: `run(tx, page)` adds to each page of a seam."""
    return Decorator(seam, run)


class Gate(NamedTuple):
    """The functions by which the one house that knows sessions identifies callers.

    authenticate: makes the function that the platform calls, from the database and the secret of the server.
    is_signed_in: whether a browser shows the cookie of a session that has not ended. first_page: the address at which
    the first account is made; empty once it exists.
    """

    authenticate: Callable[[Database, bytes], Authenticate]
    is_signed_in: Callable[[Request], Awaitable[bool]]
    first_page: Callable[[Platform], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Feature:
    """The plate of a house. Sequences run in the order of the street, bottom to top.

    Data: `tables`, the module that defines them. `settings`, its variables. `rates`, its rate limits. `upkeep(tx, now)`
    runs each hour, each in a transaction of its own. `gauges`, its metrics.

    Doors: `routers`, those of FastAPI. `hot`, those without pydantic (`doors/fast.py`). `verbs`, those of the socket by
    name. `events`, which it emits on the wire. `jobs`, background jobs by name. `refuses`: errors that its listeners
    and decorators raise in doors of houses below, by operation ("POST /api/auth/register").

    `GET /api/server`: `offers`, its words in `features`. `limits(platform)`, its numbers in `limits`. `facts(tx,
    platform)`, further fields of the answer.

    Other houses and sockets: `listens`, see `hears`. `decorates`, see `adds`. `parts`, which it adds to views of houses
    below. `topics`, the streams a person hears. `acquaintances`: when those whose presence a person may watch were last
    seen (ms). `ended`: returns which of the given sessions have ended. `gate`.
    """

    name: str
    tables: ModuleType | None = None
    settings: type[Section] | None = None
    rates: Sequence[Bucket] = ()
    upkeep: Sequence[Callable[[Tx, int], object]] = ()
    gauges: Sequence[Gauge] = ()
    routers: Sequence[APIRouter] = ()
    hot: Sequence[Hot] = ()
    verbs: Mapping[str, Verb[Any, Any]] = field(default_factory=dict)
    events: Sequence[Event[Any]] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    refuses: Mapping[str, Sequence[type[AppError]]] = field(default_factory=dict)
    offers: Sequence[str] = ()
    limits: Callable[[Platform], Mapping[str, int]] | None = None
    facts: Callable[[Tx, Platform], Mapping[str, str | bool]] | None = None
    listens: Sequence[Listener] = ()
    decorates: Sequence[Decorator] = ()
    parts: Sequence[Part[Any]] = ()
    topics: Callable[[Tx, Actor], Iterable[Topic]] | None = None
    acquaintances: Callable[[Tx, Actor, Collection[int]], Mapping[int, int | None]] | None = None
    ended: Callable[[Tx, Collection[int]], Collection[int]] | None = None
    gate: Gate | None = None
