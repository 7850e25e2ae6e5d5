"""The sweep of the storage: finds files that belong to no upload and no file, and deletes them a day later."""

import re
from collections.abc import Collection
from typing import Final

import msgspec

from messenger.db.tx import Tx
from messenger.features.media import store

SWEEP_JOB: Final = "media.sweep"
OLD_MS: Final = 48 * 3_600_000
"""Age of a file below which a job may still be about to need it."""
AGAIN_MS: Final = 20 * 3_600_000
"""Time between the first and the second sighting, after which a stray is deleted."""
_DAY_MS: Final = 86_400_000
_OURS: Final = re.compile(r"(files|uploads)/[0-9a-f]{2}/([0-9a-f]{1,13})-[0-9a-z-]+\.[a-z0-9]+")


class Sweep(msgspec.Struct):
    """The payload: the day of a sweep, and the key behind which it goes on."""

    day: int
    after: str = ""


def stage(tx: Tx, now: int) -> None:
    """Stages the sweep of a new day."""
    day = now // _DAY_MS
    if store.begin_day(tx, day):
        go_on(tx, Sweep(day))


def go_on(tx: Tx, sweep: Sweep) -> None:
    """Stages the rest of a sweep."""
    tx.enqueue(SWEEP_JOB, sweep, key=f"sweep:{sweep.day}:{sweep.after}")


def judge(tx: Tx, keys: Collection[str]) -> list[str]:
    """Returns those of these keys that belong to nothing, and did so a day ago; notes the others that belong to
    nothing.
    """
    ours = {key: (found[1], int(found[2], 16)) for key in keys if (found := _OURS.fullmatch(key))}
    known = {("files", id_) for id_ in store.known_files(tx, {id_ for kind, id_ in ours.values() if kind == "files"})}
    uploads = {id_ for kind, id_ in ours.values() if kind == "uploads"}
    known |= {("uploads", id_) for id_ in store.known_uploads(tx, uploads)}
    strays = {key for key, owner in ours.items() if owner not in known}
    seen = store.list_strays(tx, strays) if strays else {}
    gone = [key for key, at in seen.items() if at <= tx.now - AGAIN_MS]
    if fresh := strays - seen.keys():
        store.insert_strays(tx, fresh, tx.now)
    if gone:
        store.delete_strays(tx, gone)
    return sorted(gone)
