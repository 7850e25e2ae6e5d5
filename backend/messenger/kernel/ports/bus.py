"""The bus carries envelopes to every process that wants them; it may lose, repeat and reorder (R4)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, runtime_checkable

from messenger.kernel.events import Envelope, Topic
from messenger.kernel.spread import Spread

Listener = Callable[[Sequence[Envelope]], None]


class Bus(Protocol):
    """A driver of the bus. All calls are made on the event loop.

    An envelope reaches this process at once, and every process that wants its topic or the topic of a user in
    `Envelope.joined`. It may reach others too. `is_up`: whether the bus works, as far as it knows.
    """

    is_up: bool

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Sends the envelopes of a commit group. Never waits, never raises."""

    def listen(self, listener: Listener) -> None:
        """Calls `listener` with each list that arrives."""

    def want(self, topics: Iterable[Topic]) -> None:
        """Subscribes to topics. Calls are counted: a topic is heard until `unwant` was called as often as `want`."""

    def unwant(self, topics: Iterable[Topic]) -> None:
        """Unsubscribes from topics, once for each."""

    async def settle(self) -> bool:
        """Waits, for 200 ms at most, until all topics wanted now are heard. Returns whether they are."""

    def on_doubt(self, callback: Callable[[], None]) -> None:
        """Calls `callback` when the bus is back after lists may have been lost."""

    async def start(self) -> None:
        """Starts the bus. The other end may be away: then it is tried again and again."""

    async def close(self) -> None:
        """Stops delivering."""


@runtime_checkable
class Counted(Protocol):
    """A bus between processes that counts envelopes and measures how long lists take there and back (s)."""

    is_up: bool
    published: int
    received: int
    lag: Spread
