"""Forks commands of the messenger from a process that has imported everything: a start costs a fraction of the time.

`python -m tests.mother` reads JSON lines. `{"arguments", "environment", "out", "err", "build"}` starts a command and
answers its pid; `{"pid"}` answers its exit status, or null while it runs. `build` names a function that prepares the
new process, or is null.
"""

import gc
import json
import os
import signal
import sys
import traceback
from pkgutil import resolve_name
from typing import Any, NoReturn

from messenger import __main__

ALWAYS = ["messenger.assembly.migrate.steps", "uvicorn.loops.uvloop", "uvicorn.lifespan.on"]
LAZY = {
    "postgresql": ["psycopg"],
    "redis": ["redis.asyncio", "messenger.adapters.bus.redis", "messenger.adapters.limits.redis"],
    "celery+redis": ["messenger.adapters.jobs.celery"],
    "s3": ["messenger.adapters.storage.s3"],
}
"""Modules that the program imports late: for its first migration, for its loop, and by the scheme of an address."""


def main() -> None:
    """Forks until the input ends, then kills every process still running: none outlives the tests, even killed ones."""
    for name in ALWAYS:
        resolve_name(name)
    living: set[int] = set()
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            answer = _answer(asked)
            if "pid" not in asked:
                living.add(answer or 0)
            elif answer is not None:
                living.discard(asked["pid"])
            print(json.dumps(answer), flush=True)
    finally:  # also where an answer finds no reader
        for pid in living:
            os.kill(pid, signal.SIGKILL)


def _answer(asked: dict[str, Any]) -> int | None:
    if "pid" in asked:
        pid, status = os.waitpid(asked["pid"], os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None
    if asked["build"]:
        resolve_name(asked["build"])
    for name in {name for value in asked["environment"].values() for name in LAZY.get(value.partition("://")[0], ())}:
        resolve_name(name)
    # What is here is shared: a collection in the new process would copy all of it to count it.
    gc.freeze()
    pid = os.fork()
    if not pid:
        _run(asked)
    return pid


def _run(asked: dict[str, Any]) -> NoReturn:
    """Becomes the command, and never returns to the code that forked."""
    for descriptor, name in ((1, asked["out"]), (2, asked["err"])):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(asked["environment"])
    status = 1
    try:
        if asked["build"]:
            resolve_name(asked["build"])()
        __main__.main(asked["arguments"])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
