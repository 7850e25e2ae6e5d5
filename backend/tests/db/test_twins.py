"""Tests the same creation at two processes at once: one is first, the other finds its row.

Both wait for one row, then go on.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import psycopg
import pytest

from messenger.assembly.features import hooks
from messenger.db import repeats
from messenger.db.database import Database
from messenger.features.chats import actions as chats
from messenger.features.messages import actions as messages
from messenger.features.messages.actions import Change, Place, Rules, SendWish
from messenger.features.receipts import actions as receipts
from messenger.features.receipts.actions import ReadWish
from messenger.kernel.actor import Actor
from tests import migrated
from tests.db.test_lock_order import person
from tests.postgres import Cluster

Ask = Callable[[Database, Actor, Actor, int], Coroutine[Any, Any, Any]]
"""A creation, called with the database, me, another person and a group of mine with one message."""

CMID, KEY = str(uuid.uuid4()), repeats.Key("1 /api/chats k", "d")


async def _send(db: Database, me: Actor, _: Actor, chat: int) -> Any:
    return await db.batch(messages.send_many, SendWish(me, chat, "once", CMID, None, (), 1000), lane=chat)


async def _direct(db: Database, me: Actor, other: Actor, _: int) -> Any:
    return (await db.write(chats.open_direct, me, other.user_id))[0].id


async def _group(db: Database, me: Actor, *_: Any) -> Any:
    return (await db.write(repeats.once, KEY, chats.create_group, me, "den", [])).body


async def _add(db: Database, me: Actor, other: Actor, chat: int) -> Any:
    await db.write(chats.add_members, me, chat, [other.user_id])
    return (await db.read(chats.get_chat, me, chat)).member_count


async def _edit(db: Database, me: Actor, _: Actor, chat: int) -> Any:
    return (await db.write(messages.edit, me, Place(chat, 2), Change("same", (), None), Rules(100, 100))).rev


async def _read(db: Database, me: Actor, _: Actor, chat: int) -> Any:
    return await db.batch(receipts.read_many, ReadWish(me, chat, 2), lane=chat)


HELD: dict[Ask, str] = {
    _send: "LOCK TABLE streams IN EXCLUSIVE MODE",
    _direct: "LOCK TABLE chats IN EXCLUSIVE MODE",
    _group: "LOCK TABLE chats IN EXCLUSIVE MODE",
    _add: "LOCK TABLE members IN EXCLUSIVE MODE",
    _edit: "LOCK TABLE message_versions IN EXCLUSIVE MODE",
    _read: "LOCK TABLE members IN EXCLUSIVE MODE",
}
"""The tables that both wait for, after both have looked and found nothing."""


def _both_wait(holder: psycopg.Connection) -> None:
    while holder.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() != (2,):
        time.sleep(0.01)


@pytest.mark.parametrize("ask", HELD, ids=lambda ask: ask.__name__)
def test_both_get_one_answer(cluster: Cluster, ask: Ask) -> None:
    url = migrated.scaled(cluster)

    async def run() -> list[Any]:
        async with AsyncExitStack() as stack:
            databases = []
            for _ in range(2):
                db = Database(url, hooks())
                await db.open(lambda envelopes, woken: None)
                stack.push_async_callback(db.close)
                databases.append(db)
            me, other = [await person(databases[0], name) for name in ("me", "other")]
            chat = (await databases[0].write(chats.create_group, me, "g", [])).id
            await databases[0].batch(messages.send_many, SendWish(me, chat, "x", None, None, (), 9), lane=chat)
            with psycopg.connect(url) as holder:
                holder.execute(HELD[ask])
                asked = [asyncio.create_task(ask(db, me, other, chat)) for db in databases]
                await asyncio.to_thread(_both_wait, holder)
            return await asyncio.gather(*asked)

    one, two = asyncio.run(run())
    assert getattr(one, "view", one) == getattr(two, "view", two)
