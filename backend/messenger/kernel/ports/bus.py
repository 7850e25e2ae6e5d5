"""The bus carries envelopes to every process that wants them; it may lose, repeat and reorder (R4)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, runtime_checkable

from messenger.kernel.events import Envelope, Topic
from messenger.kernel.spread import Spread

Listener = Callable[[Sequence[Envelope]], None]


class Bus(Protocol):
    """A driver of the bus. All calls on the event loop.

    An envelope reaches this process at once, and every process that wants its topic or the topic of a user whom it
    brings in (`Envelope.joined`). It may reach others too. `is_up`: whether it carries, as far as it knows.
    """

    is_up: bool

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Hand out the envelopes of a commit group. Never waits, never raises."""

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each list that arrives."""

    def want(self, topics: Iterable[Topic]) -> None:
        """Hear these topics. Wishes are counted: a topic is heard until it was unwanted as often as it was wanted."""

    def unwant(self, topics: Iterable[Topic]) -> None:
        """Take back as many wishes."""

    async def settle(self) -> bool:
        """Wait, for 200 ms at most, until all that is wanted now is heard; whether it is."""

    def on_doubt(self, callback: Callable[[], None]) -> None:
        """Call this when the bus is back after lists may have been lost."""

    async def start(self) -> None:
        """Begin to carry. The other end may be away: then it is tried again and again."""

    async def close(self) -> None:
        """Stop delivering."""


@runtime_checkable
class Counted(Protocol):
    """A bus between processes counts envelopes handed over and received, and how long lists take there and back (s)."""

    is_up: bool
    published: int
    received: int
    lag: Spread
