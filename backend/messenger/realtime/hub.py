"""Topics and who hears them: delivers envelopes to connections, in order (R11) and without holes, never awaiting."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

from messenger.db.journal import Missed
from messenger.kernel import events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError
from messenger.kernel.events import Envelope, Topic
from messenger.kernel.ports.bus import Bus
from messenger.kernel.ports.socket import text_frame

log = logging.getLogger("messenger.realtime")

HEAL_S: Final = 0.05
"""How long a hole may wait for the envelope that fills it before the journal is asked."""
HEAL_MOST: Final = 1000


class Hearer(Protocol):
    """Who hears topics: a connection, or a waiting long poll."""

    topics: set[Topic]
    actor: Actor

    def deliver(self, topic: Topic, ev: int, data: bytes) -> None:
        """An event of a stream, as a finished frame."""

    def drop(self) -> None:
        """Too much was missed to tell it here: come back and resume."""


class Hub:
    """The topics of one process, which are those it wants of the bus. `read_after(cursors, most)` asks the journal.

    `deliveries` counts envelopes times their hearers; `delivered` is the last change of each stream that went to its hearers.
    """

    def __init__(self, bus: Bus, read_after: Callable[[dict[Topic, int], int], Awaitable[Missed]]) -> None:
        self._bus, self._read_after = bus, read_after
        self._topics: defaultdict[Topic, set[Hearer]] = defaultdict(set)
        self.deliveries = 0
        self.delivered: dict[Topic, int] = {}
        self._late: defaultdict[Topic, dict[int, Envelope]] = defaultdict(dict)
        self._healing: dict[Topic, asyncio.Task[None]] = {}
        self.on_word: Callable[[Envelope], None] = lambda _: None
        self.on_session_ended: Callable[[int, int], None] = lambda _user, _session: None
        self.on_left: Callable[[int], None] = lambda _user: None
        self.on_rewind: Callable[[], None] = lambda: None

    def subscribe(self, hearer: Hearer, topics: Collection[Topic]) -> None:
        """From now on the hearer gets what is delivered on the topics."""
        hearer.topics.update(topics)
        fresh = [topic for topic in topics if topic not in self._topics]
        for topic in topics:
            self._topics[topic].add(hearer)
        self._bus.want(fresh)

    def begin(self, heads: Mapping[Topic, int]) -> None:
        """A hearer has read these streams up to their heads: what follows must follow without a hole."""
        for topic, ev in heads.items():
            if topic in self._topics:
                self.delivered.setdefault(topic, ev)

    def unsubscribe(self, hearer: Hearer, topics: Collection[Topic]) -> None:
        """The hearer gets nothing more of the topics; a topic without hearers is forgotten."""
        hearer.topics.difference_update(topics)
        unheard = []
        for topic in topics:
            hearers = self._topics.get(topic)
            if hearers is None:
                continue
            hearers.discard(hearer)
            if not hearers:
                del self._topics[topic]
                self.delivered.pop(topic, None)
                self._late.pop(topic, None)
                unheard.append(topic)
        self._bus.unwant(unheard)

    def leave(self, hearer: Hearer) -> None:
        """The hearer is gone."""
        self.unsubscribe(hearer, tuple(hearer.topics))

    def drop_all(self, spared: Hearer | None) -> None:
        """Let all hearers but one come back and resume: what was delivered is of another history."""
        for hearer in {one for hearers in self._topics.values() for one in hearers} - {spared}:
            self.leave(hearer)
            hearer.drop()
        self.delivered.clear()
        self._late.clear()

    def hearers(self, topic: Topic) -> set[Hearer]:
        """Who hears a topic."""
        return self._topics.get(topic, set())

    def deliver(self, envelopes: Sequence[Envelope]) -> None:
        """A list from the bus."""
        for envelope in envelopes:
            if envelope.ev:
                self._in_order(envelope)
            elif envelope.type == events.WORD:
                self.on_word(envelope)
            elif not self._is_crowd(envelope):
                self._fan_out(envelope.topic, envelope)

    def _is_crowd(self, whisper: Envelope) -> bool:
        hearers = self.hearers(whisper.topic)
        if not whisper.most or len(hearers) <= whisper.most:
            return False
        return len({hearer.actor.user_id for hearer in hearers}) > whisper.most

    def _in_order(self, envelope: Envelope) -> None:
        topic = envelope.topic
        if envelope.ev <= self.delivered.get(topic, 0):
            return  # a repetition: whom it brought in may have left since
        # Those it brings in hear the topic from here on, also when nobody of this process heard it before.
        for user_id in envelope.joined:
            self._bring_in(user_id, topic)
        if topic not in self._topics:
            return
        if envelope.ev > self.delivered.get(topic, envelope.ev - 1) + 1:
            self._hold_back(topic, envelope)
            return
        self._pass_on(topic, envelope)
        late = self._late.get(topic)
        while late and (following := late.pop(self.delivered.get(topic, 0) + 1, None)) is not None:
            self._pass_on(topic, following)
        if late is not None and not late:
            self._late.pop(topic, None)

    def _pass_on(self, topic: Topic, envelope: Envelope) -> None:
        self.delivered[topic] = envelope.ev
        self._fan_out(topic, envelope)
        for user_id in envelope.left:
            for hearer in tuple(self._topics.get(events.user(user_id), ())):
                self.unsubscribe(hearer, [topic])
            self.on_left(user_id)
        for session_id in envelope.ends:
            self.on_session_ended(envelope.id, session_id)
        if envelope.opens:
            self._open(envelope.id, *envelope.opens)

    def _open(self, user_id: int, chat_id: int, ev: int) -> None:
        """Let a user hear a chat after its change `ev`. The chat's own envelope may be lost where no other hears the chat."""
        topic = events.chat(chat_id)
        if topic not in self._topics:
            self._bring_in(user_id, topic)
            self.begin({topic: ev})

    def _bring_in(self, user_id: int, topic: Topic) -> None:
        is_new = topic not in self._topics
        for hearer in tuple(self._topics.get(events.user(user_id), ())):
            self.subscribe(hearer, [topic])
        if is_new and topic in self._topics:
            # Until the bus has heard that this process wants the topic, others publish past it.
            self._heal_soon(topic)

    def _fan_out(self, topic: Topic, envelope: Envelope) -> None:
        hearers = self._topics.get(topic)
        if not hearers:
            return
        self.deliveries += len(hearers)
        ev, data, owner = envelope.ev, text_frame(envelope.frame.encode()), envelope.owner
        if not owner:
            for hearer in hearers:
                hearer.deliver(topic, ev, data)
            return
        mine = envelope.frame_for(owner)
        own = text_frame(mine.encode()) if mine else b""
        for hearer in hearers:
            if hearer.actor.user_id != owner:
                hearer.deliver(topic, ev, data)
            elif own:
                hearer.deliver(topic, ev, own)

    def _hold_back(self, topic: Topic, envelope: Envelope) -> None:
        self._late[topic][envelope.ev] = envelope
        self._heal_soon(topic)

    def _heal_soon(self, topic: Topic) -> None:
        if topic not in self._healing:
            task = asyncio.get_running_loop().create_task(self._heal(topic))
            self._healing[topic] = task
            task.add_done_callback(lambda _: self._healing.pop(topic, None))

    async def _heal(self, topic: Topic) -> None:
        """Fill a hole that stays open, as far as the journal can be asked; else the next sweep does."""
        await asyncio.sleep(HEAL_S)
        while topic in self.delivered:
            log.info("looking for a hole in %s after %s", topic, self.delivered[topic])
            if not await self._catch_up({topic: self.delivered[topic]}) or not self._late.get(topic):
                return
            await asyncio.sleep(HEAL_S)  # what came while the journal was read may stand beyond it

    async def sweep(self) -> None:
        """Compare all that is heard with the journal: what the bus lost comes, also when nothing follows it."""
        if self.delivered:
            await self._catch_up(dict(self.delivered))

    async def _catch_up(self, after: dict[Topic, int]) -> bool:
        """Pass on what the journal has beyond a position; whether it could be asked."""
        try:
            missed = await self._read_after(after, HEAL_MOST)
        except AppError as error:
            log.warning("events that the bus may have lost wait for the database: %s", error.code)
            return False
        if any(self.delivered.get(topic) == after[topic] for topic in missed.behind):
            self.on_rewind()
            return False
        for row in missed.rows:
            if row.topic in self._topics:
                self._in_order(row)
        for topic in missed.pruned | missed.too_many:
            log.warning("too much of %s was missed: its hearers resume", topic)
            for hearer in tuple(self._topics.get(topic, ())):
                self.leave(hearer)
                hearer.drop()
        return True
