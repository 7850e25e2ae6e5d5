"""Tests parts that other houses add to messages.

They are loaded only where a bit says so, for pages and single messages, and deleted with the text.
"""

import asyncio
import json
import uuid
from typing import Any

import msgspec

from messenger.assembly.features import FEATURES, hooks
from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.doors.feature import Feature, adds
from messenger.features.chats import actions as chats
from messenger.features.messages import actions as messages
from messenger.features.messages import history
from messenger.features.messages.access import VIEWS, Page, note
from messenger.features.messages.actions import Place, Rules, SendWish
from messenger.features.messages.history import Anchor
from messenger.features.messages.wire import Has, MessageView
from messenger.kernel import codec
from messenger.kernel.actor import Actor
from messenger.kernel.parts import Part
from tests.database import statements
from tests.db.test_lock_order import person

NEWEST = Anchor("around", "newest", 50)


class Mood(msgspec.Struct):
    """Defines a part of a message, as another house may have one."""

    place: str


MOOD = Part("mood", MessageView, Mood)


def moods(tx: Tx, page: Page) -> None:
    """Adds a mood to each message with the bit, by one statement."""
    if found := page.having(Has.PIN):
        tx.first("SELECT 1")
        for seq in found:
            page.put(seq, MOOD, Mood(f"{page.seat.chat_id}/{seq}"))


PROBE = Feature("probe", decorates=(adds(VIEWS, moods),), parts=(MOOD,))


async def page_of(db: Database, me: Actor, chat: int) -> tuple[list[dict[str, Any]], int]:
    """Returns the messages of the newest page as they are sent, and the number of statements."""
    with statements(db._writes) as seen:
        page = await db.write(history.history, me, chat, NEWEST)
    return json.loads(codec.encode(page))["items"], len(seen)


def test_a_page_pays_for_what_is_on_it(url: str) -> None:

    async def run() -> None:
        db = Database(url, hooks(features=(*FEATURES, PROBE)))
        await db.open(lambda envelopes, woken: None)
        try:
            me = await person(db, "ann")
            chat = (await db.write(chats.open_saved, me))[0].id
            for text in ("one", "two", "three"):
                wish = SendWish(me, chat, text, str(uuid.uuid4()), None, (), 100)
                await db.batch(messages.send_many, wish, lane=chat)
            plain, cost = await page_of(db, me, chat)
            assert ["parts" in one for one in plain] == [False] * 3

            place = Place(chat, 2)
            for _ in range(2):
                await db.write(note, [place], Has.PIN)
            await db.write(note, [Place(chat, 3)], Has.POLL)
            hung, more = await page_of(db, me, chat)
            assert [one.pop("parts", None) for one in hung] == [None, {"mood": {"place": f"{chat}/2"}}, None]
            assert (hung, more) == (plain, cost + 1)
            one = await db.read(messages.get_message, me, place)
            assert json.loads(codec.encode(one))["parts"] == {"mood": {"place": f"{chat}/2"}}

            await db.write(messages.delete, me, place, Rules(100, 100))
            gone, cost_then = await page_of(db, me, chat)
            assert ["parts" in one for one in gone] == [False] * 3
            assert cost_then == cost
        finally:
            await db.close()

    asyncio.run(run())
