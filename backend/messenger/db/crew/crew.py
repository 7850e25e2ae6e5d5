"""Decides which process writes a chat, and holds the connections to the others: two writers of the same chats would
wait for each other's locks.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from messenger.db.crew.line import Line, Write


class Crew:
    """The other processes of one supervisor, in places 1 to `places`.

    This only saves time: the database keeps order and numbers, whichever process writes. Where the writer of a chat is
    away, stops or does not read, the process that has the wish writes it. `is_heard` says whether this process hears at
    once what another process commits (`True` at first).
    """

    def __init__(self, places: int, introductions: socket.socket) -> None:
        """Takes the socket `introductions`.

        On it the supervisor sends a connection to each other process, with its place (a byte).
        """
        self._places, self._introductions = places, introductions
        self._lines: dict[int, Line] = {}
        self._opening: set[asyncio.Task[Any]] = set()
        self.is_heard: Callable[[], bool] = lambda: True

    def open(self, write: Write) -> None:
        """Connects to the others. `write` does their wishes. On the event loop."""
        self._write = write
        self._introductions.setblocking(False)
        asyncio.get_running_loop().add_reader(self._introductions.fileno(), self._meet)

    async def close(self) -> None:
        """Sends nothing more, answers the wishes that the others have sent, and disconnects."""
        asyncio.get_running_loop().remove_reader(self._introductions.fileno())
        await asyncio.gather(*self._opening, *(line.close() for line in self._lines.values()))
        self._introductions.close()

    def writer(self, lane: int) -> Line | None:
        """Returns the connection to the process that writes this lane; `None` when this one does."""
        line = self._lines.get(lane % self._places + 1)
        return line if line is not None and line.is_open and self.is_heard() else None

    def _meet(self) -> None:
        loop = asyncio.get_running_loop()
        said, received, _, _ = socket.recv_fds(self._introductions, 1, 1)
        if not said:  # the supervisor is gone, and this process will stop
            loop.remove_reader(self._introductions.fileno())
            return
        task = loop.create_task(self._join(said[0], socket.socket(fileno=received[0])))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _join(self, place: int, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        _, self._lines[place] = await loop.create_unix_connection(
            lambda: Line(self._write, lambda line: self._leave(place, line)), sock=connection
        )

    def _leave(self, place: int, line: Line) -> None:
        if self._lines.get(place) is line:
            del self._lines[place]
