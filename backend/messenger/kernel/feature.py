"""The plate on a house: what a feature offers to the rest of the program."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from messenger.kernel.events import Event


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb of the socket: its data's form and what it does.

    `handle(platform, actor, data)` begins it: a future (of `db.batch`) costs least, a coroutine gets a task. `ack` makes
    the ack's data, as JSON bytes, of what that found. `bucket` names the rate limit it takes, `answers` the form of the ack's data.
    """

    form: type
    handle: Callable[[Any, Any, Any], Awaitable[Any]]
    bucket: str = "default"
    answers: type | None = None
    ack: Callable[[Any], bytes] = bytes


@dataclass(frozen=True, slots=True)
class Feature:
    """What a house offers. Lists run in the order of the street, bottom to top.

    routers: its HTTP doors. hot: HTTP doors without pydantic (`doors/fast.py`). frames: verbs of the socket.
    events: what it emits on the wire. jobs: later work, `async job(platform, payload)`. listens: event ->
    plural listener `listener(tx, events)` that runs before the commit. decorates: kind ("chat", "member", "knock") ->
    `decorate(tx, actor, views)` that fills in a page of another house's views. topics: `topics(tx, actor)`, the
    streams a socket of that person hears. acquaintances: `(tx, actor, user_ids)` -> `{user_id: last_seen_ms}` of
    those whose presence that person may watch. ended: `(tx, session_ids)` -> those of them that are over.
    """

    name: str
    routers: Sequence[Any] = ()
    hot: Sequence[Any] = ()
    frames: Mapping[str, Frame] = field(default_factory=dict)
    events: Sequence[Event] = ()
    jobs: Mapping[str, Callable[..., Awaitable[None]]] = field(default_factory=dict)
    listens: Mapping[Event, Callable[..., None]] = field(default_factory=dict)
    decorates: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    topics: Callable[..., Any] | None = None
    acquaintances: Callable[..., Any] | None = None
    ended: Callable[..., Any] | None = None
