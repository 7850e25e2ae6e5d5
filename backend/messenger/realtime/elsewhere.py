"""Tracks the presence of people in other processes.

Asks for it, hears of it on the bus, and forgets silent processes.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Final

import msgspec

from messenger.kernel import codec, events
from messenger.kernel.events import Envelope
from messenger.kernel.ids import new_id
from messenger.kernel.ports.bus import Bus

ALIVE_S: Final = 5.0
"""Each process reports so often that it lives."""
DEAD_S: Final = 15.0
"""A process that was silent for so long is gone, and its people with it."""
ASK_S: Final = 0.2
ASK_MOST: Final = 500


class Here(msgspec.Struct, frozen=True, array_like=True):
    """A user in one process: open sockets, and whether they count as online (a reload is no absence)."""

    sockets: int = 0
    online: bool = False
    seen: int = 0


NOWHERE: Final = Here()


class Alive(msgspec.Struct, tag="alive"):
    """A process reports that it lives; the others answer a new one with the same."""

    process: int
    is_new: bool = False


class Asked(msgspec.Struct, tag="asked"):
    """A process asks which of these users are online."""

    process: int
    user_ids: list[int]


class Answered(msgspec.Struct, tag="answered"):
    """Those of the users that are online, for process `to`; the others are not."""

    process: int
    to: int
    user_ids: list[int]
    here: dict[int, Here]


class Told(msgspec.Struct, tag="told"):
    """A user came, left, or has another number of sockets."""

    process: int
    user_id: int
    here: Here


Word = Alive | Asked | Answered | Told


class Elsewhere:
    """The people of the other processes, as far as this one follows them.

    `publish` sends envelopes on the bus; `here(user_id)` returns the state of a user in this process;
    `changed(user_id)` is called when something of a followed user became known; `spawn` runs a coroutine.
    """

    def __init__(
        self,
        bus: Bus,
        publish: Callable[[list[Envelope]], None],
        here: Callable[[int], Here],
        changed: Callable[[int], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._bus, self._publish, self._here, self._changed, self._spawn = bus, publish, here, changed, spawn
        self._me = new_id()
        self._alive: dict[int, float] = {}
        self._followed: Counter[int] = Counter()
        self._known: defaultdict[int, dict[int, Here]] = defaultdict(dict)
        self._answers = asyncio.Event()
        self._awaited: set[tuple[int, int]] = set()
        self._said_at = 0.0

    def start(self) -> None:
        """Announces this process to the others. On the event loop."""
        self._bus.want([events.PROCESSES])
        self._spawn(self._meet())

    def tick(self) -> None:
        """Reports this process and forgets silent ones. Called each second."""
        now = time.monotonic()
        if now - self._said_at >= ALIVE_S:
            self._say(Alive(self._me))
        for process in [one for one, heard_at in self._alive.items() if now - heard_at > DEAD_S]:
            self._forget(process)

    def tell(self, user_id: int) -> None:
        """Reports that a user of this process came, left, or has another number of sockets."""
        self._say(Told(self._me, user_id, self._here(user_id)), user_id)

    def follow(self, user_ids: Iterable[int]) -> list[int]:
        """Follows these people from now on; returns those of whom nothing is known yet: `learn` about them."""
        fresh = [user_id for user_id in user_ids if not self._followed[user_id]]
        self._followed.update(user_ids)
        self._bus.want(map(events.user, fresh))
        return fresh

    def unfollow(self, user_ids: Iterable[int]) -> None:
        """Stops following these people, as often as `follow` was called."""
        for user_id in user_ids:
            self._followed[user_id] -= 1
            if self._followed[user_id] <= 0:
                del self._followed[user_id]
                self._known.pop(user_id, None)
                self._bus.unwant([events.user(user_id)])

    async def learn(self, user_ids: Sequence[int]) -> None:
        """Asks the other processes about people and waits for their answers, a moment at most."""
        if not user_ids or not self._alive or not await self._bus.settle():
            return
        for place in range(0, len(user_ids), ASK_MOST):
            part = list(user_ids[place : place + ASK_MOST])
            self._awaited.update((process, user_id) for process in self._alive for user_id in part)
            self._say(Asked(self._me, part))
        mine = {(process, user_id) for process in self._alive for user_id in user_ids}
        try:
            async with asyncio.timeout(ASK_S):
                while mine & self._awaited:
                    self._answers.clear()
                    await self._answers.wait()
        except TimeoutError:
            self._awaited -= mine

    def doubt(self) -> None:
        """Asks again about all people: the bus was away, so its news may be wrong by now."""
        self._spawn(self._meet())

    def count(self, user_id: int) -> int:
        """Returns the open sockets of a followed user in other processes."""
        return sum(one.sockets for one in self._known.get(user_id, {}).values())

    def is_online(self, user_id: int) -> bool:
        """Returns whether a followed user is online in another process."""
        return any(one.online for one in self._known.get(user_id, {}).values())

    def seen(self, user_id: int) -> int:
        """Returns when a followed user was last seen in another process (ms); 0 when no process knows."""
        return max((one.seen for one in self._known.get(user_id, {}).values()), default=0)

    def heard(self, envelope: Envelope) -> None:
        """Handles an envelope of another process."""
        word = msgspec.json.decode(envelope.frame, type=Word)
        if word.process == self._me:
            return
        if isinstance(word, Alive):
            self._greet(word)
        elif isinstance(word, Asked):
            here = {user_id: self._here(user_id) for user_id in word.user_ids}
            some = {user_id: one for user_id, one in here.items() if one != NOWHERE}
            self._say(Answered(self._me, word.process, word.user_ids, some))
        elif isinstance(word, Told):
            self._note(word.process, word.user_id, word.here)
        elif word.to == self._me:
            for user_id in word.user_ids:
                self._note(word.process, user_id, word.here.get(user_id, NOWHERE))
                self._awaited.discard((word.process, user_id))
            self._answers.set()

    async def _meet(self) -> None:
        await self._bus.settle()
        self._say(Alive(self._me, is_new=True))
        await self.learn(list(self._followed))

    def _greet(self, word: Alive) -> None:
        is_unknown = word.process not in self._alive
        self._alive[word.process] = time.monotonic()
        if word.is_new:
            self._say(Alive(self._me))
        if is_unknown:
            self._spawn(self.learn(list(self._followed)))

    def _note(self, process: int, user_id: int, here: Here) -> None:
        if user_id in self._followed:
            self._known[user_id][process] = here
            self._changed(user_id)

    def _forget(self, process: int) -> None:
        self._alive.pop(process, None)
        self._awaited = {(one, user_id) for one, user_id in self._awaited if one != process}
        for user_id in [user_id for user_id, known in self._known.items() if known.pop(process, None)]:
            self._changed(user_id)

    def _say(self, word: Word, user_id: int = 0) -> None:
        if not user_id:
            self._said_at = time.monotonic()
        self._publish([Envelope("user", user_id, 0, events.WORD, codec.encode(word).decode())])
