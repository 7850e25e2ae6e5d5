"""The longer flows of registering, signing in and changing passwords.

Each asks limits, waits for hashes, and takes several transactions.
"""

import logging
from typing import NamedTuple

from messenger.doors import limits
from messenger.doors.platform import Config, Platform
from messenger.features.sessions import access, actions, passwords
from messenger.features.sessions.actions import Device, Door, Newcomer, Signed
from messenger.features.sessions.errors import EmailTaken, TooManyGuesses, WrongCredentials
from messenger.features.sessions.letters import links
from messenger.features.sessions.schemas import Login, PasswordChange, PasswordReset, UserCreate
from messenger.features.sessions.settings import LOGIN, LOGIN_ADDRESS, LOGIN_DEVICE, REGISTER, SessionSettings
from messenger.features.sessions.watch import guesses
from messenger.features.sessions.watch.audit import Place
from messenger.kernel.actor import Actor
from messenger.kernel.mime import email_key
from messenger.kernel.ports.limits import Bucket, Taken
from messenger.kernel.signing import signature

log = logging.getLogger("messenger.accounts")


class Admitted(NamedTuple):
    """An attempt to sign in that its rate limits allow. `tally`: of the account; `bucket`: the one that was `taken`
    from.

    `is_known`: it comes from a browser in which the person signed in before, which attempts of others do not lock out.
    """

    tally: str
    bucket: Bucket
    taken: Taken
    is_known: bool = False


async def register(platform: Platform, body: UserCreate, device: Device, network: str) -> Signed:
    """Makes an account and signs in.

    Raises the refusals of `actions.register`, `EmailTaken`, `PasswordWeak`, `TooMany`.
    """
    await limits.ask(platform, REGISTER, network)
    config, settings = platform.config, platform.of(SessionSettings)
    door = Door(settings.registers, access.setup_code(config), config.limits_on)
    await platform.db.read(actions.may_knock, door, body.invite, body.setup)
    personal = [body.name, body.email, body.email.partition("@")[0], body.server_name or ""]
    hashed = await _hash_new(platform, body.password, personal)
    newcomer = Newcomer(body.name, body.email, hashed, body.language, body.invite, body.setup, body.server_name)
    signed = await platform.db.write(actions.register, newcomer, door, device)
    if signed is None:
        raise EmailTaken
    return signed


async def admit(platform: Platform, email: str, mark: str, network: str) -> Admitted:
    """Charges the rate limits for an attempt to sign in. `mark`: that of the browser, if any. Raises `TooMany`."""
    tally = guesses.of_account(email_key(email))
    is_known = bool(mark) and await platform.db.read(actions.is_known, email, mark)
    if is_known:
        taken = await limits.ask(platform, LOGIN_DEVICE, f"{tally}:{mark}")
        return Admitted(tally, LOGIN_DEVICE, taken, is_known=True)
    await limits.ask(platform, LOGIN_ADDRESS, network)
    return Admitted(tally, LOGIN, await limits.ask(platform, LOGIN, f"{email_key(email)}:{network}"))


async def log_in(platform: Platform, admitted: Admitted, body: Login, device: Device) -> Signed:
    """Opens a session by a password. Raises `WrongCredentials`, `TooManyGuesses`."""
    db, memory = platform.db, platform.of(SessionSettings).password_memory_kib
    if platform.config.limits_on and not admitted.is_known:
        try:
            await db.write(guesses.begin, admitted.tally)
        except TooManyGuesses:
            _log_refused(platform.config, body.email, device.address)
            raise
    signed: Signed | None = None
    while signed is None:  # again only when the hash was replaced while it was compared
        found = await db.read(actions.find_credentials, body.email)
        if not await passwords.verify(found[1] if found else None, body.password, memory) or found is None:
            owner, place = found[0] if found else None, Place(device.name, device.address)
            await db.write(actions.refuse, admitted.tally, owner, "sign_in.failed", place)
            _log_refused(platform.config, body.email, device.address)
            raise WrongCredentials
        user_id, stored = found
        signed = await db.write(actions.log_in, user_id, stored, device)
    if passwords.is_outdated(stored, memory):
        hashed = await passwords.make_hash(body.password, memory)
        await db.write(actions.renew_hash, user_id, stored, hashed)
    return signed


async def change_password(platform: Platform, me: Actor, body: PasswordChange, place: Place) -> None:
    """Sets another password; my other sessions end.

    Raises `WrongCredentials`, `PasswordWeak`, `TooMany`, `TooManyGuesses`.
    """
    await limits.ask(platform, LOGIN, me.user_id)
    db, memory = platform.db, platform.of(SessionSettings).password_memory_kib
    stored, personal = await db.read(actions.get_hash, me.user_id)
    tally = guesses.of_user(me.user_id)
    if platform.config.limits_on:
        await db.write(guesses.begin, tally)
    if not await passwords.verify(stored, body.current_password, memory):
        await db.write(actions.refuse, tally, me.user_id, "password.refused", place)
        raise WrongCredentials
    hashed = await _hash_new(platform, body.new_password, personal)
    await db.write(actions.change_password, me, stored, hashed)


async def reset_password(platform: Platform, body: PasswordReset, place: Place) -> None:
    """Sets another password by a link; every session ends. Raises `LinkInvalid`, `PasswordWeak`."""
    personal = await platform.db.read(links.get_reset, body.token)
    hashed = await _hash_new(platform, body.password, personal)
    await platform.db.write(links.reset, body.token, hashed, place)


async def _hash_new(platform: Platform, password: str, personal: list[str]) -> str:
    """Returns the hash of a new password, which must be none of `personal`. Raises `PasswordWeak`."""
    settings = platform.of(SessionSettings)
    names = await platform.db.read(access.server_names, settings.server_name)
    passwords.check_new(password, settings.password_min_chars, [*personal, *names])
    return await passwords.make_hash(password, settings.password_memory_kib)


def _log_refused(config: Config, email: str, address: str) -> None:
    """Logs a refused sign-in for tools that watch the log.

    The account is a hash that only this server can make, because logs are copied elsewhere.
    """
    account = signature(config.secret_key, "log", email_key(email))[:16]
    facts = {"address": address, "account": account}
    log.warning("sign-in refused: address %s, account %s", address, account, extra={"facts": facts})
