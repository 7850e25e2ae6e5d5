"""The verbs of files: an upload becomes one, its owner deletes it, and what no message holds is collected."""

from typing import Any, Final, NamedTuple

import msgspec

from messenger.db.tx import Tx
from messenger.features.media import names, store, views
from messenger.features.media.actions import storage, uploads
from messenger.features.media.actions.avatars import DELETE_JOB, Files
from messenger.features.media.errors import FileInUse, FileNotFound
from messenger.features.media.wire import FileKind, FileReady, FileReadyData, Variant
from messenger.kernel import codec, events

COLLECT_JOB: Final = "media.collect"
UNSENT_MS: Final = 7 * 86_400_000
"""For so long a file waits for its first message: the outbox of a phone that sleeps."""


class Collect(msgspec.Struct):
    """The payload: a file that no message has held since `since` (ms), and when it may go (0: by the settings)."""

    file_id: int
    since: int
    at: int = 0


class Taking(NamedTuple):
    """An upload whose bytes are all there: its row, and the keys of its pieces in their order."""

    upload: Any
    pieces: list[str]


class Shown(NamedTuple):
    """What is more than bytes to download: its kind and name, how it looks and sounds, and its variants.

    `has_original`: it was not made anew, at least not all of it, so what was uploaded is kept.
    """

    kind: FileKind
    name: str
    variants: list[Variant]
    width: int | None = None
    height: int | None = None
    thumbhash: str | None = None
    duration_ms: int | None = None
    peaks: str | None = None
    pages: int | None = None
    has_original: bool = False


class Made(NamedTuple):
    """What the server found out about the bytes of an upload, or of the largest variant where it keeps no original."""

    type: str
    size: int
    sha256: str
    shown: Shown | None = None

    @property
    def stored(self) -> int:
        """Returns the bytes that the file takes."""
        variants = self.shown.variants if self.shown else []
        return sum(one.size for one in variants) + (self.size if self.has_original else 0)

    @property
    def has_original(self) -> bool:
        """Returns whether what was uploaded is kept."""
        return self.shown is None or self.shown.has_original


def taking(tx: Tx, upload_id: int) -> Taking | None:
    """Returns an upload that is to become a file; `None` where it has become one, or ended."""
    row = store.find_upload(tx, upload_id)
    if row is None or row.state != "full":
        return None
    return Taking(row, [names.piece_key(row.id, one.turn, one.n) for one in store.list_pieces(tx, row.id)])


def finish(tx: Tx, upload_id: int, made: Made) -> None:
    """Makes a file of a full upload, whose original and variants are stored; an original that is not kept is deleted.

    A repeat, and an upload that ended, change nothing.
    """
    row = uploads.hold_full(tx, upload_id)
    if row is None:
        return
    shown = made.shown or Shown("file", row.name, [])
    looks = {name: getattr(shown, name) for name in views.LOOKS}
    store.insert_file(
        tx,
        {
            "id": row.file_id,
            "user_id": row.user_id,
            "kind": shown.kind,
            "name": shown.name,
            "type": made.type,
            "size": made.size,
            "sha256": made.sha256,
            **looks,
            "variants": codec.encode_text(shown.variants) if made.shown else None,
            "stored": made.stored,
            "unused_since": tx.now,
            "created_at": tx.now,
        },
    )
    uploads.end(tx, row, "done", None, made.stored)
    storage.count(tx, row.user_id, shown.kind, made.stored)
    data = FileReadyData(upload_id, row.file_id)
    if made.shown:
        data = FileReadyData(upload_id, row.file_id, **views.known(looks), variants=shown.variants)
    tx.emit(FileReady, data, to=events.user(row.user_id))
    stage(tx, Collect(row.file_id, tx.now, tx.now + UNSENT_MS))
    if not made.has_original:
        # A second run of the same job may write the original again at this moment.
        original = Files([names.original_key(row.file_id)])
        tx.enqueue(DELETE_JOB, original, key=f"delete:original:{row.file_id}", due_at=tx.now + uploads.LATE_MS)


def remove(tx: Tx, user_id: int, file_id: int) -> None:
    """Deletes a file of mine that no message holds. Raises `FileNotFound`, `FileInUse`."""
    row = store.find_file(tx, file_id)
    if row is None or row.user_id != user_id:
        raise FileNotFound
    if row.uses or not _delete(tx, row, row.unused_since):
        raise FileInUse


def collect(tx: Tx, unused: Collect, keep_ms: int) -> None:
    """Deletes a file that no message holds any more, once it was kept for long enough."""
    at = unused.at or unused.since + keep_ms
    if tx.now < at:
        stage(tx, Collect(unused.file_id, unused.since, at))
        return
    row = store.find_file(tx, unused.file_id)
    if row is not None:
        _delete(tx, row, unused.since)


def stage(tx: Tx, unused: Collect) -> None:
    """Stages the deletion of a file that no message holds, unless one does by then."""
    key = f"collect:{unused.file_id}:{unused.since}"
    tx.enqueue(COLLECT_JOB, unused, key=key, due_at=unused.at, again=True)


def _delete(tx: Tx, row: Any, since: int) -> bool:
    """Deletes a file and its bytes, unless a message has held it since; returns whether it did."""
    store.hold_storage(tx, row.user_id)
    if not store.delete_unused(tx, row.id, since):
        return False
    store.add_storage(tx, row.user_id, -row.stored, 0)
    storage.discount(tx, row.user_id, row.kind, row.stored)
    tx.enqueue(DELETE_JOB, Files(names.file_keys(row.id)), key=f"delete:file:{row.id}")
    return True
