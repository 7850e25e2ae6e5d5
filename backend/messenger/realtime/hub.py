"""Knows the hearers of each topic.

Delivers envelopes to connections, in order (R11) and without holes, never awaiting.
"""

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
    """A hearer of topics: a connection, or a waiting long poll."""

    topics: set[Topic]
    actor: Actor

    def deliver(self, topic: Topic, ev: int, data: bytes) -> None:
        """Delivers an event of a stream, as a finished frame."""

    def drop(self) -> None:
        """Disconnects a hearer that missed too much: it comes back and resumes."""


class Hub:
    """The topics of one process, which are those it wants of the bus. `read_after(cursors, most)` asks the journal.

    `deliveries` counts envelopes times their hearers; `delivered` is the last change of each stream that went to its
    hearers.
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
        """Subscribes a hearer to topics."""
        hearer.topics.update(topics)
        fresh = [topic for topic in topics if topic not in self._topics]
        for topic in topics:
            self._topics[topic].add(hearer)
        self._bus.want(fresh)

    def begin(self, heads: Mapping[Topic, int]) -> None:
        """Notes that a hearer has read these streams up to their heads: the next events must follow without a hole."""
        for topic, ev in heads.items():
            if topic in self._topics:
                self.delivered.setdefault(topic, ev)

    def unsubscribe(self, hearer: Hearer, topics: Collection[Topic]) -> None:
        """Unsubscribes a hearer from topics; a topic without hearers is forgotten."""
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
        """Removes a hearer from all topics."""
        self.unsubscribe(hearer, tuple(hearer.topics))

    def drop_all(self, spared: Hearer | None) -> None:
        """Disconnects all hearers but one, which come back and resume: the delivered events are of another history."""
        for hearer in {one for hearers in self._topics.values() for one in hearers} - {spared}:
            self.leave(hearer)
            hearer.drop()
        self.delivered.clear()
        self._late.clear()

    def hearers(self, topic: Topic) -> set[Hearer]:
        """Returns the hearers of a topic."""
        return self._topics.get(topic, set())

    def deliver(self, envelopes: Sequence[Envelope]) -> None:
        """Delivers a list from the bus."""
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
            return  # a repetition: the users it brought in may have left since
        # Users that it brings in hear the topic from here on, also when no user of this process heard it before.
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
        """Subscribes a user to a chat after its change `ev`.

        The chat's own envelope may be lost where no other user hears the chat.
        """
        topic = events.chat(chat_id)
        if topic not in self._topics:
            self._bring_in(user_id, topic)
            self.begin({topic: ev})

    def _bring_in(self, user_id: int, topic: Topic) -> None:
        is_new = topic not in self._topics
        for hearer in tuple(self._topics.get(events.user(user_id), ())):
            self.subscribe(hearer, [topic])
        if is_new and topic in self._topics:
            # Until the bus knows that this process wants the topic, events of other processes do not arrive here.
            self._heal_soon(topic)

    def _fan_out(self, topic: Topic, envelope: Envelope) -> None:
        hearers = self._topics.get(topic)
        if not hearers:
            return
        self.deliveries += len(hearers)
        ev, data, author = envelope.ev, text_frame(envelope.frame.encode()), envelope.author
        if not author:
            for hearer in hearers:
                hearer.deliver(topic, ev, data)
            return
        mine = envelope.frame_for(author)
        own = text_frame(mine.encode()) if mine else b""
        for hearer in hearers:
            if hearer.actor.user_id != author:
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
        """Fills a hole that stays open from the journal; if the journal cannot be read, the next sweep does it."""
        await asyncio.sleep(HEAL_S)
        while topic in self.delivered:
            log.info("reading missing events of %s after %s from the journal", topic, self.delivered[topic])
            if not await self._catch_up({topic: self.delivered[topic]}) or not self._late.get(topic):
                return
            await asyncio.sleep(HEAL_S)  # the envelopes that came while the journal was read may be beyond it

    async def sweep(self) -> None:
        """Compares all topics with the journal: lost events arrive, also when no other event follows them."""
        if self.delivered:
            await self._catch_up(dict(self.delivered))

    async def _catch_up(self, after: dict[Topic, int]) -> bool:
        """Delivers the journal's changes beyond a position; returns whether the journal could be read."""
        try:
            missed = await self._read_after(after, HEAL_MOST)
        except AppError as error:
            log.warning("the journal cannot be asked for events that the bus may have lost: %s", error.code)
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
