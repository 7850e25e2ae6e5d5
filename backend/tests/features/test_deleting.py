"""Tests deleting one and many messages: answers, events, and that the text is gone everywhere (I13)."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from messenger.features.messages.actions import (
    Change,
    Place,
    Rules,
    SendWish,
    delete,
    delete_many,
    edit,
    send_many,
)
from messenger.kernel.actor import Actor
from tests.database import everything_in, statements
from tests.inside import Within
from tests.world import Person, World

CANARY = "canary"


def test_many_are_deleted_at_once_and_told_in_one_event(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    mine = [bob.say(den, f"{CANARY} {n}")["seq"] for n in range(3)]
    hers = ann.say(den, "stays")["seq"]
    path = f"/api/chats/{den}/messages/delete"
    with ann.device() as heard:
        asked = [mine[2], mine[0], hers, 1, 9_999, mine[0]]
        answer = bob.post(path, {"seqs": asked})
        assert answer["deleted"] == [mine[0], mine[2]]
        assert answer["refused"] == [
            {"seq": 1, "code": "message.forbidden"},
            {"seq": hers, "code": "message.forbidden"},
            {"seq": 9_999, "code": "message.not_found"},
        ]
        told = heard.expect("messages.deleted")["data"]
        assert (told["chat_id"], told["by"]) == (den, bob.id)
        assert told["items"] == [one for one in ann.history(den) if one["seq"] in (mine[0], mine[2])]
        assert CANARY not in str(told)
        assert bob.post(path, {"seqs": asked}) == answer, "a repeat gets the same answer"
        bob.post(path, {"seqs": [mine[1]]})
        assert heard.expect("message.deleted")["data"]["seq"] == mine[1], "a single deletion has its own event"
    assert [one["type"] for one in heard.seen].count("messages.deleted") == 1, "and the repeat sent no event"
    assert ann.get(f"/api/chats/{den}")["my"]["unread"] == 0
    ann.post(path, {"seqs": [mine[1]]})


@pytest.mark.parametrize("seqs", [[], [0], list(range(1, 102)), ["1"], None])
def test_wrong_wishes_are_refused(world: World, seqs: Any) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    ann.say(chat, "stays")
    ann.post(f"/api/chats/{chat}/messages/delete", {"seqs": seqs}, 422)
    assert ann.history(chat)[0]["text"] == "stays"


def test_strangers_and_former_members_delete_nothing(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob)
    seq = bob.say(den, "stays")["seq"]
    ann.delete(f"/api/chats/{den}/members/{bob.id}")
    for person in (bob, eve):
        person.post(f"/api/chats/{den}/messages/delete", {"seqs": [seq]}, 404)
        with person.device() as phone:
            refused = phone.ask("messages.delete", {"chat_id": den, "seqs": [seq]})
            assert refused["data"]["code"] == "chat.not_found"
    assert ann.get(f"/api/chats/{den}/messages/{seq}")["text"] == "stays"


def _by_door(person: Person, chat: int, seqs: list[int]) -> None:
    for seq in seqs:
        person.delete(f"/api/chats/{chat}/messages/{seq}")


def _by_frame(person: Person, chat: int, seqs: list[int]) -> None:
    with person.device() as phone:
        for seq in seqs:
            assert phone.ask("message.delete", {"chat_id": chat, "seq": seq})["type"] == "ack"


def _many_by_door(person: Person, chat: int, seqs: list[int]) -> None:
    assert person.post(f"/api/chats/{chat}/messages/delete", {"seqs": seqs})["deleted"] == seqs


def _many_by_frame(person: Person, chat: int, seqs: list[int]) -> None:
    with person.device() as phone:
        answer = phone.ask("messages.delete", {"chat_id": chat, "seqs": seqs})
        assert answer["data"] == {"deleted": seqs, "refused": []}


WAYS: list[Callable[[Person, int, list[int]], None]] = [_by_door, _by_frame, _many_by_door, _many_by_frame]


def test_after_every_way_to_delete_no_table_holds_the_words(serve: Any) -> None:
    """No copy is left of messages of any kind, with answers and reactions, also for a device that was away."""
    server = serve(RATE_LIMITS="off")
    world = World(server)
    ann, bob, kim = world.people("ann", "bob", "Kim")
    for way in WAYS:
        for who in (bob, ann):
            den = world.group(ann, bob, kim, name="den")
            with kim.device() as phone:
                cursors = phone.cursors()
            poll = kim.get("/api/events")["page"]["next_cursor"]
            plain = {"text": f"{CANARY} one", "client_msg_id": str(uuid.uuid4())}
            seqs = [bob.post(f"/api/chats/{den}/messages", plain, 201)["seq"]]
            seqs.append(bob.say(den, f"@Kim {CANARY} two", mentions=[kim.id])["seq"])
            seqs.append(bob.say(den, f"{CANARY} three")["seq"])
            for words in (f"**{CANARY}** four", f"@Kim {CANARY} five"):
                bob.patch(f"/api/chats/{den}/messages/{seqs[2]}", {"text": words, "mentions": [kim.id]})
            ann.say(den, "an answer", reply_to=seqs[2])
            kim.say(den, "another")
            for seq in seqs:
                kim.put(f"/api/chats/{den}/messages/{seq}/reactions/👍", None)
            assert CANARY in everything_in(server.database)
            way(who, den, seqs)
            bob.post(f"/api/chats/{den}/messages", plain)
            assert CANARY not in everything_in(server.database), (way.__name__, who.name)
            with kim.device(**cursors) as phone:
                told = phone.events(f"chat:{den}")
                assert len(told) == told[-1]["ev"] - told[0]["ev"] + 1 > len(seqs)
                assert CANARY not in str(phone.seen)
            assert CANARY not in str(kim.get("/api/events", cursor=poll))
            assert [one["text"] for one in kim.history(den) if one["seq"] in seqs] == [""] * len(seqs)


def test_many_are_deleted_by_as_many_statements_as_two(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, token = await app.person("ann")
            chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, token))["id"]
            db, me, rules = app.platform.db, Actor(ann, 1), Rules(100, 100)
            wishes = [SendWish(me, chat, f"n {n}", str(uuid.uuid4()), None, (), 100) for n in range(30)]
            await db.write(send_many, wishes)
            for seq in range(1, 31):
                await db.write(edit, me, Place(chat, seq), Change("other", (), None), rules)
            await app.still()
            costs = []
            for seqs in ([1, 2], list(range(3, 31))):
                with statements(db._writes) as seen:
                    answer = await db.write(delete_many, me, chat, seqs, rules)
                assert answer.deleted == seqs
                costs.append(seen)
            assert len(costs[0]) == len(costs[1]), costs
            await db.write(delete, me, Place(chat, 1), rules)

    asyncio.run(scenario())
