"""Who is mentioned: by id, per sender, in the order of the text."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from messenger.features.messages.sending import SendWish, Sent, send_many
from messenger.kernel import codec
from messenger.kernel.actor import Actor
from tests.features.test_cost import STATEMENTS, cost
from tests.inside import Within
from tests.world import World


def who(message: dict[str, Any]) -> list[int]:
    """The ids of those whom a message mentions, in the order of the text."""
    return [one["user_id"] for one in message["entities"] if one["type"] == "mention"]


def test_mentions_are_members_alone(world: World) -> None:
    ann, bob, eve = world.people("Анна", "Боб Т", "Eve")
    den = world.group(ann, bob)
    sent = ann.say(den, "привет, @Боб Т и @Eve", mentions=[bob.id, eve.id])
    assert [(one["type"], one["user_id"]) for one in sent["entities"]] == [("mention", bob.id)]


def test_senders_of_one_batch_mention_their_own_people(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, _) = await app.person("ann"), await app.person("bob")
            (first, _), (second, _), (dan, _) = [await app.person(name) for name in ("Kim", "Kim", "Dan")]
            body = {"kind": "group", "name": "den", "member_ids": [bob, first, second, dan]}
            chat = (await app.call("POST", "/api/chats", body, token))["id"]
            stranger, _ = await app.person("Eve")

            def wish(me: int, *mentions: int) -> SendWish:
                return SendWish(Actor(me, 1), chat, "@Kim @Dan @Eve", str(uuid.uuid4()), None, mentions, 1000)

            wishes = [wish(ann, first), wish(bob, second), wish(ann), wish(bob, dan, stranger)]
            answers = await app.platform.db.write(send_many, wishes)
            views = [codec.decode(one.view, dict[str, Any]) for one in answers if isinstance(one, Sent)]
            assert [who(view) for view in views] == [[first], [second], [], [dan]]

            await app.idle()
            assert (
                len(await cost(app, [wish(me, first, dan) for me in (ann, bob) for _ in range(50)])) == STATEMENTS + 1
            )

    asyncio.run(scenario())


def test_two_who_write_at_once_mention_their_own_people(world: World) -> None:
    ann, bob, *named = world.people("ann", "bob", "Kim", "Kim", "Dan")
    den = world.group(ann, bob, *named)
    first, second, dan = [one.id for one in named]

    def say(place: int) -> list[int]:
        person, mentions = [(ann, [first]), (bob, [second]), (ann, []), (bob, [dan])][place % 4]
        return who(person.say(den, "@Kim and @Dan", mentions=mentions))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(say, range(80))) == [[first], [second], [], [dan]] * 20


def test_an_edit_may_name_another_person_in_the_same_words(world: World) -> None:
    ann, first, second = world.people("ann", "Kim", "Kim")
    den = world.group(ann, first, second)
    sent = ann.say(den, "@Kim", mentions=[first.id])
    path = f"/api/chats/{den}/messages/{sent['seq']}"
    assert ann.patch(path, {"text": "@Kim", "mentions": [first.id]})["rev"] == 1, "the same changes nothing"
    edited = ann.patch(path, {"text": "@Kim", "mentions": [second.id]})
    assert (who(edited), edited["rev"]) == ([second.id], 2)
    assert who(ann.get(path)) == [second.id]
    assert [who(one) for one in ann.get(f"{path}/history")["items"]] == [[first.id], [second.id]]
    assert who(ann.patch(path, {"text": "@Kim"})) == []


def test_an_edit_keeps_who_has_another_name_now(world: World) -> None:
    ann, kim = world.people("ann", "Kim 😀")
    den = world.group(ann, kim)
    sent = ann.say(den, "😀 @Kim 😀", mentions=[kim.id])
    path = f"/api/chats/{den}/messages/{sent['seq']}"
    kim.patch("/api/users/me", {"name": "Tim"})
    assert ann.patch(path, {"text": "😀 @Kim 😀", "mentions": [kim.id]})["rev"] == 1
    assert who(ann.patch(path, {"text": "hello, @Kim 😀 @Tim", "mentions": [kim.id]})) == [kim.id, kim.id]
    assert who(ann.patch(path, {"text": "hello, @Kim 😀"})) == []


def test_two_of_one_name_are_mentioned_in_their_order(world: World) -> None:
    ann, first, second, dan = world.people("ann", "Kim", "Kim", "Dan")
    den = world.group(ann, first, second, dan)
    one, other = first.id, second.id
    assert who(ann.say(den, "@Kim and @Kim", mentions=[other, one])) == [other, one]
    assert who(ann.say(den, "@Kim @Dan @Kim @Kim", mentions=[one, dan.id, other, one])) == [one, dan.id, other, one]
    assert who(ann.say(den, "@Kim and @Kim", mentions=[other])) == [other, other]
    sent = ann.say(den, "@Kim @Kim", mentions=[one, other])
    path = f"/api/chats/{den}/messages/{sent['seq']}"
    assert who(ann.patch(path, {"text": "@Kim @Kim", "mentions": [other, one]})) == [other, one]
