"""The flow of link cards: a page is fetched and read, its picture fetched and made anew."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from messenger.doors.platform import Platform
from messenger.features.cards import actions, views
from messenger.features.media.errors import ImageBroken
from messenger.features.media.making import images, pages
from messenger.features.media.making.pages import Page
from messenger.kernel import clock
from messenger.kernel.ports.limits import Bucket, Rate
from messenger.kernel.ports.web import Address, Unfetchable, address_of

log = logging.getLogger("messenger.cards")

CARDS: Final = Bucket("cards", Rate(10, 10, 60))
PICTURES: Final = Bucket("card_pictures", Rate(300, 50, 1))
HOSTS: Final = Bucket("cards_host", Rate(3, 1, 1))
PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
PICTURE_MAX: Final = 5 * 1024**2
SIDE: Final = 800
"""Pixels of the longer side of a picture."""
LEAST: Final = 64
"""Pixels of the shorter side below which a picture is a sign of the page, and shows nothing."""
WHOLE_S: Final = 15.0
"""Seconds for one page with its picture."""
_EMPTY: Final = dict.fromkeys(("address", "site", "title", "summary"), "")
_NO_PICTURE: Final = dict.fromkeys(("picture", "size", "width", "height", "thumbhash"))


async def cards(platform: Platform, addresses: Mapping[str, Address]) -> dict[str, dict[str, Any]]:
    """Returns the cards of pages by the hashes of their addresses, as rows; all are asked at once."""
    made = await asyncio.gather(*(_card(platform, address) for address in addresses.values()))
    return {key: {"address_hash": key, **one} for key, one in zip(addresses, made, strict=True)}


async def _card(platform: Platform, address: Address) -> dict[str, Any]:
    try:
        async with asyncio.timeout(WHOLE_S):
            fetched = await platform.web.fetch(address, PAGE_TYPES, pages.BYTES_MAX, whole=False)
            page = await pages.read(fetched.body, fetched.type)
            picture = await _picture(platform, page, fetched.address) if page.title else _NO_PICTURE
    except (Unfetchable, ImageBroken, TimeoutError) as error:
        log.info("no card of a page of %s: %s", address.host, error)
        page, picture = Page(), _NO_PICTURE
    now = clock.now_ms()
    if not page.title:
        return {**_EMPTY, **_NO_PICTURE, "state": "failed", "expires_at": now + actions.FAILED_MS}
    said = {"site": page.site or address.host, "title": page.title, "summary": page.summary}
    return {**said, **picture, "address": str(address), "state": "ready", "expires_at": now + actions.READY_MS}


async def _picture(platform: Platform, page: Page, base: Address) -> dict[str, Any]:
    """Returns the columns of a page's picture, which is stored; a card may do without."""
    if not page.picture:
        return _NO_PICTURE
    try:
        fetched = await platform.web.fetch(address_of(page.picture, base), list(images.KINDS), PICTURE_MAX, whole=True)
        kind = images.kind_of(fetched.body[:12])
        if kind is None:
            return _NO_PICTURE
        made = await images.reduced(fetched.body, kind, SIDE)
    except (Unfetchable, ImageBroken) as error:
        log.info("no picture of a page of %s: %s", base.host, error)
        return _NO_PICTURE
    (picture,) = made.pictures
    if min(picture.width, picture.height) < LEAST:
        return _NO_PICTURE
    id_ = secrets.token_hex(16)
    key = views.key_of(id_)
    await platform.db.write(actions.begin, key)
    size = await platform.storage.put(key, _once(picture.data))
    return {
        "picture": id_,
        "size": size,
        "width": picture.width,
        "height": picture.height,
        "thumbhash": made.thumbhash,
    }


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
