"""The verbs of avatars: an upload is requested, made ready or refused, and deleted."""

from typing import Final, Literal

import msgspec

from messenger.db.tx import Tx
from messenger.features.chats import actions as chats
from messenger.features.chats.access import Right
from messenger.features.media import store
from messenger.features.media.wire import AvatarFailed, AvatarFailedData
from messenger.features.people import access, actions
from messenger.kernel import events
from messenger.kernel.errors import AppError

MAKE_JOB: Final = "media.make_avatar"
DELETE_JOB: Final = "media.delete_files"
SIZES: Final = (48, 96, 320)
LEFTOVER_MS: Final = 86_400_000
"""Age at which an original is deleted, whatever became of its upload."""
SHOWN_MS: Final = 3_600_000
"""For so long pages that missed a change may still ask for the former avatar."""


class Owner(msgspec.Struct, frozen=True):
    """The owner of an avatar: a user or a chat."""

    kind: Literal["user", "chat"]
    id: int


class Make(msgspec.Struct):
    """The payload: the original of an upload."""

    owner: Owner
    avatar: str
    original: str


class Files(msgspec.Struct):
    """The payload: keys of files to delete."""

    keys: list[str]


def keys_of(avatar: str) -> list[str]:
    """Returns the files of an avatar, smallest first."""
    return [f"avatars/{avatar[:2]}/{avatar}-{size}.webp" for size in SIZES]


def may_change(tx: Tx, user_id: int, owner: Owner) -> None:
    """Checks whether the user may change this avatar. Raises `ChatNotFound`, `ChatForbidden`."""
    if owner.kind == "chat":
        chats.need(tx, user_id, owner.id, Right.INFO)


def begin(tx: Tx, original: str) -> None:
    """Stages the deletion of an original in a day, before its body is stored."""
    tx.enqueue(DELETE_JOB, Files([original]), key=f"delete:{original}", due_at=tx.now + LEFTOVER_MS)


def want(tx: Tx, user_id: int, make: Make) -> None:
    """Stages the job that makes the avatar; the original is stored."""
    may_change(tx, user_id, make.owner)
    store.want(tx, make.owner.kind, make.owner.id, make.avatar, user_id)
    tx.enqueue(MAKE_JOB, make, key=f"avatar:{make.avatar}")


def take(tx: Tx, make: Make) -> bool:
    """Shows the finished files, unless a later upload or removal came. Raises the errors of a right that was lost
    meanwhile.

    Returns whether they are shown now, by this run or by an earlier one of the same job.
    """
    row = store.find(tx, make.owner.kind, make.owner.id)
    if row is None or row.avatar != make.avatar:
        return _shown(tx, make.owner) == make.avatar
    store.forget(tx, make.owner.kind, make.owner.id)
    _set(tx, row.user_id, make.owner, make.avatar)
    return True


def refuse(tx: Tx, make: Make, error: AppError) -> None:
    """Refuses an image that cannot be used: the avatar stays, and the uploader gets an event."""
    row = store.find(tx, make.owner.kind, make.owner.id)
    if row is None or row.avatar != make.avatar:
        return
    store.forget(tx, make.owner.kind, make.owner.id)
    failed = AvatarFailedData(make.avatar, make.owner.kind, make.owner.id, error.code)
    tx.emit(AvatarFailed, failed, to=events.user(row.user_id))


def remove(tx: Tx, user_id: int, owner: Owner) -> None:
    """Removes the avatar, and any upload on its way."""
    may_change(tx, user_id, owner)
    store.forget(tx, owner.kind, owner.id)
    _set(tx, user_id, owner, None)


def _shown(tx: Tx, owner: Owner) -> str | None:
    return chats.avatar_of(tx, owner.id) if owner.kind == "chat" else access.get_me(tx, owner.id).avatar


def _set(tx: Tx, user_id: int, owner: Owner, avatar: str | None) -> None:
    if owner.kind == "chat":
        former = chats.set_avatar(tx, user_id, owner.id, avatar)
    else:
        former = actions.set_avatar(tx, owner.id, avatar)
    if former and former != avatar:
        tx.enqueue(DELETE_JOB, Files(keys_of(former)), key=f"delete:{former}", due_at=tx.now + SHOWN_MS)
