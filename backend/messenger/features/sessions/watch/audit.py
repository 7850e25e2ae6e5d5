"""The audit trail: events of accounts and who caused them, written in the same commit, kept for a year."""

from typing import Final, NamedTuple

from messenger.db.tx import Tx
from messenger.features.people import access as people
from messenger.features.people.wire import RightChangedData
from messenger.features.sessions import policy, store
from messenger.features.sessions.wire import AuditKind, AuditList, AuditView
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from messenger.kernel.paging import CursorPage, Page, from_cursor, int_from_cursor, to_cursor

KEPT_MS: Final = 365 * 86_400_000


class Place(NamedTuple):
    """The origin of an action: the name of the device, and its address."""

    device: str = ""
    address: str = ""


def place_of(tx: Tx, me: Actor) -> Place:
    """Returns the place of the actor's sign-in."""
    session = store.find_session(tx, me.session_id)
    return Place(session.device, session.address) if session else Place()


def note(
    tx: Tx, kind: AuditKind, user_id: int, by: int | None, place: Place, about: tuple[int | None, str] = (None, "")
) -> None:
    """Writes a line. `by`: the user who did it, if known; `about`: the chat it was in, and a role or a reason."""
    line = {"at": tx.now, "kind": kind, "user_id": user_id, "by_id": by, "device": place.device}
    store.insert_audit(tx, line | {"address": place.address, "chat_id": about[0], "detail": about[1]})


def note_rights(tx: Tx, changes: list[RightChangedData]) -> None:
    """Writes down rights that were given or taken. A listener."""
    for change in changes:
        kind: AuditKind = "right.given" if change.is_given else "right.taken"
        note(tx, kind, change.user_id, change.by.user_id, place_of(tx, change.by), (None, change.right))


def list_mine(tx: Tx, me: Actor, page: Page) -> AuditList:
    """Returns the audit trail of my account, newest first."""
    return _list(tx, me.user_id, page)


def list_all(tx: Tx, me: Actor, page: Page) -> AuditList:
    """Returns the audit trail of all accounts, newest first. Raises `UserForbidden`."""
    policy.may_read_all(is_admin=me.is_admin)
    return _list(tx, None, page)


def forget(tx: Tx, now: int) -> None:
    """Deletes lines that are older than promised."""
    store.delete_audit(tx, now - KEPT_MS)


def _list(tx: Tx, user_id: int | None, page: Page) -> AuditList:
    before = int_from_cursor(from_cursor(page.cursor, 1)[0]) if page.cursor else None
    rows = store.list_audit(tx, user_id, before, page.limit + 1)
    more = to_cursor(rows[page.limit - 1].n) if len(rows) > page.limit else None
    rows = rows[: page.limit]
    ids = {row.user_id for row in rows} | {row.by_id for row in rows if row.by_id is not None}
    known = people.users(tx, ids)
    items = [
        AuditView(
            id=row.n,
            kind=row.kind,
            at=clock.text(row.at),
            user=known[row.user_id],
            by=known.get(row.by_id),
            chat_id=row.chat_id,
            device=row.device,
            address=row.address,
            detail=row.detail,
        )
        for row in rows
    ]
    return AuditList(items, CursorPage(more))
