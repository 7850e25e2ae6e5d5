"""The background jobs of sessions: letters.

A repeat writes the same letter with the same link; outdated letters are not sent.
"""

import logging
from collections.abc import Mapping
from typing import Final

import msgspec

from messenger.doors.platform import Platform
from messenger.features.people import access as people
from messenger.features.sessions import access, actions, tokens
from messenger.features.sessions.letters import layout, links, words
from messenger.features.sessions.letters.words import Words
from messenger.features.sessions.settings import SessionSettings
from messenger.kernel import clock, codec
from messenger.kernel.ports.mail import Undeliverable

log = logging.getLogger("messenger.mail")

NEWS_MS: Final = 3 * 86_400_000
"""An older notice is outdated, and a server that could not send it in time does not send it."""


class Asked(msgspec.Struct):
    """The payload: an address (as it is compared) for which link number `n` was requested at a time (ms)."""

    email_key: str
    n: int
    at: int


class Happened(msgspec.Struct):
    """The payload: an event of a session of a user (or, without one, under a number of its own), at a time (ms)."""

    user_id: int
    session_id: int
    device: str
    address: str
    at: int


async def verify_letter(platform: Platform, payload: bytes) -> None:
    """Asks a person to confirm their address."""
    await _send_link(platform, payload, words.VERIFY, tokens.VERIFY)


async def reset_letter(platform: Platform, payload: bytes) -> None:
    """Sends the link that changes a password, where the address has an account."""
    await _send_link(platform, payload, words.RESET, tokens.RESET)


async def device_letter(platform: Platform, payload: bytes) -> None:
    """Sends the letter about a sign-in from a new device."""
    await _send_notice(platform, payload, words.DEVICE, "device")


async def reuse_letter(platform: Platform, payload: bytes) -> None:
    """Sends the letter about a session that was ended because its token had been copied."""
    await _send_notice(platform, payload, words.REUSE, "reuse")


async def guesses_letter(platform: Platform, payload: bytes) -> None:
    """Sends the letter about wrong passwords tried for an account."""
    await _send_notice(platform, payload, words.GUESSES, "guesses")


async def taken_letter(platform: Platform, payload: bytes) -> None:
    """Sends the letter about a registration with an address that has an account."""
    await _send_notice(platform, payload, words.TAKEN, "taken")


async def _send_link(platform: Platform, payload: bytes, kinds: Mapping[str, Words], purpose: str) -> None:
    asked, config, settings = codec.decode(payload, Asked), platform.config, platform.of(SessionSettings)
    user = await platform.db.read(actions.find_by_email, asked.email_key)
    if user is None or (purpose == tokens.VERIFY and user.email_verified):
        return
    life_s = settings.email_token_ttl if purpose == tokens.VERIFY else settings.reset_token_ttl
    token = tokens.letter_token(config.secret_key, purpose, asked.n)
    owner = (user.id, asked.email_key)
    if not await platform.db.write(links.issue, purpose, owner, token, asked.at + life_s * 1000):
        return
    language = str(user.language)
    link = f"{config.public_url}/{purpose}#{token}"
    params = {"life": words.life(life_s, language)}
    await _send(platform, kinds, (str(user.email), language), (link, f"{purpose}:{asked.n}"), params)


async def _send_notice(platform: Platform, payload: bytes, kinds: Mapping[str, Words], kind: str) -> None:
    happened = codec.decode(payload, Happened)
    if clock.now_ms() - happened.at > NEWS_MS:
        return
    me = await platform.db.read(people.get_me, happened.user_id)
    language = str(me.language)
    params = {
        "device": words.device(happened.device, language),
        "address": happened.address or "-",
        "time": f"{clock.text(happened.at)[:16].replace('T', ' ')} UTC",
    }
    page = "" if kind == "taken" else "settings/sessions"
    link = f"{platform.config.public_url}/{page}"
    await _send(platform, kinds, (str(me.email), language), (link, f"{kind}:{happened.session_id}"), params)


async def _send(
    platform: Platform,
    kinds: Mapping[str, Words],
    to: tuple[str, str],
    link_and_key: tuple[str, str],
    params: Mapping[str, str],
) -> None:
    server = await platform.db.read(access.server_name, platform.of(SessionSettings).server_name)
    link, key = link_and_key
    letter = layout.compose(kinds, to, link, key, {**params, "server": server, "url": platform.config.public_url})
    try:
        await platform.mail.send(letter)
    except Undeliverable as refused:
        log.warning("letter %s was refused for good: %s", key, refused)
