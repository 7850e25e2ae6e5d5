"""The verbs of sessions: registering, signing in, renewing, ending, and changing passwords."""

import re
from typing import Any, Final, NamedTuple

from messenger.db.tx import Tx
from messenger.features.people import access as people
from messenger.features.people import actions as people_actions
from messenger.features.people.actions import Person
from messenger.features.people.errors import UserNotFound
from messenger.features.people.wire import UserRead
from messenger.features.sessions import access, policy, store, tokens
from messenger.features.sessions.errors import RefreshInvalid, SessionNotFound, WrongCredentials
from messenger.features.sessions.watch import audit, guesses
from messenger.features.sessions.watch.audit import Place
from messenger.features.sessions.wire import (
    KNOCKS,
    AuditKind,
    Ending,
    Knock,
    Registered,
    RegisteredData,
    SessionEnded,
    SessionEndedData,
    SessionList,
    SessionView,
)
from messenger.kernel import clock, events, ids
from messenger.kernel.actor import Actor
from messenger.kernel.address import network
from messenger.kernel.events import Effect
from messenger.kernel.mime import email_key
from messenger.kernel.paging import CursorPage

SESSIONS_MAX: Final = 30
SESSIONS_KEPT_MS: Final = 30 * 86_400_000
"""A session that is over is kept for so much longer."""
ABSOLUTE_MS: Final = 90 * 86_400_000
"""The end of a session, however much it is used."""
DEVICE_MS: Final = 400 * 86_400_000
"""How long a device is remembered that does not come back: the longest life that browsers allow a cookie."""
REUSE_JOB: Final = "accounts.reuse_letter"
VERIFY_JOB: Final = "accounts.verify_letter"
RESET_JOB: Final = "accounts.reset_letter"
DEVICE_JOB: Final = "accounts.device_letter"


class Newcomer(NamedTuple):
    """A registration whose password is hashed already."""

    name: str
    email: str
    password_hash: str
    language: str
    invite: str | None
    setup: str | None
    server_name: str | None


class Door(NamedTuple):
    """The rules of registration: the server's mode, the setup code that the first account needs (or none), and whether
    answers that an address is taken are limited.
    """

    registration: str
    setup_code: str
    counts: bool = True


class Device(NamedTuple):
    """The device of a sign-in.

    `mark`: the value of its cookie; a program has none and is recognised by name and network.
    """

    name: str
    address: str
    in_cookie: bool
    mark: str = ""


class Signed(NamedTuple):
    """An open session with a refresh token for it."""

    user: UserRead
    session_id: int
    refresh_token: str
    in_cookie: bool


def may_knock(tx: Tx, door: Door, invite: str | None, setup: str | None) -> None:
    """Checks whether a caller may register, before their address is looked at.

    Raises the refusals of `policy`, and the error of the house of invites for an invite that does not work.
    """
    if access.needs_setup(tx):
        policy.may_set_up(door.setup_code, setup)
    elif door.registration == "closed":
        policy.may_register(door.registration, admitted=False)
    else:
        knock = Knock(invite, door.registration)
        tx.decorate(KNOCKS, knock)
        policy.may_register(door.registration, admitted=knock.admitted)


def register(tx: Tx, newcomer: Newcomer, door: Door, device: Device) -> Signed | None:
    """Creates an account and signs in; returns `None` when the address has an account, whose owner gets a letter.

    Raises the refusals of `may_knock`, and `TooMany` for callers who learned too often that an address is taken.
    """
    may_knock(tx, door, newcomer.invite, newcomer.setup)
    ears = [guesses.of_network(network(device.address))]
    ears += [guesses.of_invite(newcomer.invite)] if newcomer.invite else []
    if door.counts:
        guesses.may_learn(tx, *ears)
    user_id = ids.new_id()
    is_first = store.claim_fact(tx, "first_user", str(user_id))
    if is_first and newcomer.server_name:
        store.claim_fact(tx, "name", newcomer.server_name)
    role = "admin" if is_first else "member"
    person = Person(user_id, newcomer.name, newcomer.email, newcomer.password_hash, role, newcomer.language)
    if not people_actions.add(tx, person):
        owner = store.find_by_email(tx, email_key(newcomer.email))
        if owner is not None:
            guesses.learn(tx, owner.id, (device.name, device.address), *ears)
        return None
    tx.tell(Registered, RegisteredData(user_id, newcomer.invite))
    audit.note(tx, "account.created", user_id, user_id, Place(device.name, device.address))
    ask_verification(tx, user_id)
    return sign_in(tx, user_id, device)


def log_in(tx: Tx, user_id: int, stored: str, device: Device) -> Signed | None:
    """Opens a session when the password hash is still `stored`.

    Returns `None` when it was replaced since it was read.
    """
    if not store.hold_password(tx, user_id, stored):
        return None
    guesses.succeed(tx, guesses.of_account(_user(tx, user_id).email_key))
    return sign_in(tx, user_id, device)


def refuse(tx: Tx, tally: str, user_id: int | None, kind: AuditKind, place: Place) -> None:
    """Counts a wrong password, and writes it to the audit trail of the account, if there is one."""
    guesses.fail(tx, tally, user_id, place.address)
    if user_id is not None:
        audit.note(tx, kind, user_id, None, place)


def sign_in(tx: Tx, user_id: int, device: Device) -> Signed:
    """Opens a session; the least used one ends when there are too many."""
    for row in store.list_sessions(tx, user_id, tx.now)[SESSIONS_MAX - 1 :]:
        _end(tx, user_id, row.id, None, "limit")
    session_id = ids.new_id()
    store.insert_session(
        tx,
        {
            "id": session_id,
            "user_id": user_id,
            "device": device.name,
            "address": device.address,
            "created_at": tx.now,
            "expires_at": tx.now + ABSOLUTE_MS,
            "in_cookie": device.in_cookie,
        },
    )
    token = tokens.make_refresh()
    store.insert_refresh(tx, tokens.fingerprint(token), session_id, tx.now)
    _greet_device(tx, user_id, session_id, device)
    audit.note(tx, "sign_in.done", user_id, user_id, Place(device.name, device.address))
    return Signed(people.get_me(tx, user_id), session_id, token, device.in_cookie)


def ask_verification(tx: Tx, user_id: int) -> None:
    """Stages the letter that asks a person to confirm their address, unless it is verified."""
    user = _user(tx, user_id)
    if user.email_verified_at is None:
        _ask_letter(tx, VERIFY_JOB, user.email_key)


def ask_reset(tx: Tx, email: str) -> None:
    """Stages the letter with the link to a new password; the job looks later whether there is an account."""
    _ask_letter(tx, RESET_JOB, email_key(email))


def find_by_email(tx: Tx, email_key: str) -> UserRead | None:
    """Returns the person with an address, in their own view."""
    row = store.find_by_email(tx, email_key)
    return people.get_me(tx, row.id) if row else None


def is_known(tx: Tx, email: str, mark: str) -> bool:
    """Returns whether this browser has signed in to the account of an address before."""
    return store.is_device(tx, email_key(email), tokens.fingerprint(mark))


def find_credentials(tx: Tx, email: str) -> tuple[int, str] | None:
    """Returns user id and password hash of an address, if it has an account."""
    row = store.find_by_email(tx, email_key(email))
    return (row.id, row.password_hash) if row else None


def get_hash(tx: Tx, user_id: int) -> tuple[str, list[str]]:
    """Returns the caller's password hash, and the texts that their next password must not contain."""
    row = _user(tx, user_id)
    return row.password_hash, [row.name, row.email, row.email.partition("@")[0]]


def renew_hash(tx: Tx, user_id: int, former: str, password_hash: str) -> None:
    """Stores a hash of the same password made with newer parameters, unless the password was changed meanwhile."""
    store.replace_password(tx, user_id, former, password_hash)


def get_session(tx: Tx, token: str) -> int:
    """Returns the session that a refresh token belongs to. Raises `RefreshInvalid`."""
    kept = store.find_refresh(tx, tokens.fingerprint(token))
    if kept is None:
        raise RefreshInvalid
    return int(kept.session_id)


def is_live(tx: Tx, token: str) -> bool:
    """Returns whether a refresh token, used or not, belongs to a session that has not ended."""
    kept = store.find_refresh(tx, tokens.fingerprint(token))
    session = store.find_session(tx, kept.session_id) if kept else None
    return session is not None and session.ended_at is None and session.expires_at > clock.now_ms()


def refresh(tx: Tx, secret: bytes, token: str, life_s: int, grace_s: int) -> Signed | None:
    """Exchanges a refresh token. Returns `None` when it was used before: then its session ends, and a letter reports
    it.

    An exchange repeated within the grace returns the same successor: two tabs, or a lost answer. Raises
    `RefreshInvalid`.
    """
    old = tokens.fingerprint(token)
    kept = store.hold_refresh(tx, old)
    session = store.find_session(tx, kept.session_id) if kept else None
    if session is not None and session.ending is not None:
        raise RefreshInvalid(reason=session.ending)
    if kept is None or session is None or session.ended_at is not None or tx.now >= session.expires_at:
        raise RefreshInvalid
    if kept.used_at is not None and tx.now - kept.used_at > grace_s * 1000:
        _end(tx, session.user_id, session.id, None, "reuse")
        _note(tx, REUSE_JOB, session.user_id, session.id, Device(session.device, session.address, session.in_cookie))
        return None
    if kept.used_at is None:
        if tx.now - kept.created_at > life_s * 1000:
            raise RefreshInvalid
        store.use_refresh(tx, old, tx.now)
    following = tokens.successor(secret, token)
    store.insert_refresh(tx, tokens.fingerprint(following), session.id, tx.now)
    store.touch_session(tx, session.id, tx.now)
    return Signed(people.get_me(tx, session.user_id), session.id, following, session.in_cookie)


def change_password(tx: Tx, me: Actor, former: str, password_hash: str) -> None:
    """Sets another password; every other session ends, and unused links for a new password too. Raises
    `WrongCredentials`.

    `former`: the hash that the old password was compared with.
    """
    if not store.replace_password(tx, me.user_id, former, password_hash):
        raise WrongCredentials
    store.use_links(tx, me.user_id, tokens.RESET, tx.now)
    forgive(tx, me.user_id)
    audit.note(tx, "password.changed", me.user_id, me.user_id, audit.place_of(tx, me))
    end_others(tx, me, "password")


def forgive(tx: Tx, user_id: int) -> None:
    """Forgets wrong passwords in a row: the owner has a new password."""
    guesses.succeed(tx, guesses.of_user(user_id))
    guesses.succeed(tx, guesses.of_account(_user(tx, user_id).email_key))


def list_sessions(tx: Tx, me: Actor) -> SessionList:
    """Returns my open sessions, last used first."""
    items = [
        SessionView(
            id=row.id,
            device=row.device,
            address=row.address,
            created_at=clock.text(row.created_at),
            last_used_at=clock.text(row.last_used_at),
            current=row.id == me.session_id,
        )
        for row in store.list_sessions(tx, me.user_id, tx.now)
    ]
    return SessionList(items, CursorPage())


def end_session(tx: Tx, me: Actor, session_id: int) -> None:
    """Ends one of my sessions: its sockets close. Raises `SessionNotFound`."""
    row = store.find_session(tx, session_id)
    if row is None or row.user_id != me.user_id or row.ended_at is not None:
        raise SessionNotFound
    _end(tx, me.user_id, session_id, me.user_id, "ended")


def end_others(tx: Tx, me: Actor, reason: Ending = "ended") -> None:
    """Ends all my sessions but this one."""
    for row in store.list_sessions(tx, me.user_id, tx.now):
        if row.id != me.session_id:
            _end(tx, me.user_id, row.id, me.user_id, reason)


def end_all(tx: Tx, user_id: int) -> None:
    """Ends all sessions of a user who has a new password by a letter: the person who asked for it is not known."""
    for row in store.list_sessions(tx, user_id, tx.now):
        _end(tx, user_id, row.id, None, "password")


def forget_sessions(tx: Tx, now: int) -> None:
    """Deletes sessions that were over long before a time (ms)."""
    store.delete_sessions(tx, now - SESSIONS_KEPT_MS)


def _greet_device(tx: Tx, user_id: int, session_id: int, device: Device) -> None:
    """Remembers the device.

    A person with a verified address gets a letter about a new one, but not about the very first.
    """
    is_first = not store.has_devices(tx, user_id)
    program = f"{re.sub(r'[0-9.]+', '', device.name)} {network(device.address)}"
    is_new = store.note_device(tx, user_id, tokens.fingerprint(device.mark or program), tx.now)
    if is_new and not is_first and _user(tx, user_id).email_verified_at is not None:
        _note(tx, DEVICE_JOB, user_id, session_id, device)


def _ask_letter(tx: Tx, job: str, email_key: str) -> None:
    n = ids.new_id()
    tx.enqueue(job, {"email_key": email_key, "n": n, "at": tx.now}, key=f"{job}:{n}")


def _note(tx: Tx, job: str, user_id: int, session_id: int, device: Device) -> None:
    happened = {"user_id": user_id, "session_id": session_id, "device": device.name, "address": device.address}
    tx.enqueue(job, happened | {"at": tx.now}, key=f"{job}:{session_id}")


def _end(tx: Tx, user_id: int, session_id: int, by: int | None, reason: Ending) -> None:
    ended = store.end_session(tx, session_id, tx.now, reason)
    if ended is not None:
        audit.note(tx, "session.ended", user_id, by, Place(*ended))
        told = SessionEndedData(session_id, reason)
        tx.emit(SessionEnded, told, to=events.user(user_id), effect=Effect(ends=(session_id,)))


def _user(tx: Tx, user_id: int) -> Any:
    row = store.find_account(tx, user_id)
    if row is None:
        raise UserNotFound
    return row
