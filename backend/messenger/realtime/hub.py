"""Topics and who hears them: delivers envelopes to connections, in order and without holes, never awaiting."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import msgspec

from messenger.db.journal import Missed
from messenger.kernel import events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError
from messenger.kernel.events import Envelope, Topic
from messenger.kernel.ports.socket import text_frame
from messenger.realtime import frames

log = logging.getLogger("messenger.realtime")

HEAL_S: Final = 0.05
"""How long a hole may wait for the envelope that fills it before the journal is asked."""
HEAL_AGAIN_S: Final = 1.0
HEAL_MOST: Final = 1000
REVOKED: Final = 4403


class Hearer(Protocol):
    """Who hears topics: a connection, or a waiting long poll."""

    topics: set[Topic]
    actor: Actor

    def deliver(self, topic: Topic, ev: int, data: bytes) -> None:
        """An event of a stream, as a finished frame."""


class Ended(msgspec.Struct):
    """The part of a `session.ended` frame that the hub needs."""

    data: dict[str, int]


class Hub:
    """The topics of one process. `read_after(cursors, most)` asks the journal."""

    def __init__(self, read_after: Callable[[dict[Topic, int], int], Awaitable[Missed]]) -> None:
        self._read_after = read_after
        self._topics: defaultdict[Topic, set[Any]] = defaultdict(set)
        self._delivered: dict[Topic, int] = {}
        self._late: defaultdict[Topic, dict[int, Envelope]] = defaultdict(dict)
        self._healing: set[asyncio.Task[None]] = set()
        self.on_presence: Callable[[Envelope], None] = lambda _: None
        self.on_session_ended: Callable[[int, int], None] = lambda _user, _session: None
        self.on_left: Callable[[int], None] = lambda _user: None

    def subscribe(self, hearer: Hearer, topic: Topic) -> None:
        """From now on the hearer gets what is delivered on the topic."""
        hearer.topics.add(topic)
        self._topics[topic].add(hearer)

    def begin(self, heads: Mapping[Topic, int]) -> None:
        """A hearer has read these streams up to their heads: what follows must follow without a hole."""
        for topic, ev in heads.items():
            if topic in self._topics:
                self._delivered.setdefault(topic, ev)

    def delivered(self, topic: Topic) -> int:
        """The last change of a stream that went to its hearers; 0 when none did."""
        return self._delivered.get(topic, 0)

    def unsubscribe(self, hearer: Hearer, topic: Topic) -> None:
        """The hearer gets nothing more of the topic; a topic nobody hears is forgotten."""
        hearer.topics.discard(topic)
        hearers = self._topics.get(topic)
        if hearers is None:
            return
        hearers.discard(hearer)
        if not hearers:
            del self._topics[topic]
            self._delivered.pop(topic, None)
            self._late.pop(topic, None)

    def leave(self, hearer: Hearer) -> None:
        """The hearer is gone."""
        for topic in tuple(hearer.topics):
            self.unsubscribe(hearer, topic)

    def hearers(self, topic: Topic) -> set[Any]:
        """Who hears a topic."""
        return self._topics.get(topic, set())

    def deliver(self, envelopes: Sequence[Envelope]) -> None:
        """A list from the bus."""
        for envelope in envelopes:
            if envelope.type == "presence":
                self.on_presence(envelope)
            elif envelope.ev == 0:
                self._fan_out(envelope)
            else:
                self._in_order(envelope)

    def _in_order(self, envelope: Envelope) -> None:
        topic = envelope.topic
        if envelope.ev <= self._delivered.get(topic, 0):
            return  # a repetition: whom it brought in may have left since
        # Those it brings in hear the topic from here on, also when nobody of this process heard it before.
        for user_id in envelope.joined:
            for hearer in tuple(self._topics.get(events.user(user_id), ())):
                self.subscribe(hearer, topic)
        if topic not in self._topics:
            return
        if envelope.ev > self._delivered.get(topic, envelope.ev - 1) + 1:
            self._hold_back(envelope)
            return
        self._pass_on(envelope)
        late = self._late.get(topic)
        while late and (following := late.pop(self._delivered.get(topic, 0) + 1, None)) is not None:
            self._pass_on(following)

    def _pass_on(self, envelope: Envelope) -> None:
        topic = envelope.topic
        self._delivered[topic] = envelope.ev
        self._fan_out(envelope)
        for user_id in envelope.left:
            for hearer in tuple(self._topics.get(events.user(user_id), ())):
                self.unsubscribe(hearer, topic)
            self.on_left(user_id)
        if envelope.type == "session.ended":
            ended = msgspec.json.decode(envelope.frame, type=Ended)
            self.on_session_ended(envelope.id, ended.data["session_id"])

    def _fan_out(self, envelope: Envelope) -> None:
        topic = envelope.topic
        hearers = self._topics.get(topic)
        if not hearers:
            return
        ev, data, owner = envelope.ev, text_frame(envelope.frame.encode()), envelope.owner
        if not owner:
            for hearer in hearers:
                hearer.deliver(topic, ev, data)
            return
        own = text_frame(envelope.owner_frame.encode()) if envelope.owner_frame else b""
        for hearer in hearers:
            if hearer.actor.user_id != owner:
                hearer.deliver(topic, ev, data)
            elif own:
                hearer.deliver(topic, ev, own)

    def _hold_back(self, envelope: Envelope) -> None:
        late = self._late[envelope.topic]
        late[envelope.ev] = envelope
        if len(late) == 1:
            task = asyncio.get_running_loop().create_task(self._heal(envelope.topic))
            self._healing.add(task)
            task.add_done_callback(self._healing.discard)

    async def _heal(self, topic: Topic) -> None:
        """Fill a hole that stays open from the journal."""
        await asyncio.sleep(HEAL_S)
        missed = None
        while missed is None:
            if not self._late.get(topic):
                return
            log.info("healing a hole in %s after %s", topic, self._delivered.get(topic))
            try:
                missed = await self._read_after({topic: self._delivered.get(topic, 0)}, HEAL_MOST)
            except AppError as error:
                log.warning("a hole in %s stays open for now: %s", topic, error.code)
                await asyncio.sleep(HEAL_AGAIN_S)
        late = self._late.pop(topic, {})
        if topic in missed.pruned or topic in missed.too_many:
            self._delivered[topic] = max(late, default=self._delivered.get(topic, 0))
            resync = frames.control("resync", frames.Resync([str(topic)], "too_many"))
            for hearer in self._topics.get(topic, ()):
                hearer.deliver(topic, 0, resync)
        for row in missed.rows:
            if row.ev == self._delivered.get(topic, row.ev - 1) + 1:
                self._pass_on(row)
        for ev in sorted(late):  # those that came while the journal was read may stand beyond it
            self._in_order(late[ev])
