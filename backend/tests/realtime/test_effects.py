"""Tests effects of events on subscriptions: named by the houses, carried by the bus, kept in the journal."""

import asyncio
from collections.abc import Sequence

from messenger.db import journal
from messenger.kernel.events import Envelope, chat, user
from tests.inside import Within


def test_the_journal_keeps_the_effects_that_the_bus_carries(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (_, ann), (bob_id, bob) = await app.person("ann"), await app.person("bob")
            carried: list[Envelope] = []

            def hear(envelopes: Sequence[Envelope]) -> None:
                carried.extend(one for one in envelopes if one.topic in topics)

            topics = {user(bob_id): 0}
            app.platform.bus.listen(hear)
            body = {"kind": "group", "name": "den", "member_ids": [bob_id]}
            den = (await app.call("POST", "/api/chats", body, ann))["id"]
            (joined,) = carried
            assert joined.opens[0] == den
            heads = await app.platform.db.read(journal.heads, [chat(den)])
            topics = heads | {user(bob_id): joined.ev - 1}
            await app.call("DELETE", f"/api/chats/{den}/members/{bob_id}", None, ann)
            await app.call("POST", f"/api/chats/{den}/members", {"user_ids": [bob_id]}, ann)
            await app.call("POST", "/api/auth/logout", {}, bob)
            kept = (await app.platform.db.read(journal.read_after, topics, 100)).rows
            assert kept == carried
            of_chat = [one for one in kept if one.kind == "chat"]
            assert [one.left for one in of_chat if one.type == "member.left"] == [(bob_id,)]
            assert [one.joined for one in of_chat if one.type == "member.joined"] == [(bob_id,)]
            (again,) = [one for one in kept if one.opens and one != joined]
            (came,) = [one for one in of_chat if one.joined]
            assert again.opens == (den, came.ev - 1), "events after the view arrive"
            (ended,) = [one for one in kept if one.ends]
            assert ended.type == "session.ended"

    asyncio.run(scenario())
