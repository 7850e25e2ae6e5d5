"""The verbs of people: profiles, rights, finding each other."""

from collections.abc import Collection
from typing import Any, NamedTuple

from messenger.db.tx import Tx
from messenger.features.people import policy, store, views
from messenger.features.people.access import get_me, tell_changed
from messenger.features.people.errors import UserNotFound
from messenger.features.people.names import finding
from messenger.features.people.wire import RightChanged, RightChangedData, UserList, UserRead
from messenger.kernel import events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Stale
from messenger.kernel.mime import email_key
from messenger.kernel.paging import CursorPage, Page, from_cursor, int_from_cursor, to_cursor


class Person(NamedTuple):
    """A new person, whose password is hashed already."""

    id: int
    name: str
    email: str
    password_hash: str
    role: str
    language: str


def add(tx: Tx, person: Person) -> bool:
    """Creates a person with their stream; returns `False` when their address has an account already."""
    keys = {"name_key": finding.fold(person.name), "email_key": email_key(person.email), "created_at": tx.now}
    if not store.insert_user(tx, person._asdict() | keys):
        return False
    store.replace_words(tx, person.id, finding.keys(person.name))
    tx.open_streams(events.user(person.id))
    return True


def get_user(tx: Tx, me: Actor, user_id: int) -> UserRead:
    """Returns a person's profile. Raises `UserNotFound`."""
    return views.seen_by(_user(tx, user_id), is_admin=me.is_admin)


def list_users(tx: Tx, me: Actor, user_ids: Collection[int]) -> UserList:
    """Returns the profiles of those of these people that exist; each is open to the same people as `get_user`."""
    rows = store.list_users(tx, set(user_ids))
    return UserList([views.seen_by(row, is_admin=me.is_admin) for row in rows], CursorPage())


def allow(tx: Tx, me: Actor, user_id: int, *, may_invite: bool) -> UserRead:
    """Grants or takes the right to invite people without an account. Raises `UserForbidden`, `UserNotFound`."""
    policy.may_administer(is_admin=me.is_admin)
    if _user(tx, user_id).may_invite != may_invite:
        store.update_profile(tx, user_id, {"may_invite": may_invite}, None)
        tx.tell(RightChanged, RightChangedData(user_id, me, "may_invite", may_invite))
        tell_changed(tx, user_id)
    return get_user(tx, me, user_id)


def search(tx: Tx, me: Actor, query: str, page: Page) -> UserList:
    """Returns people by the beginnings of words of their name (`finding.queries`), or by their whole address.

    All for a blank query.
    """
    after = None
    if page.cursor:
        name, user_id = from_cursor(page.cursor, 2)
        after = name, int_from_cursor(user_id)
    if query.strip():
        rows = store.search_users(tx, finding.queries(query), email_key(query), after, page.limit + 1)
    else:
        rows = store.list_people(tx, after, page.limit + 1)
    last = rows[page.limit - 1] if len(rows) > page.limit else None
    more = to_cursor(last.name_key, last.id) if last else None
    return UserList([views.seen_by(row, is_admin=me.is_admin) for row in rows[: page.limit]], CursorPage(more))


def change_profile(tx: Tx, me: Actor, change: dict[str, Any], rev: int | None) -> UserRead:
    """Changes name or language; chats hear of it. Raises `Stale`."""
    if "name" in change:
        change = change | {"name_key": finding.fold(change["name"])}
    if change:
        if not store.update_profile(tx, me.user_id, change, rev):
            raise Stale
        if "name" in change:
            store.replace_words(tx, me.user_id, finding.keys(change["name"]))
        tell_changed(tx, me.user_id)
    return get_me(tx, me.user_id)


def set_avatar(tx: Tx, user_id: int, avatar: str | None) -> str | None:
    """Sets another avatar, or none; chats hear of it. Returns the former one."""
    former: str | None = _user(tx, user_id).avatar
    if former != avatar:
        store.update_profile(tx, user_id, {"avatar": avatar}, None)
        tell_changed(tx, user_id)
    return former


def _user(tx: Tx, user_id: int) -> Any:
    row = store.find_user(tx, user_id)
    if row is None:
        raise UserNotFound
    return row
