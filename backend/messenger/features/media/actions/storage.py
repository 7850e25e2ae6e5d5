"""The verbs of storage: how much people, kinds, days and chats take, and the quotas of people."""

from datetime import UTC, datetime
from typing import Any, Final

from messenger.db.tx import Tx
from messenger.features.chats import access as chats
from messenger.features.media import policy, store
from messenger.features.media.wire import (
    ChatStorage,
    ChatStorageList,
    DayStorage,
    KindStorage,
    ServerStorage,
    StorageView,
    UserStorage,
    UserStorageList,
)
from messenger.features.people import access as people
from messenger.features.sessions import access as sessions
from messenger.kernel.actor import Actor
from messenger.kernel.paging import CursorPage, Page, from_cursor, int_from_cursor, to_cursor

DAY_MS: Final = 86_400_000
SHOWN_DAYS: Final = 30
KEPT_DAYS: Final = 400


def count(tx: Tx, user_id: int, kind: str, used: int) -> None:
    """Counts a file that is ready. The storage of its owner is locked."""
    store.count_kind(tx, user_id, kind, 1, used)
    store.count_day(tx, user_id, tx.now // DAY_MS, used, 0)


def discount(tx: Tx, user_id: int, kind: str, used: int) -> None:
    """Counts a file that is deleted. The storage of its owner is locked."""
    store.count_kind(tx, user_id, kind, -1, -used)
    store.count_day(tx, user_id, tx.now // DAY_MS, 0, used)


def forget(tx: Tx, now: int) -> None:
    """Deletes the sums of days that are no longer shown."""
    store.forget_days(tx, now // DAY_MS - KEPT_DAYS)


def of_person(tx: Tx, user_id: int, quota: int) -> StorageView:
    """Returns how much a person stores, by kinds of files; `quota` is that of the server."""
    row, kinds = store.find_storage(tx, user_id), _kinds(store.sum_kinds(tx, user_id))
    return StorageView(row.used, row.reserved, _quota(row, quota), kinds) if row else StorageView(0, 0, quota, kinds)


def of_server(tx: Tx, me: Actor, quota: int, total: int | None) -> ServerStorage:
    """Returns how much all people store; `quota` and `total` are the limits of the server. Raises `UserForbidden`."""
    policy.may_see_storage(is_admin=me.is_admin)
    used, reserved = store.sum_storage(tx)
    days = [
        DayStorage(_date(row.day), int(row.added), int(row.removed))
        for row in store.sum_days(tx, tx.now // DAY_MS - SHOWN_DAYS + 1)
    ]
    return ServerStorage(used, reserved, total, quota, _kinds(store.sum_kinds(tx)), days)


def list_people(tx: Tx, me: Actor, page: Page, quota: int) -> UserStorageList:
    """Returns people by the bytes of their files, most first. Raises `UserForbidden`."""
    policy.may_see_storage(is_admin=me.is_admin)
    rows = store.list_storage(tx, _below(page), page.limit + 1)
    more = to_cursor(rows[page.limit - 1].used, rows[page.limit - 1].user_id) if len(rows) > page.limit else None
    known = people.users(tx, {row.user_id for row in rows})
    items = [_person(known[row.user_id], row, quota) for row in rows[: page.limit]]
    return UserStorageList(items, CursorPage(more))


def list_chats(tx: Tx, me: Actor, page: Page) -> ChatStorageList:
    """Returns chats by the bytes of the files in their messages, most first. Raises `UserForbidden`."""
    policy.may_see_storage(is_admin=me.is_admin)
    rows = store.list_chat_storage(tx, _below(page), page.limit + 1)
    more = to_cursor(rows[page.limit - 1].used, rows[page.limit - 1].chat_id) if len(rows) > page.limit else None
    known = chats.outlines(tx, {row.chat_id for row in rows})
    items = [ChatStorage(row.chat_id, *known[row.chat_id], row.files, row.used) for row in rows[: page.limit]]
    return ChatStorageList(items, CursorPage(more))


def set_quota(tx: Tx, me: Actor, user_id: int, quota: int | None, default: int) -> UserStorage:
    """Sets how many bytes a person may store; `None`: as many as all others. Raises `UserForbidden`, `UserNotFound`."""
    policy.may_see_storage(is_admin=me.is_admin)
    people.check_users(tx, [user_id])
    row = store.hold_storage(tx, user_id)
    if row.quota != quota:
        store.set_quota(tx, user_id, quota)
        sessions.note_quota(tx, me, user_id, quota)
    return _person(people.users(tx, [user_id])[user_id], store.hold_storage(tx, user_id), default)


def _person(user: Any, row: Any, quota: int) -> UserStorage:
    return UserStorage(user, row.used, row.reserved, _quota(row, quota), row.quota is None)


def _quota(row: Any, default: int) -> int:
    return default if row.quota is None else int(row.quota)


def _kinds(rows: Any) -> list[KindStorage]:
    return [KindStorage(row.kind, int(row.files), int(row.used)) for row in rows]


def _date(day: int) -> str:
    """Returns a day since 1970 as `2026-11-28`."""
    return datetime.fromtimestamp(day * DAY_MS / 1000, UTC).date().isoformat()


def _below(page: Page) -> tuple[int, int] | None:
    if not page.cursor:
        return None
    used, id_ = from_cursor(page.cursor, 2)
    return int_from_cursor(used), int_from_cursor(id_)
