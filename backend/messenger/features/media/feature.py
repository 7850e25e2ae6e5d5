"""The plate of media."""

from typing import Final

from messenger.db.tx import Tx
from messenger.doors.feature import Feature
from messenger.doors.platform import Gauge, Platform
from messenger.features.media import jobs, models, store, wire
from messenger.features.media.actions import avatars as avatar_actions
from messenger.features.media.actions import files as file_actions
from messenger.features.media.actions import storage as storage_actions
from messenger.features.media.actions import strays
from messenger.features.media.actions import uploads as upload_actions
from messenger.features.media.flows.uploads import UPLOAD_BYTES
from messenger.features.media.making import images, papers, sounds
from messenger.features.media.routes import avatars, files, uploads
from messenger.features.media.routes import storage as storage_routes
from messenger.features.media.settings import MediaSettings

COUNTED_MAX: Final = 10_000
"""Uploads that are counted for a metric, which is read every few seconds."""


def limits(platform: Platform) -> dict[str, int]:
    """Returns the limits of files."""
    return {"file_max_bytes": platform.of(MediaSettings).file_max, "voice_max_s": sounds.LONGEST_S}


def storage(tx: Tx) -> dict[str, int]:
    """Returns the bytes of all files, and those reserved for uploads."""
    used, reserved = store.sum_storage(tx)
    return {"used": used, "reserved": reserved}


def waiting(tx: Tx) -> dict[str, int]:
    """Returns how many uploads are on their way, and how many are complete and no file yet."""
    return {state: store.count_uploads(tx, state, COUNTED_MAX) for state in ("open", "full")}


feature = Feature(
    "media",
    tables=models,
    settings=MediaSettings,
    rates=(avatars.UPLOAD, avatars.AVATARS, UPLOAD_BYTES, files.FILES),
    gauges=(
        Gauge("storage_bytes", "Bytes of all files, and of uploads on their way.", "state", storage),
        Gauge("uploads", "Uploads on their way, and complete ones that wait to become files.", "state", waiting),
    ),
    upkeep=(upload_actions.forget, storage_actions.forget, strays.stage),
    routers=(avatars.router, uploads.router, files.router, storage_routes.router),
    events=(wire.AvatarFailed, wire.FileReady, wire.FileFailed),
    jobs={
        avatar_actions.MAKE_JOB: jobs.make_avatar,
        avatar_actions.DELETE_JOB: jobs.delete_files,
        upload_actions.TAKE_JOB: jobs.take,
        upload_actions.EXPIRE_JOB: jobs.expire,
        file_actions.COLLECT_JOB: jobs.collect,
        strays.SWEEP_JOB: jobs.sweep,
    },
    offers=(
        *(("heic",) if images.HAS_HEIC else ()),
        *(("video", "voice") if sounds.HAS_AV else ()),
        *(("pdf",) if papers.HAS_PDF else ()),
    ),
    limits=limits,
)
