"""The background job of link cards: asks the pages to which a message links."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from messenger.doors import limits
from messenger.doors.platform import Platform
from messenger.features.cards import actions, flows
from messenger.features.cards.actions import Fetch, Plan
from messenger.features.cards.settings import CardSettings
from messenger.kernel import codec
from messenger.kernel.errors import TooMany

AT_ONCE: Final = 2
"""Messages whose pages a process asks at a time: other background jobs have the other places."""
BUSY_MS: Final = 1_000
_slots: Final = asyncio.Semaphore(AT_ONCE)


async def fetch(platform: Platform, payload: bytes) -> None:
    """Shows the cards of a message; a repeat changes nothing. Where too much is asked already, it is put off."""
    wanted = codec.decode(payload, Fetch)
    mode = platform.of(CardSettings).cards
    own = urlsplit(platform.config.public_url).hostname or ""
    may_fetch = mode == "on" or (mode == "click" and wanted.asked)
    planned = await platform.db.read(actions.plan, wanted, own, may_fetch=may_fetch)
    if planned is None:
        return
    if planned.missing and _slots.locked():
        await platform.db.write(actions.put_off, wanted, BUSY_MS)
        return
    async with _slots:
        try:
            await _take(platform, wanted, planned)
        except TooMany as error:
            await platform.db.write(actions.put_off, wanted, error.params["retry_after_ms"])
            return
        found = await flows.cards(platform, {key: planned.addresses[key] for key in planned.missing})
    await platform.db.write(actions.show, wanted, planned, found)


async def _take(platform: Platform, wanted: Fetch, planned: Plan) -> None:
    """Takes the tokens of the hosts and of the author. Raises `TooMany`."""
    for key in planned.missing:
        await limits.ask(platform, flows.HOSTS, planned.addresses[key].host)
    if planned.missing and not wanted.asked:  # the door took the one of a member who asked
        await limits.ask(platform, flows.CARDS, wanted.user_id)
