"""Background jobs in processes of their own: Celery carries the numbers of rows from the servers to the workers."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from celery import Celery, signals

from messenger.adapters.jobs.inproc import AT_ONCE

log = logging.getLogger("messenger.jobs")

TASK: Final = "messenger.run_row"
VISIBLE_S: Final = 300
"""A number that was taken and not acknowledged by then is handed out again; above the longest job and its wait."""
WAITING_MAX: Final = 1000
PAUSE_S: Final = 1.0
ANSWER_S: Final = 1.0
"""Seconds for Redis to take a number: one that hangs must not hold the sender, or a stop, for ever."""


def make_app(url: str, **transport: Any) -> Celery:
    """Returns a Celery application for `celery+redis://…`. It carries JSON only, keeps no results and obeys no remote
    control.

    `transport`: more options of the connection to Redis.
    """
    app = Celery("messenger", broker=url.removeprefix("celery+"), set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_default_queue="messenger.jobs",
        task_acks_late=True,
        task_acks_on_failure_or_timeout=True,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_redirect_stdouts=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": VISIBLE_S,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            # Limits of a sender; a worker looks for its Redis for ever.
            "max_retries": 1,
            "interval_start": 0,
            **transport,
        },
    )
    return app


class CeleryJobs:
    """A driver of `kernel.ports.jobs.Jobs` for a process that only commits; `consume` is the other end."""

    def __init__(self, url: str) -> None:
        self._app = make_app(url, socket_timeout=ANSWER_S)
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="celery")
        self._waiting = 0
        self._pause_until = 0.0

    def wake(self, row_ids: Sequence[int]) -> None:
        if self._waiting < WAITING_MAX:
            self._waiting += 1
            self._sender.submit(self._send, row_ids)

    async def start(self) -> None:
        """Does nothing: the first number connects."""

    async def close(self) -> None:
        await asyncio.to_thread(self._sender.shutdown, cancel_futures=True)
        self._app.close()

    def _send(self, row_ids: Sequence[int]) -> None:
        """Sends row numbers on the sender's thread. The workers find lost ones by their sweep."""
        self._waiting -= 1
        if time.monotonic() < self._pause_until:
            return
        try:
            for n in row_ids:
                self._app.send_task(TASK, (n,))
        except Exception as error:
            log.warning("Redis did not take a job; workers will find it themselves: %s", error)
            self._pause_until = time.monotonic() + PAUSE_S


def consume(
    url: str, run: Callable[[int], Any], ready: Callable[[], None], stopping: Callable[[], None] = lambda: None
) -> int:
    """Calls `run(row)` on a few threads for the numbers that come, until a signal; on the main thread. Returns the exit
    status.

    Calls `ready()` when it begins, and `stopping()` when the signal came and running jobs must still finish. Redis may
    be away, at the start and later: it is looked for until it is back.
    """
    app = make_app(url)

    def run_row(n: int) -> None:
        run(n)

    def keep_logging(**_: Any) -> None:
        """Does nothing. A listener keeps Celery from setting up logging of its own."""

    def say(**_: Any) -> None:
        ready()

    def say_stopping(**_: Any) -> None:
        stopping()

    app.task(name=TASK)(run_row)
    signals.setup_logging.connect(keep_logging)
    signals.worker_ready.connect(say)
    signals.worker_shutting_down.connect(say_stopping)
    worker = app.Worker(
        pool="threads",
        concurrency=AT_ONCE,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)
