"""Makes a forked server one of the test build.

`TORTURE_PLANT` in its environment names a fault of `tests/plants.py`, which works as soon as the file
`TORTURE_ARMED` exists; `TORTURE_FILES` is the folder of the layer under SQLite's files.
"""

import os
import threading
import time
from functools import partial
from pathlib import Path

from messenger.db import outbox
from tests import plants
from tests.forked import fork
from tests.torture.files import Layer

PLANT, ARMED, FILES, SEED = "TORTURE_PLANT", "TORTURE_ARMED", "TORTURE_FILES", "TORTURE_SEED"


def prepare() -> None:
    """Makes the forked process one of the test build."""
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


rigged = partial(fork, build=f"{__name__}:{prepare.__name__}")


def _plant_when(armed: Path, name: str) -> None:
    while not armed.exists():
        time.sleep(0.01)
    plants.plant(name)
