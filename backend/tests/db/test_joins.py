"""Tests joins into a group with messages in flight: the first place of a member is the last change before the join."""

import asyncio
import json
import uuid
from contextlib import AsyncExitStack
from typing import Any

from messenger.assembly.features import hooks
from messenger.db.database import Database
from messenger.db.tx import Tx
from messenger.features.chats import actions as chats
from messenger.features.messages.sending import SendWish, send_many
from messenger.features.sessions import actions as accounts
from messenger.kernel.actor import Actor

NEWCOMERS, TALKERS = 30, 6


async def _person(db: Database, name: str) -> Actor:
    newcomer = accounts.Newcomer(name, f"{name}@example.org", "-", "en", None, None, None)
    door, device = accounts.Door("open", ""), accounts.Device("test", "127.0.0.1", in_cookie=False)
    signed = await db.write(accounts.register, newcomer, door, device)
    assert signed
    return Actor(signed.user.id, signed.session_id)


def _places(tx: Tx, room: int) -> list[tuple[int, int, int, int]]:
    """Returns for each join the place and message in `chat.joined`, and the change and message before the join."""
    places = []
    for (frame,) in tx.all("SELECT frame FROM journal WHERE kind = 'user' AND frame LIKE '%chat.joined%'"):
        event: dict[str, Any] = json.loads(frame)
        view, user_id = event["data"]["chat"], int(event["topic"].partition(":")[2])
        rows = tx.all("SELECT ev, frame FROM journal WHERE kind = 'chat' AND id = :id ORDER BY ev", {"id": room})
        before, seq = 0, 0
        for ev, told in rows:
            data = json.loads(told)["data"]
            if user_id in [one["user"]["id"] for one in data.get("members", ())]:
                break
            before, seq = ev, data.get("seq", seq)
        if view["id"] == room:
            places.append((view["at_ev"], view["my"]["read_seq"], before, seq))
    return places


def test_who_comes_in_amid_sends_begins_where_they_came(url: str) -> None:

    async def run() -> list[tuple[int, int, int, int]]:
        async with AsyncExitStack() as stack:
            databases = []
            for _ in range(2):
                db = Database(url, hooks())
                await db.open(lambda envelopes, woken: None)
                stack.push_async_callback(db.close)
                databases.append(db)
            one, other = databases
            ann = await _person(one, "ann")
            room = (await one.write(chats.create_group, ann, "den", [])).id
            newcomers = [await _person(one, f"p{n}") for n in range(NEWCOMERS)]
            done = asyncio.Event()

            async def talk() -> None:
                while not done.is_set():
                    wish = SendWish(ann, room, "on", str(uuid.uuid4()), None, (), 1000)
                    await other.batch(send_many, wish, lane=room)

            talking = [asyncio.create_task(talk()) for _ in range(TALKERS)]
            for newcomer in newcomers:
                await one.write(chats.add_members, ann, room, [newcomer.user_id])
            done.set()
            await asyncio.gather(*talking)
            return await one.read(_places, room)

    places = asyncio.run(run())
    assert len(places) == NEWCOMERS + 1
    for at_ev, read_seq, before, seq in places:
        assert (at_ev, read_seq) == (before, seq)
