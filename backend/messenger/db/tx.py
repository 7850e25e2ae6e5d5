"""A transaction as an action sees it: statements, numbers, events, background jobs. Only a lane commits it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection

from messenger.db import journal, outbox
from messenger.db.journal import Numbers
from messenger.db.sql import Sql
from messenger.kernel import clock, codec, trail
from messenger.kernel.events import (
    NO_EFFECT,
    Effect,
    Envelope,
    Event,
    Place,
    Topic,
    author_frame,
    frame_text,
    whisper_text,
)
from messenger.kernel.signing import Seals

D = TypeVar("D")
P = TypeVar("P")


class Seam(Generic[P]):
    """A point where houses above add to pages `P` of one house.

    That house makes it once; it is equal only to itself.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Hooks:
    """The only hidden calls: plural listeners that run before the commit, and decorators of views.

    `seals`: of all events.
    """

    listeners: Mapping[Event[Any], Sequence[Callable[["Tx", list[Any]], None]]] = field(default_factory=dict)
    decorators: Mapping[Seam[Any], Sequence[Callable[["Tx", Any], None]]] = field(default_factory=dict)
    seals: Seals = field(default_factory=Seals)


class Emitted(NamedTuple):
    """An event that will be numbered: `extra` are JSON fields for the devices of user `author` alone."""

    event: Event[Any]
    topic: Topic
    data: str
    author: int
    extra: str
    effect: Effect


class Tx(Sql):
    """One transaction. `now` (ms) is its time, the same for all that it writes."""

    __slots__ = ("_cancelled", "_emitted", "_evs", "_hooks", "_staged", "_told", "_whispers", "now", "woken")

    def __init__(self, conn: Connection, hooks: Hooks) -> None:
        super().__init__(conn)
        self.now = clock.now_ms()
        self.woken: list[int] = []
        self._hooks = hooks
        self._emitted: list[Emitted] = []
        self._whispers: list[Envelope] = []
        self._told: dict[Event[Any], list[Any]] = {}
        self._staged: list[outbox.Staged] = []
        self._cancelled: set[str] = set()
        self._evs: dict[Topic, tuple[int, int]] = {}

    def number(self, wants: Mapping[Topic, int]) -> dict[Topic, Numbers]:
        """Takes message numbers of each stream, and as many change numbers for the events of those messages."""
        numbers = journal.number(self, wants, wants, self.now)
        for topic, count in wants.items():
            first, had = self._evs.get(topic, (numbers[topic].ev, 0))
            self._evs[topic] = (first, had + count)
        return numbers

    def open_streams(self, *topics: Topic) -> None:
        """Begins the streams of a new chat or user."""
        journal.open_streams(self, topics, self.now)

    def hold(self, topics: Collection[Topic]) -> None:
        """Locks the streams before other rows of theirs are written, when the event comes later.

        All transactions lock in that order.
        """
        journal.hold(self, topics)

    def emit(
        self,
        event: Event[D],
        data: D,
        *,
        to: Topic,
        author: tuple[int, Mapping[str, Any]] | None = None,
        effect: Effect = NO_EFFECT,
    ) -> str:
        """Emits an event: journal row and envelope after the commit, listeners before it.

        `author`: the user who acted, and fields that only their devices see. `effect`: who hears what from this event
        on. Returns the encoded data as the author sees it.
        """
        encoded = codec.encode_text(data)
        extra = codec.encode_text(author[1])[1:-1] if author else ""
        self._emitted.append(Emitted(event, to, encoded, author[0] if author and extra else 0, extra, effect))
        self.tell(event, data)
        return f"{encoded[:-1]},{extra}}}" if extra else encoded

    def whisper(self, event: Event[D], data: D, *, to: Topic, most: int = 0) -> None:
        """Sends an event to those who hear a topic now, after the commit.

        It has no number and is never stored; `most` drops it as `Envelope.most` says.
        """
        name = event.wire_name
        frame = whisper_text(name, to, codec.encode_text(data))
        self._whispers.append(Envelope(to.kind, to.id, 0, name, frame, most=most))

    @property
    def seals(self) -> Seals:
        """Returns the seals of the database."""
        return self._hooks.seals

    def seal(self, topic: Topic, ev: int, at: int | None) -> str | None:
        """Returns the seal of a change that happened at `at` (ms); `None` for one that the journal does not have."""
        return None if at is None else self.seals.make(topic, ev, at)

    def emitted(self, topic: Topic) -> int:
        """Returns how many events this transaction has for a stream so far: what it reads now comes after them."""
        return sum(one.topic == topic for one in self._emitted)

    def tell(self, event: Event[D], data: D) -> None:
        """Gives an event to the listeners only."""
        if event in self._hooks.listeners:
            self._told.setdefault(event, []).append(data)

    def enqueue(
        self, job: str, payload: Any, *, key: str, due_at: int = 0, again: bool = False, heavy: bool = False
    ) -> None:
        """Stages a background job; `key` identifies its effect, so that a repeat does nothing twice.

        `again`: the job does what is to be done when it runs; staged while it runs, it runs once more (see `Staged`).
        `heavy`: it takes long.
        """
        self._staged.append(outbox.Staged(job, payload, key, due_at or self.now, trail.request_id.get(), again, heavy))

    def cancel(self, key: str) -> None:
        """Deletes the background job with that key, also one that this transaction staged."""
        self._staged = [one for one in self._staged if one.effect_key != key]
        self._cancelled.add(key)

    def decorate(self, seam: Seam[P], page: P) -> None:
        """Lets the houses above add to a page."""
        for decorate in self._hooks.decorators.get(seam, ()):
            decorate(self, page)

    def finish(self) -> list[Envelope]:
        """Runs the listeners, numbers and journals the events, stages the jobs. Called by the lane alone."""
        while self._told:
            told, self._told = self._told, {}
            for event, data in told.items():
                for listener in self._hooks.listeners[event]:
                    listener(self, data)
        envelopes = self._numbered() if self._emitted else []
        if envelopes:
            journal.append(self, envelopes, [emitted.extra for emitted in self._emitted], self.now)
        # Last: all transactions lock rows of the outbox after streams.
        if self._cancelled:
            outbox.cancel(self, self._cancelled)
        self.woken = outbox.stage(self, self._staged) if self._staged else []
        return [*envelopes, *self._whispers] if self._whispers else envelopes

    def _numbered(self) -> list[Envelope]:
        wanted: dict[Topic, int] = defaultdict(int)
        for emitted in self._emitted:
            wanted[emitted.topic] += 1
        unused = {t for t, (_, reserved) in self._evs.items() if wanted[t] < reserved}
        if unused:
            raise LookupError(f"numbers taken but no event emitted: {unused}")
        next_ev = {topic: first for topic, (first, _) in self._evs.items()}
        missing = {
            topic: count - reserved
            for topic, count in sorted(wanted.items())
            if count > (reserved := self._evs.get(topic, (0, 0))[1])
        }
        fresh = journal.number(self, missing, {}, self.now) if missing else {}
        for topic, numbers in fresh.items():
            # Reserved and fresh numbers are neighbours: the stream's row is locked since the first of them.
            next_ev.setdefault(topic, numbers.ev)
        at = clock.text(self.now)
        envelopes = []
        for emitted in self._emitted:
            ev = next_ev[emitted.topic]
            next_ev[emitted.topic] = ev + 1
            place = Place(ev, self.seals.make(emitted.topic, ev, self.now))
            envelopes.append(_envelope(emitted, place, at))
        return envelopes


def _envelope(emitted: Emitted, place: Place, at: str) -> Envelope:
    name = emitted.event.wire_name
    frame = frame_text(name, emitted.topic, place, at, emitted.data)
    return Envelope(
        emitted.topic.kind,
        emitted.topic.id,
        place.ev,
        name,
        frame,
        emitted.author,
        author_frame(frame, emitted.extra) if emitted.extra else "",
        *emitted.effect,
    )
