"""The verbs of uploads: begin, take a turn, count a piece, end; each is one commit."""

from collections import Counter
from typing import Any, Final, NamedTuple

import msgspec

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.access import Right
from messenger.features.media import names, store
from messenger.features.media.actions.avatars import DELETE_JOB, Files
from messenger.features.media.errors import (
    NO_SPACE_MS,
    NoSpace,
    QuotaExceeded,
    UploadExpired,
    UploadMoved,
    UploadNotFound,
)
from messenger.features.media.policy import OPEN_MAX, TURNS_MAX, Terms, UploadWish, is_heavy
from messenger.features.media.wire import FileFailed, FileFailedData
from messenger.features.sessions import access as sessions
from messenger.kernel import events
from messenger.kernel.errors import IdempotencyMismatch, TooMany
from messenger.kernel.ids import new_id

TAKE_JOB: Final = "media.take"
EXPIRE_JOB: Final = "media.expire"
KEPT_MS: Final = 86_400_000
"""For so long an upload that has ended is known: a device that comes late learns what became of it."""
LATE_MS: Final = 120_000
"""Delay of a deletion of files that a job or a request may be writing at this moment."""


class Take(msgspec.Struct):
    """The payload: an upload whose bytes are all there."""

    upload_id: int


class Expire(msgspec.Struct):
    """The payload: an upload, and when it ends unless more of it came."""

    upload_id: int
    at: int


class Turn(NamedTuple):
    """The permission to send bytes to an upload, from `start` to `size`; another turn ends it."""

    upload_id: int
    number: int
    start: int
    size: int


class Piece(NamedTuple):
    """A stored piece: the `n`th of a turn, from byte `start` on."""

    n: int
    start: int
    size: int


def begin(tx: Tx, wish: UploadWish, terms: Terms) -> Any:
    """Begins an upload and reserves its bytes; a repeat of its key gets the same one. Returns its row.

    Raises `QuotaExceeded`, `NoSpace`, `TooMany`, `IdempotencyMismatch` where the key belongs to another file; for a
    chat `ChatNotFound`, `ChatForbidden`.
    """
    if wish.chat_id is not None:
        access.seat(tx, wish.user_id, wish.chat_id).need(Right.MEDIA)
    storage = store.hold_storage(tx, wish.user_id)  # first of all: creations of one person wait for each other here
    if wish.client_key is not None and (known := store.find_by_key(tx, wish.user_id, wish.client_key)):
        if known.state != "failed":
            if known.size != wish.size or known.name not in (wish.name, ""):  # one that has ended has no name any more
                raise IdempotencyMismatch
            return known
        store.delete_upload(tx, known.id)
    if store.count_open(tx, wish.user_id, OPEN_MAX) >= OPEN_MAX:
        raise TooMany(retry_after_ms=60_000, bucket="upload")
    quota = terms.quota if storage.quota is None else storage.quota
    if storage.used + storage.reserved + wish.size > quota:
        raise QuotaExceeded(quota=quota)
    # Locked, so that of two creations at the same time only one gets the last room: begun uploads are always finished.
    if terms.total is not None and sum(store.sum_storage(tx, locked=True)) + wish.size > terms.total:
        raise NoSpace(retry_after_ms=NO_SPACE_MS, limit="total")
    store.add_storage(tx, wish.user_id, 0, wish.size)
    upload_id, expires_at = new_id(), tx.now + terms.ttl_s * 1000
    asked = wish._asdict()
    del asked["chat_id"]
    fresh = {"id": upload_id, "taken": 0, "turn": 0, "state": "open", "file_id": None, "expires_at": expires_at}
    store.insert_upload(tx, asked | fresh)
    if wish.size == 0:
        _fill(tx, upload_id, is_scanned=False)
    _expire(tx, upload_id, expires_at)
    return store.find_upload(tx, upload_id)


def mine(tx: Tx, user_id: int, upload_id: int) -> Any:
    """Returns the row of an upload of mine. Raises `UploadNotFound`."""
    row = store.find_upload(tx, upload_id)
    if row is None or row.user_id != user_id:
        raise UploadNotFound
    return row


def look(tx: Tx, user_id: int, upload_id: int) -> tuple[Any, Any]:
    """Returns the rows of an upload of mine, and of its file once it is ready. Raises `UploadNotFound`."""
    row = mine(tx, user_id, upload_id)
    return row, store.find_file(tx, row.file_id) if row.state == "done" else None


def is_known(tx: Tx, wish: UploadWish) -> bool:
    """Returns whether a wish repeats an upload."""
    if wish.client_key is None:
        return False
    known = store.find_by_key(tx, wish.user_id, wish.client_key)
    return known is not None and known.state != "failed"


def take_turn(tx: Tx, user_id: int, upload_id: int, offset: int) -> Turn:
    """Takes the turn of an upload at the byte that the caller names.

    Raises `UploadNotFound`, `UploadExpired`, `UploadMoved`.
    """
    row = mine(tx, user_id, upload_id)
    if row.state == "failed" or row.turn >= TURNS_MAX or (row.state == "open" and row.expires_at <= tx.now):
        raise UploadExpired
    number = store.take_turn(tx, upload_id, offset)
    if not number:
        raise UploadMoved
    return Turn(upload_id, number, offset, row.size)


def count_piece(tx: Tx, turn: Turn, piece: Piece, ttl_s: int, *, is_scanned: bool) -> None:
    """Counts a stored piece; with the last one the upload is full, and maybe scanned for viruses. Raises `UploadMoved`
    where the turn is over.
    """
    counted = {"upload_id": turn.upload_id, "turn": turn.number, **piece._asdict()}
    if not store.count_piece(tx, counted, tx.now + ttl_s * 1000):
        raise UploadMoved
    if piece.start + piece.size == turn.size:
        _fill(tx, turn.upload_id, is_scanned=is_scanned)


def _fill(tx: Tx, upload_id: int, *, is_scanned: bool) -> None:
    row = store.fill_upload(tx, upload_id, new_id())
    if row is not None:
        _take(tx, upload_id, is_heavy(row.wanted, row.size, is_scanned=is_scanned))


def put_off(tx: Tx, upload_id: int, wait_ms: int, *, is_scanned: bool) -> None:
    """Lets a full upload become a file later; the job that asks for it ends without an effect."""
    row = store.find_upload(tx, upload_id)
    if row is not None and row.state == "full":
        _take(tx, upload_id, is_heavy(row.wanted, row.size, is_scanned=is_scanned), tx.now + wait_ms)


def _take(tx: Tx, upload_id: int, heavy: bool, due_at: int = 0) -> None:
    tx.enqueue(TAKE_JOB, Take(upload_id), key=f"take:{upload_id}", due_at=due_at, heavy=heavy, again=bool(due_at))


def _expire(tx: Tx, upload_id: int, at: int) -> None:
    tx.enqueue(EXPIRE_JOB, Expire(upload_id, at), key=f"expire:{upload_id}:{at}", due_at=at)


def cancel(tx: Tx, user_id: int, upload_id: int) -> None:
    """Ends an upload of mine and deletes its bytes; one that has ended stays as it is. Raises `UploadNotFound`."""
    mine(tx, user_id, upload_id)
    store.hold_storage(tx, user_id)
    row = store.hold_upload(tx, upload_id)
    if row is not None and row.state in ("open", "full"):
        end(tx, row, "failed", UploadExpired.code)


def expire(tx: Tx, due: Expire) -> None:
    """Ends an upload that was not continued in time; looks again later where more of it came."""
    found = store.find_upload(tx, due.upload_id)
    if found is None:
        return
    store.hold_storage(tx, found.user_id)
    row = store.hold_upload(tx, due.upload_id)
    if row is None or row.state != "open":
        return
    if row.expires_at > tx.now:
        _expire(tx, row.id, row.expires_at)
    else:
        end(tx, row, "failed", UploadExpired.code)


def refuse(tx: Tx, upload_id: int, code: str, found: str = "") -> None:
    """Ends a full upload that cannot become a file, and says so to its owner; notes what was `found` in it."""
    row = hold_full(tx, upload_id)
    if row is not None:
        if found:
            sessions.note_found(tx, row.user_id, found)
        end(tx, row, "failed", code)
        tx.emit(FileFailed, FileFailedData(upload_id, code), to=events.user(row.user_id))


def hold_full(tx: Tx, upload_id: int) -> Any:
    """Returns the row of a full upload with everything locked that its end changes, in the order of all transactions:
    stream, storage, upload; `None` where it has ended.
    """
    found = store.find_upload(tx, upload_id)
    if found is None or found.state != "full":
        return None
    tx.hold([events.user(found.user_id)])
    store.hold_storage(tx, found.user_id)
    row = store.hold_upload(tx, upload_id)
    return row if row is not None and row.state == "full" else None


def end(tx: Tx, row: Any, state: str, error: str | None, stored: int = 0) -> None:
    """Ends an upload whose storage and row are locked: returns its reserved bytes, of which `stored` are used now, and
    deletes all pieces that it may have left.
    """
    counted = Counter(piece.turn for piece in store.list_pieces(tx, row.id))
    keys = list(names.piece_keys(row.id, row.turn, counted))
    if state == "failed" and row.file_id is not None:
        keys += names.file_keys(row.file_id)
    store.end_upload(tx, row.id, state, error)
    store.add_storage(tx, row.user_id, stored, -row.size)
    store.forget_pieces(tx, row.id)
    if keys:
        due_at = tx.now + LATE_MS if state == "failed" else 0
        tx.enqueue(DELETE_JOB, Files(keys), key=f"delete:up:{row.id}", due_at=due_at)


def forget(tx: Tx, now: int) -> None:
    """Deletes uploads that ended a day ago."""
    for state in ("done", "failed"):
        store.forget_uploads(tx, state, now - KEPT_MS)
