"""Checks the disks of this machine: whether they can be written, and how much room is left."""

import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from messenger.doctor.check import Finding, failed, ok, warning, why
from messenger.settings import Settings

FULL: Final = 64 * 1024**2
LITTLE: Final = 1024**3


def check(settings: Settings) -> Finding:
    """Returns the finding of `DATA_DIR` and of the other folders of the database and of files on this machine."""
    findings = [_folder(folder) for folder in folders_of(settings)]
    return max(findings, key=lambda finding: ("ok", "warning", "failed").index(finding.status))


def folders_of(settings: Settings) -> list[Path]:
    """Returns the folders on this machine's disks that the server writes."""
    elsewhere = []
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and url.database:
        elsewhere.append(Path(url.database).parent)
    if settings.storage.startswith("file://"):
        elsewhere.append(Path(settings.storage.removeprefix("file://")))
    # Folders that do not exist yet are reported by the checks of the database and of storage.
    return list(
        dict.fromkeys(
            one.resolve() for one in (settings.data_dir, *elsewhere) if one == settings.data_dir or one.is_dir()
        )
    )


def _folder(folder: Path) -> Finding:
    if not folder.is_dir():
        return failed(f"The folder {folder} is not there.", "Start the server, which creates it, or set DATA_DIR.")
    probe = folder / f".doctor-{secrets.token_hex(8)}"
    try:
        with probe.open("xb") as file:
            file.write(bytes(65_536))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return failed(
            f"The folder {folder} cannot be written: {why(error)}.",
            "Make room on its disk, and give the server's user the right to write there.",
        )
    finally:
        _forget(probe)
    return space(folder)


def _forget(probe: Path) -> None:
    try:
        probe.unlink(missing_ok=True)
    except OSError:
        return  # a user who may not write may not remove either


def space(folder: Path) -> Finding:
    """Returns the finding of the room that is left on the disk of a folder."""
    return judged(folder, shutil.disk_usage(folder).free)


def judged(folder: Path, free: int) -> Finding:
    """Returns the finding of `free` bytes."""
    left = f"{free / 1024**3:.1f} GiB are free on the disk of {folder}"
    if free < FULL:
        return failed(f"{left}.", "Make room now: nothing more can be written.")
    if free < LITTLE:
        return warning(f"{left}.", "Make room soon.")
    return ok(f"{left}, and it can be written.")
