"""Serves during development: the client with live reload, the server restarted when its code changes.

Ctrl-C ends both.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from setup import BACKEND, FRONTEND, PYTHON, ROOT, node_environment

LOOK_S = 0.5


def newest(folder: Path) -> float:
    """Returns the time of the last change of a module in a folder."""
    return max(path.stat().st_mtime for path in folder.rglob("*.py"))


def serve(env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Starts the server on the port of `PORT`."""
    return subprocess.Popen([PYTHON, "-m", "messenger", "serve"], cwd=ROOT, env=env)


def end(process: subprocess.Popen[bytes]) -> None:
    """Terminates a process."""
    if process.poll() is None:
        process.terminate()
    process.wait(20)


def leave(_signal: int, _frame: FrameType | None) -> None:
    """Ends the program after either signal."""
    raise KeyboardInterrupt


def main() -> None:
    """Runs both until a signal, or until the client's server ends by itself."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    env = node_environment()
    code = BACKEND / "messenger"
    seen = newest(code)
    server = serve(env)
    client = subprocess.Popen([FRONTEND / "node_modules" / ".bin" / "vite", *sys.argv[1:]], cwd=FRONTEND, env=env)
    try:
        while client.poll() is None:
            time.sleep(LOOK_S)
            if newest(code) > seen:
                seen = newest(code)
                print("dev: the code changed, the server starts anew", flush=True)
                end(server)
                server = serve(env)
    except KeyboardInterrupt:
        pass
    finally:
        end(client)
        end(server)


if __name__ == "__main__":
    main()
