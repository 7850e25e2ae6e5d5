"""The web server around the application: uvicorn with our socket driver on a port that is open already."""

import asyncio
import faulthandler
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from types import FrameType
from typing import Final, NamedTuple

import uvicorn
from fastapi import FastAPI

from messenger.adapters.socket import picows, sansio
from messenger.db.crew.crew import Crew
from messenger.db.engine import DatabaseRefused
from messenger.doors.platform import Platform
from messenger.kernel.address import Proxies
from messenger.process import workers
from messenger.process.workers import Born
from messenger.settings import Settings, SettingsError
from messenger.web.guard import Guard

log = logging.getLogger("messenger")

STOP_S: Final = workers.STOP_S - 1
"""Seconds for a stop as a whole: a database that hangs is not waited for any longer.

Its supervisor would end it without a word.
"""
DRIVERS = {"picows": picows.make, "sansio": sansio.make}


class Program(NamedTuple):
    """The program to serve: makes the application of one process, or of one of a crew, and returns the address at which
    the first account is made (empty once it exists).
    """

    make: Callable[[Settings, Crew | None], FastAPI]
    first_page: Callable[[Platform], Awaitable[str]]


class Announced(uvicorn.Server):
    """Prints the server's address as the last line of the start; only the first process of a server does.

    When it is stopped, its process ends within `STOP_S`: by force if need be, after logging the stack of every thread.
    """

    def __init__(self, config: uvicorn.Config, address: Callable[[], Awaitable[str]], *, is_first: bool) -> None:
        super().__init__(config)
        self._address, self._is_first = address, is_first

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._is_first:
            print(f"web-messenger is ready: open {await self._address()}", flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            faulthandler.dump_traceback_later(STOP_S, exit=True)
        super().handle_exit(sig, frame)


def run(program: Program, settings: Settings, listening: socket.socket) -> None:
    """Serves until it is stopped. Refusals of the start pass to the caller."""
    if settings.workers > 1:
        workers.run(settings.workers, partial(_work, program, settings, listening))
    else:
        _run(program, settings, listening)


def _work(program: Program, settings: Settings, listening: socket.socket, born: Born) -> None:
    """Serves as one of several processes."""
    if settings.metrics_port:
        settings = settings.model_copy(update={"metrics_port": settings.metrics_port + born.place - 1})
    try:
        _run(program, settings, listening, born)
    except (SettingsError, DatabaseRefused) as error:
        print(f"web-messenger: {error}", file=sys.stderr)
        sys.exit(1)


def _run(program: Program, settings: Settings, listening: socket.socket, born: Born | None = None) -> None:
    app = program.make(settings, Crew(born.places, born.introductions) if born else None)

    async def address() -> str:
        return await program.first_page(app.state.platform) or settings.address

    config = uvicorn.Config(
        app,
        ws=DRIVERS[settings.socket_driver](app.state.entry.entrance()),
        http=Guard(settings.max_connections_per_address, Proxies(settings.trusted_proxies)).protocol(),
        loop="uvloop",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # `web/arrival.py` does it, for every server
        timeout_keep_alive=75 if settings.trusted_proxies else 15,
        timeout_graceful_shutdown=5,
    )
    server = Announced(config, address, is_first=born is None or born.is_first)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(server, app, listening, born))


async def _serve(server: uvicorn.Server, app: FastAPI, listening: socket.socket, born: Born | None) -> None:
    """Opens the platform around the server, so that a refusal passes to the caller as it is."""
    if born is not None:
        asyncio.get_running_loop().add_reader(born.lifeline, _orphaned, born.lifeline)
    async with app.router.lifespan_context(app):
        if born is not None:
            born.ready()
        _spare_the_collector()
        # uvicorn raises the signal that stopped it once more, while the platform is still open.
        for stopping in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stopping, signal.SIG_IGN)
        await server.serve(sockets=[listening])


def _spare_the_collector() -> None:
    """Excludes all objects made until now from garbage collection.

    Collections took a quarter of the cost of a message.
    """
    gc.collect()
    gc.freeze()


def _orphaned(lifeline: int) -> None:
    """Stops the process when the supervisor is gone."""
    asyncio.get_running_loop().remove_reader(lifeline)
    os.kill(os.getpid(), signal.SIGTERM)
