"""Tests who is mentioned: by id, per sender, in the order of the text."""

import asyncio
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from messenger.features.messages.sending import SendWish, send_many
from messenger.features.messages.writing import Sent
from messenger.kernel import codec
from messenger.kernel.actor import Actor
from tests.features.test_cost import STATEMENTS, cost
from tests.inside import Within
from tests.world import Person, World


def who(message: dict[str, Any]) -> list[int]:
    """Returns the ids of the people that a message mentions, in the order of the text."""
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

            await app.still()
            assert (
                len(await cost(app, [wish(me, first, dan) for me in (ann, bob) for _ in range(50)])) == STATEMENTS + 2
            ), "names are looked up, and mentions written, once for all"

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
    assert ann.patch(path, {"text": "@Kim", "mentions": [first.id]})["rev"] == 1, "the same mentions change nothing"
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


def badge(person: Person, chat: int) -> tuple[int, list[int]]:
    """Returns the count of unread mentions that a person sees, and the messages that mention them."""
    return person.get(f"/api/chats/{chat}")["my"]["mentions"], person.get(f"/api/chats/{chat}/mentions")["items"]


def test_mentions_are_counted_and_found(world: World) -> None:
    ann, bob, kim = world.people("ann", "bob", "Kim")
    den = world.group(ann, bob, kim)
    path = f"/api/chats/{den}"
    first = ann.say(den, "@Kim, @Kim and @bob", mentions=[kim.id, bob.id])["seq"]
    ann.say(den, "@Kim without a name")
    ann.say(den, "@ann", mentions=[ann.id])
    second = bob.say(den, "@Kim", mentions=[kim.id])["seq"]
    assert [badge(one, den) for one in (ann, bob, kim)] == [(0, []), (0, [first]), (2, [first, second])]
    page = kim.get(f"{path}/mentions", after=first, limit=1)
    assert (page["items"], page["page"]["has_after"]) == ([second], False)
    assert kim.get(f"{path}/mentions", limit=1)["page"]["has_after"] is True
    assert page["page"]["at_ev"] == kim.get(path)["at_ev"]
    for wrong in ({"after": "x"}, {"after": -1}, {"limit": 0}, {"limit": 201}):
        kim.get(f"{path}/mentions", 422, **wrong)
    with kim.device() as other:
        assert kim.put(f"{path}/read", {"seq": first})["mentions"] == 1
        assert other.expect("receipt.read")["data"]["my"]["mentions"] == 1
    kim.say(den, "read by writing")
    assert badge(kim, den) == (0, [first, second])
    world.person("eve").get(f"{path}/mentions", 404)


def test_edits_and_deletions_move_the_count(world: World) -> None:
    ann, bob, kim = world.people("ann", "bob", "Kim")
    den = world.group(ann, bob, kim)
    seqs = [ann.say(den, "@Kim", mentions=[kim.id])["seq"] for _ in range(3)]
    path = f"/api/chats/{den}/messages"
    with kim.device() as heard:
        ann.patch(f"{path}/{seqs[0]}", {"text": "@bob", "mentions": [bob.id]})
        edited = heard.expect("message.edited")["data"]
        assert (edited["mentions_added"], edited["mentions_removed"]) == ([bob.id], [kim.id])
        assert badge(kim, den) == (2, seqs[1:])
        ann.patch(f"{path}/{seqs[0]}", {"text": "@bob and @Kim", "mentions": [bob.id, kim.id]})
        assert badge(kim, den) == (3, seqs)
        ann.delete(f"{path}/{seqs[0]}")
        deleted = heard.expect("message.deleted")["data"]
        assert (deleted["mentions_removed"], "mentions_added" in deleted) == (sorted([bob.id, kim.id]), False)
        assert (badge(bob, den), badge(kim, den)) == ((0, []), (2, seqs[1:]))
        ann.post(f"{path}/delete", {"seqs": seqs[1:]})
        items = heard.expect("messages.deleted")["data"]["items"]
        assert [one["mentions_removed"] for one in items] == [[kim.id]] * 2
    assert badge(kim, den) == (0, [])


def test_an_answer_is_the_message_alone(world: World) -> None:
    """Events name the mentioned people; the answer to a send is the message, the first time and again."""
    ann, kim = world.people("ann", "Kim")
    den = world.group(ann, kim)
    body = {"text": "@Kim", "mentions": [kim.id], "client_msg_id": str(uuid.uuid4())}
    with kim.device() as heard:
        first = ann.post(f"/api/chats/{den}/messages", body, 201)
        assert heard.expect("message.created")["data"]["mentions_added"] == [kim.id]
    assert "mentions_added" not in first
    assert ann.post(f"/api/chats/{den}/messages", body) == first
    assert first["client_msg_id"] == body["client_msg_id"]


def test_equal_names_and_neighbours_are_counted_apart(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, _) = await app.person("ann"), await app.person("bob")
            kims = [await app.person("Kim") for _ in range(2)]
            body = {"kind": "group", "name": "den", "member_ids": [bob, *(id_ for id_, _ in kims)]}
            chat = (await app.call("POST", "/api/chats", body, token))["id"]
            (one, ones), (two, twos) = kims
            wishes = [
                SendWish(Actor(me, 1), chat, text, str(uuid.uuid4()), None, mentions, 1000)
                for me, text, mentions in (
                    (ann, "@Kim", [one]),
                    (bob, "@Kim", [two]),
                    (ann, "@Kim", []),
                    (bob, "@Kim @Kim", [two, one]),
                    (one, "@Kim @Kim", [one, two]),
                )
            ]
            answers = await app.platform.db.write(send_many, wishes)
            seqs = [codec.decode(each.view, dict[str, Any])["seq"] for each in answers if isinstance(each, Sent)]
            found = [await app.call("GET", f"/api/chats/{chat}/mentions", None, mine) for mine in (ones, twos)]
            assert [page["items"] for page in found] == [[seqs[0], seqs[3]], [seqs[1], seqs[3], seqs[4]]]
            views = [await app.call("GET", f"/api/chats/{chat}", None, mine) for mine in (ones, twos)]
            assert [view["my"]["mentions"] for view in views] == [0, 3], "a sender has read all before the message"

    asyncio.run(scenario())


def test_mentions_are_counted_to_a_hundred(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (kim, kims) = await app.person("ann"), await app.person("Kim")
            chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": kim}, token))["id"]
            wishes = [SendWish(Actor(ann, 1), chat, "@Kim", str(uuid.uuid4()), None, (kim,), 1000) for _ in range(130)]
            await app.platform.db.write(send_many, wishes)
            assert (await app.call("GET", f"/api/chats/{chat}", None, kims))["my"]["mentions"] == 100
            state = await app.call("PUT", f"/api/chats/{chat}/read", {"seq": 90}, kims)
            assert (state["mentions"], state["unread"]) == (40, 40)

    asyncio.run(scenario())


def play(chance: random.Random, people: list[Person], den: int) -> None:
    """Plays forty random sends, edits, deletions and marks: ann owns the group, Kim is the last member."""
    path, names = f"/api/chats/{den}", {one.id: one.name for one in people}
    said: dict[int, Person] = {}
    for _ in range(40):
        act = chance.choice(["say", "say", "edit", "delete", "delete many", "read"])
        mentions = chance.sample(list(names), chance.randrange(4))
        words: dict[str, Any] = {
            "text": " ".join(["hi", *(f"@{names[id_]}" for id_ in mentions)]),
            "mentions": mentions,
        }
        some = chance.sample(sorted(said), min(len(said), 3))
        if act == "say" or not some:
            author = chance.choice([*people, *people[:2]])
            said[author.say(den, **words)["seq"]] = author
        elif act == "edit":
            said[some[0]].patch(f"{path}/messages/{some[0]}", words)
        elif act == "read":
            people[-1].put(f"{path}/read", {"seq": chance.randrange(1, 20)})
        else:
            some = some[:1] if act == "delete" else some
            people[0].post(f"{path}/messages/delete", {"seqs": some})
            for seq in some:
                del said[seq]


@pytest.mark.parametrize("seed", range(3))
def test_events_and_counts_agree_after_any_history(world: World, seed: int) -> None:
    """A device that only adds up events, also after deletions, shows the counts of the server (I15)."""
    ann, bob, kim = people = world.people("ann", "bob", "Kim")
    den = world.group(*people)
    with kim.device() as device:
        cursors = device.cursors()
    play(random.Random(seed), [ann, bob, kim], den)
    mine = kim.get(f"/api/chats/{den}")["my"]
    with kim.device(**cursors) as device:
        told = device.events(f"chat:{den}")
    seqs: set[int] = set()
    for event in told:
        for one in event["data"].get("items", [event["data"]]):
            seqs |= {one["seq"]} if kim.id in one.get("mentions_added", ()) else set()
            seqs -= {one["seq"]} if kim.id in one.get("mentions_removed", ()) else set()
    assert sorted(seqs) == kim.get(f"/api/chats/{den}/mentions", limit=200)["items"]
    assert mine["mentions"] == sum(seq > mine["read_seq"] for seq in seqs)
