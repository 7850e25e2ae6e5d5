"""Tests the cost of a send: the same few statements for two members and a thousand, for one message and many."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

from messenger.db.tx import Tx
from messenger.features.chats.actions import add_members
from messenger.features.messages.actions import UNREAD_MAX
from messenger.features.messages.sending import SendWish, send_many
from messenger.features.receipts.actions import ReadWish, read_many
from messenger.kernel.actor import Actor
from tests.database import statements
from tests.inside import Inside, Within

STATEMENTS = 7
"""Begin, seats, repeats, numbers, messages, marks of the senders, journal."""

STATEMENTS_OF_MARKS = 8
"""Begin, seats, the streams held (PostgreSQL), marks raised and read, counts, numbers, journal."""


def _crowd(tx: Tx, chat: int, count: int) -> None:
    rows = [{"chat": chat, "user": user} for user in range(1, count + 1)]
    tx.run(
        "INSERT INTO members (chat_id, user_id, role, joined_at, joined_seq) VALUES (:chat, :user, 'member', 0, 0)",
        rows,
    )
    tx.run("UPDATE chats SET member_count = member_count + :count WHERE id = :chat", {"count": count, "chat": chat})


async def cost(app: Inside, wishes: list[Any], verb: Callable[..., Any] = send_many) -> list[str]:
    """Returns the statements of a plural verb."""
    with statements(app.platform.db._writes) as seen:
        answers = await app.platform.db.write(verb, wishes)
    assert len(answers) == len(wishes)
    return seen


def test_a_send_costs_the_same_for_two_and_for_a_thousand(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, _) = await app.person("ann"), await app.person("bob")
            body = {"kind": "group", "name": "den", "member_ids": [bob]}
            chat = (await app.call("POST", "/api/chats", body, token))["id"]

            def wishes(count: int) -> list[SendWish]:
                return [
                    SendWish(Actor(ann, 1), chat, f"hello {n}", str(uuid.uuid4()), None, (), 1000) for n in range(count)
                ]

            await app.still()  # the upkeep and background jobs of the registrations would be counted too
            for_two = await cost(app, wishes(1))
            await app.platform.db.write(_crowd, chat, 1000)
            assert await cost(app, wishes(1)) == for_two
            assert await cost(app, wishes(100)) == for_two
            assert len(for_two) == STATEMENTS, for_two

    asyncio.run(scenario())


def test_unread_messages_are_counted_to_a_thousand_and_in_one_statement(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, bobs) = await app.person("ann"), await app.person("bob")
            db = app.platform.db
            chats = []
            for n in range(3):
                body = {"kind": "group", "name": f"den {n}", "member_ids": [bob]}
                chats.append((await app.call("POST", "/api/chats", body, token))["id"])
            for first in range(0, 1_100, 220):
                news = range(first, first + 220)
                await db.write(
                    send_many,
                    [SendWish(Actor(ann, 1), chats[0], f"{n}", str(uuid.uuid4()), None, (), 1000) for n in news],
                )
            view = await app.call("GET", f"/api/chats/{chats[0]}", None, bobs)
            assert view["my"]["unread"] == UNREAD_MAX
            state = await app.call("PUT", f"/api/chats/{chats[0]}/read", {"seq": view["head_seq"] - 800}, bobs)
            assert (state["unread"], state["at_ev"]) == (800, view["at_ev"])
            await app.still()
            one = await cost(app, [ReadWish(Actor(bob, 1), chats[0], 400)], read_many)
            many = await cost(app, [ReadWish(Actor(bob, 1), chat, 500) for chat in chats], read_many)
            assert len(one) == len(many) <= STATEMENTS_OF_MARKS, many

    asyncio.run(scenario())


def test_many_people_come_in_by_as_many_statements_as_two(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), *others = [await app.person(f"p{n}") for n in range(13)]
            db, me = app.platform.db, Actor(ann, 1)
            chat = (await app.call("POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": []}, token))[
                "id"
            ]
            await app.still()
            counts = []
            for some in (others[:2], others[2:]):
                with statements(db._writes) as seen:
                    joined = await db.write(add_members, me, chat, [id_ for id_, _ in some])
                assert len(joined.items) == len(some)
                counts.append([one[:40] for one in seen])
            assert counts[0] == counts[1]
            views = [await app.call("GET", f"/api/chats/{chat}", None, token) for _, token in others]
            assert {(view["my_role"], view["my"]["unread"], view["member_count"]) for view in views} == {
                ("member", 0, 13)
            }

    asyncio.run(scenario())
