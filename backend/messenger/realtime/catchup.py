"""Resumes a client (R6).

Reads the events it missed from the journal, then lets the live events follow without a hole.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from messenger.db import journal
from messenger.db.journal import Missed
from messenger.db.tx import Tx
from messenger.doors import limits
from messenger.doors.platform import Platform
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from messenger.kernel.events import Envelope, Kind, Topic, parse_topic
from messenger.realtime import frames
from messenger.realtime.connection import Connection
from messenger.realtime.frames import Cursors, ResumeDone, Resync, Sealed
from messenger.realtime.hub import Hub
from messenger.realtime.plate import rates
from messenger.realtime.shared import Shared
from messenger.realtime.sockets import PING_S

STREAM_MOST: Final[Mapping[Kind, int]] = {"chat": 1_000, "user": 5_000}
"""The most events of one stream that are sent again.

Those of a user are small and complete, and no other answer holds them.
"""
ALL_MOST: Final[Mapping[Kind, int]] = {"chat": 5_000, "user": 5_000}
"""The most events of all streams of a kind."""
PIECE: Final = 200
"""Streams that are subscribed to before other work gets its turn: some 0.3 ms of the event loop."""
EVENT_LEAST: Final = 256
"""Bytes of a small event: a person with few bytes left in the bucket gets few events read."""


class Again(NamedTuple):
    """Events that a person is sent again: finished frames as that person gets them, their streams, and their bytes."""

    frames: list[str]
    topics: list[Topic]
    size: int


NOTHING: Final = Again([], [], 0)
GONE: Final = ResumeDone(0, [])
"""The answer to a socket that was closed meanwhile and does not get it."""


class Sight(NamedTuple):
    """One snapshot: the epoch, the heads of all streams the actor hears, the times of the heads (ms), and the missed
    events.

    `named`: the heads once more, by the names of their streams. `seals`: of the heads of streams that no cursor named.
    `rewound`: the epoch of a seal which proves that this database was rewound; 0 when none does.
    """

    epoch: int
    heads: dict[Topic, int]
    named: dict[str, int]
    times: dict[Topic, int]
    missed: Again
    resync: dict[str, list[str]]
    seals: dict[str, str]
    rewound: int


def look(tx: Tx, actor: Actor, topics_of: Callable[[Tx, Actor], Iterable[Topic]], cursors: Cursors, most: int) -> Sight:
    """Reads everything a resume needs in one snapshot, with at most `most` missed events (see `_going_on`).

    Runs in a reader's thread: with many chats or events this takes too long for the event loop. A cursor of another
    epoch or history, ahead of the head, too far behind, or of a stream the actor does not hear is never answered with
    "nothing new" but named in `resync` by its reason (R13).
    """
    epoch = journal.epoch(tx)
    newest = journal.newest(tx, list(topics_of(tx, actor)))
    heads = {topic: ev for topic, (ev, _) in newest.items()}
    times = {topic: at for topic, (_, at) in newest.items() if at is not None}
    named: dict[Topic, Sealed] = {}
    resync: defaultdict[str, list[str]] = defaultdict(list)
    for text, place in cursors.streams.items():
        topic = parse_topic(text)
        if topic is None or topic not in heads:
            resync["not_member"].append(text)
        else:
            named[topic] = place if isinstance(place, Sealed) else Sealed(place)
    older = {topic: place.ev for topic, place in named.items() if place.seal and place.ev != heads[topic]}
    # Most are at the head, whose time is known; the others are looked up.
    known_at = {**times, **dict.fromkeys(older), **journal.times(tx, older)}
    after: dict[Topic, int] = {}
    rewound = 0
    for topic, place in named.items():
        reason, proven = _judge(tx, topic, place, Known(epoch, heads[topic], known_at.get(topic)))
        rewound = max(rewound, proven)
        reason = reason if cursors.epoch == epoch else "epoch"
        if reason:
            resync[reason].append(str(topic))
        else:
            after[topic] = place.ev
    missed = _missed(tx, after, heads, most)
    for reason, topics in (("retention", missed.pruned), ("too_many", missed.too_many)):
        if topics:
            resync[reason] += [str(topic) for topic in sorted(topics)]
    seals = {str(topic): tx.seals.make(topic, heads[topic], at) for topic, at in times.items() if topic not in named}
    by_name = {str(topic): ev for topic, ev in heads.items()}
    return Sight(epoch, heads, by_name, times, _again(actor, missed.rows), resync, seals, rewound)


def _again(actor: Actor, rows: list[Envelope]) -> Again:
    texts = [row.frame_for(actor.user_id) for row in rows]
    size = sum(len(text) if text.isascii() else len(text.encode()) for text in texts)
    return Again(texts, sorted({row.topic for row in rows}), size)


def _missed(tx: Tx, after: dict[Topic, int], heads: Mapping[Topic, int], most: int) -> Missed:
    behind = {topic: heads[topic] - ev for topic, ev in after.items() if heads[topic] > ev}
    going = _going_on(behind, most)
    anew = behind.keys() - going
    if not going:
        return Missed([], set(), set(anew))
    missed = journal.read_after(tx, {topic: after[topic] for topic in going}, max(STREAM_MOST.values()))
    return missed._replace(too_many=missed.too_many | anew)


def _going_on(behind: Mapping[Topic, int], most: int) -> set[Topic]:
    """Returns the streams whose missed events (their counts) are sent again; those with the most are loaded anew.

    So a busy chat is loaded anew itself, and not the quiet ones.
    """
    left, going = dict(ALL_MOST), set()
    for topic, count in sorted(behind.items(), key=lambda one: (one[0].kind != "user", one[1])):
        if count <= min(STREAM_MOST[topic.kind], left[topic.kind], most):
            left[topic.kind] -= count
            most -= count
            going.add(topic)
    return going


def affordable(platform: Platform, user_id: int) -> int:
    """Returns how many events of the smallest size a person may still be sent again."""
    return min(sum(ALL_MOST.values()), limits.left(platform, rates.REPLAY, user_id) // EVENT_LEAST)


def paid(platform: Platform, user_id: int, sight: Sight) -> Sight:
    """Charges the person for the size of the sight and returns it.

    A person without enough tokens pays all of them, and the streams are loaded anew.
    """
    left = limits.left(platform, rates.REPLAY, user_id)
    limits.check(platform, rates.REPLAY, user_id, min(sight.missed.size, left))
    if sight.missed.size <= left:
        return sight
    too_many = [*sight.resync.get("too_many", ()), *map(str, sight.missed.topics)]
    return sight._replace(missed=NOTHING, resync=sight.resync | {"too_many": too_many})


class Known(NamedTuple):
    """The server's state of a cursor's stream: the epoch, the head, and when the change of the cursor happened (ms)."""

    epoch: int
    head: int
    at: int | None


def _judge(tx: Tx, topic: Topic, place: Sealed, known: Known) -> tuple[str, int]:
    """Returns why a stream must be loaded anew (empty: it goes on), and the epoch of the history that this proves to be
    lost.

    Only a seal of our own proves that: otherwise any client could make all others load anew. A seal of an earlier epoch
    shows a loss that the present epoch has answered already.
    """
    is_ahead = place.ev > known.head
    if not place.seal or not place.ev:
        return "ahead" if is_ahead else "", 0
    seal = tx.seals.read(topic, place.ev, place.seal)
    lost = seal.epoch if seal.is_genuine else 0
    if seal.at == known.at:
        return "", lost if lost > known.epoch else 0
    if known.at is None and not is_ahead:
        return "retention", 0
    return "ahead" if is_ahead else "epoch", lost if lost >= known.epoch else 0


def asked_for(sight: Sight, cursors: Cursors) -> list[Topic]:
    """Returns the streams that a resume continues: the named ones, without those that must be loaded anew."""
    anew = {text for topics in sight.resync.values() for text in topics}
    return [topic for topic in sight.heads if str(topic) in cursors.streams and str(topic) not in anew]


def pieces(topics: Iterable[Topic]) -> Iterator[list[Topic]]:
    """Yields at most `PIECE` topics at a time: between two pieces the event loop must have its turn."""
    left = iter(topics)
    while piece := list(islice(left, PIECE)):
        yield piece


async def resume(shared: Shared, connection: Connection, cursors: Cursors, *, first: bool) -> ResumeDone:
    """Sends a connection the events it missed and subscribes it to the following ones; `first`: its hello.

    One at a time.
    """
    async with connection.resuming:
        return await _resume(shared, connection, cursors, first=first)


async def _resume(shared: Shared, connection: Connection, cursors: Cursors, *, first: bool) -> ResumeDone:
    """Subscribes first and reads the missed events afterwards.

    So there is no moment in which an event could be lost.
    """
    connection.held = connection.held if connection.held is not None else []
    actor = connection.actor
    heard: set[Topic] = set()
    fresh = set(await shared.platform.db.read(shared.people.topics_of, actor))
    while True:
        for piece in pieces(fresh):
            if not connection.is_open:
                return GONE
            shared.hub.subscribe(connection, piece)
            await asyncio.sleep(0)
        heard |= fresh
        await shared.platform.bus.settle()
        sight = await _look_on(shared, connection, cursors, first=first)
        # A chat joined meanwhile is subscribed to before it is read, too; chats left meanwhile stay left.
        fresh = sight.heads.keys() - heard
        if not fresh and await _begin(shared.hub, connection, sight):
            break
    if not connection.is_open:
        return GONE
    sight = paid(shared.platform, actor.user_id, sight)
    shared.hub.unsubscribe(connection, heard - sight.heads.keys())
    if first:
        connection.send(frames.control("ready", _ready(actor, sight)))
    shared.counters.note_resyncs(sight.resync)
    replayed = await replay(connection, sight)
    if not connection.is_open:
        return GONE
    if first:
        connection.send(frames.control("resumed", frames.Resumed(replayed)))
    # A new socket begins at the heads of `ready`, or asks for the rest of its streams later.
    asked = sight.heads.keys() if first else asked_for(sight, cursors)
    release(connection, sight, asked, shared.hub.delivered)
    return ResumeDone(replayed, [text for topics in sight.resync.values() for text in topics])


async def _look_on(shared: Shared, connection: Connection, cursors: Cursors, *, first: bool) -> Sight:
    """Returns one snapshot; where a seal proves that history was rewound, a snapshot of the new history line."""
    platform, actor = shared.platform, connection.actor
    most = affordable(platform, actor.user_id)
    while True:
        sight = await platform.db.read(look, actor, shared.people.topics_of, cursors, most)
        if not sight.rewound:
            return sight
        # The new socket reads again; all others reconnect.
        await shared.line.begin(max(sight.epoch, sight.rewound), spared=connection if first else None)
        connection.held = []


async def _begin(hub: Hub, connection: Connection, sight: Sight) -> bool:
    """Continues the streams from the heads of a snapshot. Returns `False` when an event between the snapshot and the
    held events is missing.

    A stream that was begun stays complete while other sockets have their turn: the hub lets no hole through.
    """
    for piece in pieces(sight.heads):
        heads = {topic: sight.heads[topic] for topic in piece}
        if not connection.is_open or not is_whole(connection, heads, hub.delivered):
            return not connection.is_open
        hub.begin({topic: ev for topic, ev in heads.items() if topic in connection.topics})
        await asyncio.sleep(0)
    return True


def _ready(actor: Actor, sight: Sight) -> frames.Ready:
    expires_in = max(0, actor.expires_at - clock.now_ms()) // 1000
    return frames.Ready(
        actor.session_id, actor.user_id, sight.epoch, PING_S * 1000, expires_in, sight.named, sight.seals
    )


async def replay(connection: Connection, sight: Sight) -> int:
    """Sends the missed events in pieces, as the peer takes them and others are served.

    Returns how many events these were.
    """
    for batch in frames.batches(sight.missed.frames):
        connection.send(batch)
        await connection.socket.taken()
    for reason, topics in sight.resync.items():
        connection.send(frames.control("resync", Resync(topics, reason)))
    return len(sight.missed.frames)


def is_whole(connection: Connection, heads: Mapping[Topic, int], delivered: Mapping[Topic, int]) -> bool:
    """Returns whether the held events continue where the snapshot ends: at these heads. `delivered`: see `Hub`.

    The bus may have brought an event to the hub before this connection was subscribed and after its snapshot.
    """
    ahead = {topic: last for topic, ev in heads.items() if (last := delivered.get(topic, 0)) > ev}
    waiting = {(topic, ev) for topic, ev, _ in connection.held or ()} if ahead else set()
    return all((topic, ev) in waiting for topic, last in ahead.items() for ev in range(heads[topic] + 1, last + 1))


def release(connection: Connection, sight: Sight, asked: Collection[Topic], delivered: Mapping[Topic, int]) -> None:
    """Sends the live events that waited, without those that the connection has: of the streams `asked` for, the events
    of the snapshot; of all others, the events of an earlier resume, however late the bus brings them.

    Events of a chat from which the actor was removed before the subscription are dropped (R10).
    """
    held, connection.held = connection.held or [], None
    connection.floors |= {topic: sight.heads[topic] for topic in asked}
    for topic, ev, data in held:
        if topic in sight.heads or topic in connection.topics:
            connection.deliver(topic, ev, data)
    # An event that the hub has passed cannot come again.
    connection.floors = {topic: ev for topic, ev in connection.floors.items() if delivered.get(topic, 0) < ev}
