"""The bus inside one process: straight to the listeners."""

from collections.abc import Sequence

from messenger.kernel.events import Envelope
from messenger.kernel.ports.bus import Listener


class MemoryBus:
    """A driver of `kernel.ports.bus.Bus` for a single process."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        for listener in self._listeners:
            listener(envelopes)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def close(self) -> None:
        self._listeners.clear()
