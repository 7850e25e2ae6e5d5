"""Answers the same events without a socket, by requests that wait."""

import asyncio
import base64
import binascii
from collections.abc import Callable, Iterable
from hmac import compare_digest
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta
from starlette.responses import Response

from messenger.db.tx import Tx
from messenger.doors.deps import authenticated
from messenger.doors.fast import Call, Hot
from messenger.doors.reply import answers, reply
from messenger.kernel.actor import Actor
from messenger.kernel.errors import PageInvalid
from messenger.kernel.events import Topic, parse_topic
from messenger.kernel.signing import Seals
from messenger.realtime import catchup
from messenger.realtime.catchup import Sight
from messenger.realtime.frames import Cursors, Number, Sealed
from messenger.realtime.shared import Shared

WAIT_MAX_S: Final = 60
CURSOR_MAX: Final = 2_000_000
"""Characters: a cursor that the server gave fits, however many chats a person has."""
QUERY: Final = {"cursor": {"type": "string"}, "wait": {"type": "integer", "minimum": 0, "maximum": WAIT_MAX_S}}


class EventsBody(msgspec.Struct):
    """The query parameters as a body, for a cursor that is too long for an address."""

    cursor: Annotated[str, Meta(max_length=CURSOR_MAX)] = ""
    wait: Annotated[int, Meta(ge=0, le=WAIT_MAX_S)] = 0


class EventPage(msgspec.Struct):
    """The cursor to continue with."""

    next_cursor: str


class EventList(msgspec.Struct):
    """Event frames in order, and the streams that must be loaded anew."""

    items: list[msgspec.Raw]
    page: EventPage
    resync: list[str]


class Timed(msgspec.Struct, array_like=True):
    """The last change of a stream, and its time (ms; 0 when not known)."""

    ev: Number
    at: int


class PollCursor(msgspec.Struct):
    """A cursor as it is packed: signed as a whole, to be short. One of an earlier version holds plain numbers."""

    epoch: Number = 0
    streams: dict[str, Number | Timed] = {}
    mac: bytes = b""

    def signed(self, seals: Seals) -> bytes:
        """Returns the signature it must have."""
        return seals.sign(b"cursor:" + msgspec.msgpack.encode((self.epoch, self.streams)))


class Look(NamedTuple):
    """One snapshot for a cursor: the missed events, the cursor to continue with, and the streams it did not name."""

    sight: Sight
    following: str
    began: list[str]


class Waiter:
    """A hearer that only notices that an event came."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.topics: set[Topic] = set()
        self.happened = asyncio.Event()

    def deliver(self, topic: Topic, ev: int, data: bytes) -> None:
        if ev:
            self.happened.set()

    def drop(self) -> None:
        self.happened.set()


class LongPoll:
    """The doors `GET` and `POST /api/events`."""

    _shared: Shared

    def take(self, shared: Shared) -> None:
        """Takes the shared objects once the realtime floor has started; the doors are made before."""
        self._shared = shared

    def hot(self) -> list[Hot]:
        """Returns the doors."""
        said = answers(EventList, 200, PageInvalid)
        return [
            Hot("GET", "/events", self.events, said, query=QUERY),
            Hot("POST", "/events", self.events_after, said, EventsBody, most=CURSOR_MAX + 1_000),
        ]

    async def events(self, call: Call) -> Response:
        """Returns the events after a cursor; waits up to `wait` seconds for the first.

        Without a cursor: returns one to begin with.
        """
        asked = call.request.query_params
        return await self._answer(call, asked.get("cursor", ""), _seconds(asked.get("wait", "0")))

    async def events_after(self, call: Call) -> Response:
        """Returns the same with the cursor in the body: that of many chats is too long for an address."""
        return await self._answer(call, call.body.cursor, call.body.wait)

    async def _answer(self, call: Call, cursor: str, wait: int) -> Response:
        waiter = Waiter(call.actor)
        try:
            if wait and cursor:
                topics = await call.platform.db.read(self._shared.people.topics_of, call.actor)
                for piece in catchup.pieces(topics):
                    self._shared.hub.subscribe(waiter, piece)
                    await asyncio.sleep(0)
                await call.platform.bus.settle()
            look = await self._look(call, cursor)
            sight = look.sight
            self._shared.hub.begin(sight.heads)
            self._shared.counters.note_resyncs(sight.resync)
            if wait and cursor and not sight.missed.frames and not sight.resync:
                await self._until(waiter, wait)
                # Much may have happened while it waited: the token may have ended, or its session.
                await authenticated(call.request, None)
                look = await self._look(call, cursor)
        finally:
            self._shared.hub.leave(waiter)
        return reply(_page(look, catchup.paid(call.platform, call.actor.user_id, look.sight)))

    async def _look(self, call: Call, cursor: str) -> Look:
        db, most = call.platform.db, catchup.affordable(call.platform, call.actor.user_id)
        while True:
            look = await db.read(_look, call.actor, self._shared.people.topics_of, cursor, most)
            if not look.sight.rewound:
                return look
            await self._shared.line.begin(max(look.sight.epoch, look.sight.rewound))

    async def _until(self, waiter: Waiter, seconds: int) -> None:
        try:
            async with asyncio.timeout(seconds):
                await waiter.happened.wait()
        except TimeoutError:
            return


def _look(tx: Tx, actor: Actor, topics_of: Callable[[Tx, Actor], Iterable[Topic]], packed: str, most: int) -> Look:
    """Returns a `Look`. A cursor is unpacked and packed in the reader's thread: with many chats this takes long."""
    cursors = _cursors(packed, tx.seals)
    sight = catchup.look(tx, actor, topics_of, cursors or Cursors(), most)
    # Streams that are new since the cursor: the client loads them like streams that were lost.
    began = [] if cursors is None else [text for text in sight.named if text not in cursors.streams]
    return Look(sight, _following(sight, tx.seals), began)


def _following(sight: Sight, seals: Seals) -> str:
    """Returns the cursor to continue with."""
    streams: dict[str, int | Timed] = {
        str(topic): Timed(ev, sight.times.get(topic, 0)) for topic, ev in sight.heads.items()
    }
    cursor = PollCursor(sight.epoch, streams)
    cursor.mac = cursor.signed(seals)
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(cursor)).decode()


def _page(look: Look, paid: Sight) -> EventList:
    resync = [text for topics in paid.resync.values() for text in topics]
    items = [msgspec.Raw(text.encode()) for text in paid.missed.frames]
    return EventList(items, EventPage(look.following), resync + look.began)


def _seconds(wait: str) -> int:
    if not wait.isdecimal() or len(wait) > 4 or int(wait) > WAIT_MAX_S:
        raise PageInvalid(reason=f"wait is 0 to {WAIT_MAX_S} seconds")
    return int(wait)


def _cursors(packed: str, seals: Seals) -> Cursors | None:
    if not packed:
        return None
    try:
        cursor = msgspec.msgpack.decode(base64.urlsafe_b64decode(packed), type=PollCursor)
    except (binascii.Error, msgspec.DecodeError, RecursionError, ValueError):
        raise PageInvalid(reason="cursor") from None
    is_ours = compare_digest(cursor.mac, cursor.signed(seals))
    streams = {text: _place(seals, cursor.epoch, text, place, is_ours) for text, place in cursor.streams.items()}
    return Cursors(cursor.epoch, streams)


def _place(seals: Seals, epoch: int, text: str, place: int | Timed, is_ours: bool) -> int | Sealed:
    topic = parse_topic(text)
    if isinstance(place, int):
        return place
    if topic is None or not is_ours or not place.at:
        return place.ev
    return Sealed(place.ev, seals.make(topic, place.ev, place.at, epoch))
