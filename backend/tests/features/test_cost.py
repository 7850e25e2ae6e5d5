"""What a send costs: the same few statements for a group of two and of a thousand, for one message and for many."""

import asyncio
import uuid

from messenger.db.tx import Tx
from messenger.features.messages.sending import SendWish, send_many
from messenger.kernel.actor import Actor
from tests.database import statements
from tests.inside import Inside, Within

STATEMENTS = 7
"""Begin, seats, repeats, numbers, messages, marks of the senders, journal."""


def _crowd(tx: Tx, chat: int, count: int) -> None:
    rows = [{"chat": chat, "user": user} for user in range(1, count + 1)]
    tx.run("INSERT INTO members VALUES (:chat, :user, 'member', 0, 0)", rows)
    tx.run("UPDATE chats SET member_count = member_count + :count WHERE id = :chat", {"count": count, "chat": chat})


async def cost(app: Inside, wishes: list[SendWish]) -> list[str]:
    """The statements of sending."""
    with statements(app.platform.db._writes) as seen:
        answers = await app.platform.db.write(send_many, wishes)
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

            await app.idle()  # work of the registrations would be counted too
            for_two = await cost(app, wishes(1))
            await app.platform.db.write(_crowd, chat, 1000)
            assert await cost(app, wishes(1)) == for_two
            assert await cost(app, wishes(100)) == for_two
            assert len(for_two) == STATEMENTS, for_two

    asyncio.run(scenario())
