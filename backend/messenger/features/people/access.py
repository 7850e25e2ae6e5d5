"""The functions by which houses above read people and report changes of them."""

from collections.abc import Collection

from messenger.db.tx import Tx
from messenger.features.people import policy, store, views
from messenger.features.people.errors import UserNotFound
from messenger.features.people.wire import UserChanged, UserChangedData, UserRead
from messenger.kernel import events


def users(tx: Tx, user_ids: Collection[int]) -> dict[int, UserRead]:
    """Returns the people of these ids as others see them; one statement."""
    return {row.id: views.public(row) for row in store.list_users(tx, user_ids)} if user_ids else {}


def check_users(tx: Tx, user_ids: Collection[int]) -> None:
    """Checks that all these people exist, in one statement. Raises `UserNotFound`."""
    if len(users(tx, user_ids)) < len(set(user_ids)):
        raise UserNotFound


def inviters(tx: Tx, user_ids: Collection[int]) -> set[int]:
    """Returns those of these people whose links admit people without an account. One statement."""
    return {row.id for row in store.list_users(tx, user_ids) if policy.may_invite(row)} if user_ids else set()


def get_me(tx: Tx, user_id: int) -> UserRead:
    """Returns one's own profile. Raises `UserNotFound`."""
    row = store.find_user(tx, user_id)
    if row is None:
        raise UserNotFound
    return views.own(row)


def tell_changed(tx: Tx, user_id: int) -> None:
    """Emits a person's new profile to their devices and, through chats, to everyone who knows them."""
    tx.emit(UserChanged, UserChangedData(get_me(tx, user_id)), to=events.user(user_id))
