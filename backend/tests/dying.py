"""Makes a forked server one that is killed at a named point of an upload's life, once.

`DIES_AT` in its environment names the point, `DIES_ONCE` a file: while it is there the server dies, and deletes it
first.
"""

import inspect
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from messenger.adapters.jobs import inproc
from messenger.db import outbox
from messenger.features.media import jobs
from messenger.features.media.actions import files, uploads
from messenger.features.media.feature import feature
from messenger.features.media.flows import uploads as flow
from tests.forked import fork

AT, ONCE = "DIES_AT", "DIES_ONCE"
POINTS: Final[dict[str, tuple[Any, str, str]]] = {
    "begun": (flow, "begin", "after"),
    "turn taken": (uploads, "take_turn", "after"),
    "piece stored": (flow, "_store", "after"),
    "piece counting": (uploads, "count_piece", "after"),
    "piece counted": (flow, "_count", "after"),
    "joining": (jobs, "take", "before"),
    "joined": (jobs, "_look", "before"),
    "finishing": (files, "finish", "after"),
    "finished": (jobs, "take", "after"),
    "deleting": (jobs, "delete_files", "before"),
    "deleted": (jobs, "delete_files", "after"),
}
"""The points: a function, and whether the server dies before or after it. Those that run in a transaction die before
its commit.
"""


def prepare() -> None:
    """Makes the forked process one that dies."""
    where, name, when = POINTS[os.environ[AT]]
    right = getattr(where, name)
    dying = _dying(right, Path(os.environ[ONCE]), when)
    setattr(where, name, dying)
    plated: Any = feature.jobs
    plated |= {job: dying for job, run in plated.items() if run is right}
    # A job that a killed process had begun is claimed again within the test.
    outbox.CLAIM_MS = 1_500  # type: ignore[misc]
    inproc.SWEEP_S = 0.5  # type: ignore[misc]


mortal = partial(fork, build=f"{__name__}:{prepare.__name__}")


def _dying(right: Callable[..., Any], once: Path, when: str) -> Callable[..., Any]:
    def die(now: str) -> None:
        if now == when and once.exists():
            once.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    async def later(*args: Any, **more: Any) -> Any:
        die("before")
        value = await right(*args, **more)
        die("after")
        return value

    def plain(*args: Any, **more: Any) -> Any:
        die("before")
        value = right(*args, **more)
        die("after")
        return value

    return later if inspect.iscoroutinefunction(right) else plain
