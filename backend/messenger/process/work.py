"""The worker process: runs background jobs that server processes hand over."""

import faulthandler
import sys
from contextlib import AbstractAsyncContextManager
from typing import Final

from anyio.from_thread import start_blocking_portal

from messenger.adapters.jobs import celery
from messenger.adapters.jobs.inproc import LONGEST_S, InprocJobs
from messenger.doors.platform import Platform
from messenger.process.watch import metrics, traces
from messenger.process.watch.metrics import Parts
from messenger.settings import Settings, SettingsError

STOP_S: Final = LONGEST_S + 10
"""Seconds for a stop as a whole: running jobs finish, and a database that hangs is not waited for any longer."""


def run(settings: Settings, opened: AbstractAsyncContextManager[Platform]) -> None:
    """Works until it is stopped, then leaves with the exit status. Raises `SettingsError`, `DatabaseRefused`.

    `opened`: the platform of a process that runs background jobs. Celery needs the main thread for its signals, so the
    platform has its event loop in another one.
    """
    if settings.jobs_url.startswith("inproc"):
        raise SettingsError(
            "A worker needs JOBS_URL=celery+redis://…, the same as its servers. With inproc:// the servers run background jobs themselves."
        )
    with (
        start_blocking_portal(backend_options={"use_uvloop": True}) as portal,
        portal.wrap_async_context_manager(opened) as platform,
        portal.wrap_async_context_manager(traces.sent(settings)),
        portal.wrap_async_context_manager(metrics.shown(settings, Parts(platform))),
    ):
        runner = platform.jobs
        assert isinstance(runner, InprocJobs)
        status = celery.consume(settings.jobs_url, lambda n: portal.call(runner.run_row, n), _say_ready, _stop_in_time)
    sys.exit(status)


def _say_ready() -> None:
    print("web-messenger worker is ready", flush=True)


def _stop_in_time() -> None:
    """Limits the stop from now on: the process ends by force if need be, after logging the stack of every thread."""
    faulthandler.dump_traceback_later(STOP_S, exit=True)
