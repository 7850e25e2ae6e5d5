"""The verbs of links in letters: a job makes a link, which proves an address and works once."""

from messenger.db.tx import Tx
from messenger.features.people import access as people
from messenger.features.sessions import actions, store, tokens
from messenger.features.sessions.errors import LinkInvalid
from messenger.features.sessions.watch import audit
from messenger.features.sessions.watch.audit import Place


def issue(tx: Tx, purpose: str, owner: tuple[int, str], token: str, expires_at: int) -> bool:
    """Lets a token work until a time (ms); returns `False` when it is of no use (any more). A repeat changes nothing.

    `owner`: the user, and the address (as it is compared) that the token is sent to.
    """
    if tx.now >= expires_at:
        return False
    user_id, email_key = owner
    link = {"user_id": user_id, "purpose": purpose, "email_key": email_key, "expires_at": expires_at}
    store.insert_link(tx, {"hash": tokens.fingerprint(token), **link})
    kept = store.find_link(tx, tokens.fingerprint(token), purpose, tx.now)
    return kept is not None and kept.used_at is None


def verify(tx: Tx, token: str, place: Place) -> None:
    """Marks the address of a letter as verified; opening the link a second time gives the same answer.

    Raises `LinkInvalid`.
    """
    link = store.use_link(tx, tokens.fingerprint(token), tokens.VERIFY, tx.now)
    if link is not None and store.verify_email(tx, link.user_id, link.email_key, tx.now):
        _tell(tx, link.user_id, place)
        return
    kept = store.find_link(tx, tokens.fingerprint(token), tokens.VERIFY, tx.now)
    user = store.find_by_email(tx, kept.email_key) if kept else None
    if kept is None or user is None or user.id != kept.user_id or user.email_verified_at is None:
        raise LinkInvalid


def get_reset(tx: Tx, token: str) -> list[str]:
    """Returns the texts that the next password of the link's owner must not contain. Raises `LinkInvalid`."""
    link = store.find_link(tx, tokens.fingerprint(token), tokens.RESET, tx.now)
    if link is None or link.used_at is not None:
        raise LinkInvalid
    return actions.get_hash(tx, link.user_id)[1]


def reset(tx: Tx, token: str, password_hash: str, place: Place) -> None:
    """Sets another password: every session and every other link of this kind ends. Raises `LinkInvalid`."""
    link = store.use_link(tx, tokens.fingerprint(token), tokens.RESET, tx.now)
    if link is None:
        raise LinkInvalid
    store.use_links(tx, link.user_id, tokens.RESET, tx.now)
    store.update_password(tx, link.user_id, password_hash)
    actions.forgive(tx, link.user_id)
    audit.note(tx, "password.reset", link.user_id, None, place)
    actions.end_all(tx, link.user_id)
    # The person who opened the link reads the letters to this address.
    if store.verify_email(tx, link.user_id, link.email_key, tx.now):
        _tell(tx, link.user_id, place)


def forget(tx: Tx, now: int) -> None:
    """Deletes links that ended, and devices that were not seen for longer than a cookie lives."""
    store.delete_links(tx, now)
    store.delete_devices(tx, now - actions.DEVICE_MS)


def _tell(tx: Tx, user_id: int, place: Place) -> None:
    audit.note(tx, "email.verified", user_id, None, place)
    people.tell_changed(tx, user_id)
