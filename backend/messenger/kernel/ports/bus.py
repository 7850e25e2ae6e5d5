"""The bus carries envelopes to every process; it may lose, repeat and reorder (`delivery.md` R4)."""

from collections.abc import Callable, Sequence
from typing import Protocol

from messenger.kernel.events import Envelope

Listener = Callable[[Sequence[Envelope]], None]


class Bus(Protocol):
    """A driver of the bus."""

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Hand the list to every process, this one included. Called on the event loop; never waits, never raises."""

    def listen(self, listener: Listener) -> None:
        """Call `listener` on the event loop with each list that arrives."""

    async def close(self) -> None:
        """Stop delivering."""
