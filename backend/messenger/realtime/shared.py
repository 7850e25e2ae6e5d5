"""The objects that all sockets and long polls of one process share. The gateway builds the record and passes it on."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from messenger.doors.platform import Platform
from messenger.realtime.connection import Connection, Flusher
from messenger.realtime.handling import Counters
from messenger.realtime.hub import Hub
from messenger.realtime.line import Line
from messenger.realtime.people import People
from messenger.realtime.presence import Presence
from messenger.realtime.sockets import Sockets

A = TypeVar("A")


class Tasks:
    """Runs coroutines beside their caller; `running` are the unfinished ones."""

    def __init__(self) -> None:
        """Starts on the event loop."""
        self._loop = asyncio.get_running_loop()  # kept: each call asks the system for the process id
        self.running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], context: Context | None = None) -> None:
        """Runs a coroutine, in a context where one is given, and keeps it until it is done."""
        task = self._loop.create_task(work, context=context)
        self.running.add(task)
        task.add_done_callback(self.running.discard)


@dataclass(frozen=True, slots=True)
class Handler(Generic[A]):
    """The handler of one type of frame: `begin(shared, connection, data)` decodes its data and begins it.

    It returns a future, whose result is acknowledged by a callback, another awaitable, which gets a task, or `None` for
    a frame without an answer. `ack` makes the ack's data, as JSON bytes, of the result; `form` and `answers` are the
    forms of both data.
    """

    begin: "Callable[[Shared, Connection, msgspec.Raw], Awaitable[A] | None]"
    ack: Callable[[A], bytes]
    form: type
    answers: type | None


@dataclass(frozen=True, slots=True)
class Shared:
    """The shared objects. `handlers`: the handler of each type of a client's frame."""

    platform: Platform
    hub: Hub
    presence: Presence
    flusher: Flusher
    tasks: Tasks
    people: People
    sockets: Sockets
    line: Line
    counters: Counters
    handlers: dict[str, Handler[Any]]
