"""The bus inside one process: straight to the listeners."""

from collections.abc import Callable, Iterable, Sequence

from messenger.kernel.events import Envelope, Topic
from messenger.kernel.ports.bus import Listener


class MemoryBus:
    """A driver of `kernel.ports.bus.Bus` for a single process, which hears everything and loses nothing."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self.is_up = True

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        for listener in self._listeners:
            listener(envelopes)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def want(self, topics: Iterable[Topic]) -> None:
        """Does nothing: every topic is heard anyway."""

    def unwant(self, topics: Iterable[Topic]) -> None:
        """Does nothing: every topic is heard anyway."""

    async def settle(self) -> bool:
        return True

    def on_doubt(self, callback: Callable[[], None]) -> None:
        """Does nothing: no list is ever lost."""

    async def start(self) -> None:
        """Does nothing: there is nothing to open."""

    async def close(self) -> None:
        self._listeners.clear()
