"""Forks servers of a test build from a process that has imported everything: a start costs a fraction.

`python -m tests.torture.serve` reads JSON lines: `{"environment", "log"}` starts a server and answers its pid,
`{"pid"}` answers its exit status or null. `TORTURE_PLANT` in the environment names a fault of `tests/plants.py`, which
works as soon as the file `TORTURE_ARMED` exists; `TORTURE_FILES` is the folder of the layer under SQLite's files.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from messenger import __main__
from messenger.db import outbox
from tests import plants
from tests.torture.files import Layer

PLANT, ARMED, FILES, SEED = "TORTURE_PLANT", "TORTURE_ARMED", "TORTURE_FILES", "TORTURE_SEED"


def main() -> None:
    """Forks until the input ends; then no server is left, even if the driver was killed."""
    living: set[int] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _answer(asked)
        if "pid" not in asked:
            living.add(answer or 0)
        elif answer is not None:
            living.discard(asked["pid"])
        print(json.dumps(answer), flush=True)
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _answer(asked: dict[str, Any]) -> int | None:
    if "pid" in asked:
        pid, status = os.waitpid(asked["pid"], os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None
    pid = os.fork()
    if not pid:
        _serve(asked["environment"], asked["log"])
    return pid


def _serve(environment: dict[str, str], log: str) -> NoReturn:
    """Runs the child: a server that never returns to the code that forked it."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    status = 1
    try:
        _prepare()
        __main__.main(["serve"])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _prepare() -> None:
    if folder := os.environ.get(FILES):
        Layer(Path(folder), int(os.environ[SEED]) + os.getpid()).install()
    if name := os.environ.get(PLANT):
        armed = Path(os.environ[ARMED])
        if armed.exists():
            plants.plant(name)
        else:
            threading.Thread(target=_plant_when, args=(armed, name), daemon=True).start()
    # A letter that a killed process had begun is sent again within the run.
    outbox.CLAIM_MS = 1_500  # type: ignore[misc]
    outbox.RETRY_MS = (50,) * len(outbox.RETRY_MS)  # type: ignore[misc, assignment]


def _plant_when(armed: Path, name: str) -> None:
    while not armed.exists():
        time.sleep(0.01)
    plants.plant(name)


if __name__ == "__main__":
    main()
