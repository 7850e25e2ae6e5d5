"""Several server processes on one listening socket: starts them, replaces the dead, stops them all."""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Final, NamedTuple

log = logging.getLogger("messenger")

STOP_S: Final = 15.0
"""Seconds to finish what is running; after them a process is killed."""
BACK_OFF_S: Final = (0.5, 30.0)
STABLE_S: Final = 60.0
"""A process that lived so long was no failed start: the next one is started without a long pause."""


class Born(NamedTuple):
    """The arguments of a new process: its place (1, 2, …), how many there are, `ready` to call when it serves.

    It stops when the file descriptor `lifeline` ends, which it does with the supervisor. `introductions`: see `Crew`.
    """

    place: int
    places: int
    ready: Callable[[], None]
    lifeline: int
    introductions: socket.socket
    is_first: bool


Serve = Callable[[Born], None]
"""Serves in a new process until it is stopped."""


@dataclass(slots=True)
class Place:
    """One of the processes, and those that had its place before."""

    number: int
    process: ForkProcess | None = None
    introduce: socket.socket | None = None
    began: float = 0.0
    pause: float = BACK_OFF_S[0]
    due: float = 0.0


class Supervisor:
    """The parent of `count` server processes.

    It holds the socket open, connects the processes to each other, and does nothing else.
    """

    def __init__(self, count: int, serve: Serve) -> None:
        self._serve = serve
        self._places = [Place(number) for number in range(1, count + 1)]
        self._fork = multiprocessing.get_context("fork")
        self._lifeline, self._hold = os.pipe()
        self._bell, self._ring = socket.socketpair()
        self._is_stopping = False

    def run(self) -> int:
        """Supervises until a signal or a start that cannot succeed; returns the exit status."""
        self._ring.setblocking(False)
        signal.set_wakeup_fd(self._ring.fileno())
        for stopping in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stopping, self._stop)
        first = self._places[0]
        ready = self._start(first, is_first=True)
        assert first.process is not None
        # Where one process cannot start none can: its refusal is reported once.
        wait([ready, first.process.sentinel, self._bell])
        if not self._is_stopping and not _has_said(ready):
            first.process.join()
            return first.process.exitcode or 1
        while not self._is_stopping:
            self._replace()
            self._bell_or(0.5)
        self._end()
        return 0

    def _start(self, place: Place, *, is_first: bool = False) -> Connection:
        reads, writes = self._fork.Pipe(duplex=False)
        introductions = self._introduced(place)
        place.process = self._fork.Process(
            target=self._work,
            args=(place.number, writes, introductions, is_first),
            name=f"server-{place.number}",
            daemon=False,
        )
        place.began = time.monotonic()
        place.process.start()
        writes.close()
        introductions.close()
        return reads

    def _introduced(self, place: Place) -> socket.socket:
        """Returns the socket on which a new process gets a connection to each of the others, who get theirs to it."""
        if place.introduce is not None:
            place.introduce.close()
        place.introduce, theirs = socket.socketpair()
        place.introduce.setblocking(False)
        for other in self._places:
            if other is not place and other.introduce is not None:
                with suppress(OSError):  # two processes without a connection work without each other
                    _introduce(place.number, place.introduce, other.number, other.introduce)
        return theirs

    def _work(self, number: int, ready: Connection, introductions: socket.socket, is_first: bool) -> None:
        """Runs in the new process."""
        signal.set_wakeup_fd(-1)
        for stopping in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stopping, signal.SIG_DFL)
        os.close(self._hold)

        def say() -> None:
            if is_first:
                ready.send_bytes(b"ready")

        self._serve(Born(number, len(self._places), say, self._lifeline, introductions, is_first))

    def _replace(self) -> None:
        now = time.monotonic()
        for place in self._places:
            if place.process is not None and not place.process.is_alive():
                pause = place.pause if now - place.began < STABLE_S else BACK_OFF_S[0]
                log.warning("%s ended with %s", place.process.name, place.process.exitcode)
                place.process, place.due = None, now + pause
                place.pause = min(BACK_OFF_S[1], pause * 2)
            if place.process is None and now >= place.due:
                self._start(place)

    def _bell_or(self, seconds: float) -> None:
        """Waits for a signal or the end of a process."""
        sentinels = [place.process.sentinel for place in self._places if place.process is not None]
        wait([self._bell, *sentinels], seconds)

    def _stop(self, *_: object) -> None:
        self._is_stopping = True

    def _end(self) -> None:
        running = [place.process for place in self._places if place.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_S
        for process in running:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                log.warning("%s does not stop and is ended", process.name)
                process.kill()
                process.join()


def _introduce(one: int, to_one: socket.socket, other: int, to_other: socket.socket) -> None:
    """Gives two processes the ends of a connection, each with the place of the other. Raises `OSError`."""
    ends = socket.socketpair()
    with ends[0], ends[1]:
        socket.send_fds(to_other, [bytes([one])], [ends[0].fileno()])
        socket.send_fds(to_one, [bytes([other])], [ends[1].fileno()])


def _has_said(ready: Connection) -> bool:
    """Returns whether the other end reported that it is ready. It may have ended instead."""
    try:
        return bool(ready.recv_bytes())
    except EOFError:
        return False


def run(count: int, serve: Serve) -> None:
    """Serves in `count` processes until it is stopped, then leaves with the exit status."""
    sys.exit(Supervisor(count, serve).run())
