"""What the houses above may learn of people, and tell of them."""

from collections.abc import Collection

from messenger.db.tx import Tx
from messenger.features.people import policy, store, views
from messenger.features.people.errors import UserNotFound
from messenger.features.people.wire import UserChanged, UserChangedData, UserRead
from messenger.kernel import events


def users(tx: Tx, user_ids: Collection[int]) -> dict[int, UserRead]:
    """The people of these ids as others see them; one statement."""
    return {row.id: views.public(row) for row in store.list_users(tx, user_ids)} if user_ids else {}


def check_users(tx: Tx, user_ids: Collection[int]) -> None:
    """Raises `UserNotFound` when one of these people does not exist; one statement."""
    if len(users(tx, user_ids)) < len(set(user_ids)):
        raise UserNotFound


def inviters(tx: Tx, user_ids: Collection[int]) -> set[int]:
    """Those of these people whose links let strangers in where an invite is needed; one statement."""
    return {row.id for row in store.list_users(tx, user_ids) if policy.may_invite(row)} if user_ids else set()


def get_me(tx: Tx, user_id: int) -> UserRead:
    """One's own profile. Raises `UserNotFound`."""
    row = store.find_user(tx, user_id)
    if row is None:
        raise UserNotFound
    return views.own(row)


def tell_changed(tx: Tx, user_id: int) -> None:
    """Tell a person's devices, and through chats everybody who knows them, what their profile is now."""
    tx.emit(UserChanged, UserChangedData(get_me(tx, user_id)), to=events.user(user_id))
