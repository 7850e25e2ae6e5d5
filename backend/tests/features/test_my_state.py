"""Tests a member's own state of a chat: level, mute, pin, archive, marked as unread; on all devices of the person."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest

from messenger.features.chats.wire import MemberState
from messenger.features.receipts.actions import ReadWish, read_many
from messenger.kernel.actor import Actor
from tests.database import statements
from tests.features.test_cost import STATEMENTS_OF_MARKS
from tests.inside import Inside, Within, inside
from tests.world import Person, World

UNSET = {"level": "all", "muted_until": None, "pin": None, "archived": None, "unread_from": None, "rev": 1}
NIGHT = "2026-11-28T07:00:00.000Z"


def _my(person: Person, chat: int) -> dict[str, Any]:
    """Returns the state of a person, the same from the chat and from the list."""
    my: dict[str, Any] = person.get(f"/api/chats/{chat}")["my"]
    assert [one["my"] for one in person.get("/api/chats")["items"] if one["id"] == chat] == [my]
    return my


def test_each_field_is_set_apart_and_told_whole_to_all_my_devices(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    ann.say(den, "one")
    path = f"/api/chats/{den}/my"
    before = _my(bob, den)
    assert before == {"read_seq": before["read_seq"], "unread": 1, "mentions": 0, "at_ev": before["at_ev"]} | UNSET
    wanted = [("level", "mentions"), ("muted_until", NIGHT), ("pin", -5), ("archived", 2), ("unread_from", 1)]
    with bob.device() as phone, ann.device() as other:
        for rev, (name, value) in enumerate(wanted, 2):
            answer = bob.patch(path, {name: value})
            assert (answer[name], answer["rev"]) == (value, rev)
            told = phone.expect("chat.mine", topic=f"user:{bob.id}")
            assert told["data"] == {"chat_id": den, "my": answer}
            assert phone.expect("chat.mine")["data"]["my"] == answer
        assert _my(bob, den) == answer == before | dict(wanted) | {"rev": 6}
        for name in ("muted_until", "pin", "archived", "unread_from"):
            answer = bob.patch(path, {name: None})
        assert answer == before | {"level": "mentions", "rev": 10}
        ann.say(den, "end")
        assert other.expect("message.created")["data"]["text"] == "end"
        assert not [one for one in other.seen if one["type"] == "chat.mine"], "no other member receives it"
    assert _my(ann, den)["level"] == "all"


def test_both_doors_set_the_same_state(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den, other = world.group(ann, bob), world.group(ann)
    with bob.device() as phone, bob.device() as tab:
        for name, value in [("pin", 4), ("muted_until", NIGHT), ("pin", None), ("unread_from", 1), ("level", "none")]:
            answer = phone.ask("mine.set", {"chat_id": den, name: value})["data"]
            assert answer[name] == value
            assert tab.expect("chat.mine")["data"] == {"chat_id": den, "my": answer}
        assert _my(bob, den) == answer == bob.patch(f"/api/chats/{den}/my", {"level": "none"})
        refused = [
            ({"chat_id": other, "pin": 1}, "chat.not_found"),
            ({"chat_id": den, "pin": "first"}, "validation.failed"),
            ({"chat_id": den, "muted_until": "tomorrow"}, "validation.failed"),
            ({"pin": 1}, "validation.failed"),
        ]
        for data, code in refused:
            assert phone.ask("mine.set", data)["data"]["code"] == code


def test_the_same_again_changes_nothing(world: World) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    path = f"/api/chats/{den}/my"
    with ann.device() as phone:
        first = ann.patch(path, {"pin": 7, "muted_until": NIGHT})
        assert ann.patch(path, {"pin": 7, "muted_until": "2026-11-28T10:00:00+03:00"}) == first
        assert ann.patch(path, {}) == first
        last = ann.patch(path, {"pin": 8})
        phone.expect("chat.mine", data={"chat_id": den, "my": last})
        assert len([one for one in phone.seen if one["type"] == "chat.mine"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"level": "loud"}, {"level": None}, {"muted_until": "tomorrow"}, {"muted_until": "2026-11-28"},
        {"muted_until": "2026-11-28T07:00:00"}, {"muted_until": 5}, {"pin": 2**53}, {"pin": 1.5}, {"pin": "a"},
        {"archived": -1}, {"archived": True}, {"unread_from": 0}, {"unread_from": 2**53}, [],
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(world: World, body: Any) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    before = _my(ann, den)
    assert ann.patch(f"/api/chats/{den}/my", body, 422)["code"] == "validation.failed"
    assert _my(ann, den) == before


def test_values_are_brought_within_what_the_chat_holds(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann)
    for n in range(4):
        ann.say(den, f"n {n}")
    ann.post(f"/api/chats/{den}/members", {"user_ids": [bob.id]})
    head, path = bob.get(f"/api/chats/{den}")["head_seq"], f"/api/chats/{den}/my"
    assert bob.patch(path, {"archived": 999})["archived"] == head
    assert bob.patch(path, {"unread_from": 999})["unread_from"] == head
    state = bob.patch(path, {"unread_from": 1})
    assert (state["unread_from"], state["unread"]) == (head, 0), "nothing of before they came is unread"
    for asked, kept in (
        ("9999-12-31T23:59:59.999-14:00", "9999-12-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00.000Z"),
    ):
        assert bob.patch(path, {"muted_until": asked})["muted_until"] == kept


def test_marked_as_unread_is_left_alone_by_reading(world: World) -> None:
    """The read mark and the unread mark are separate: only opening the chat again clears the second."""
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    for n in range(5):
        ann.say(chat, f"n {n}")
    mine, read = f"/api/chats/{chat}/my", f"/api/chats/{chat}/read"
    bob.say(chat, "mine")
    assert bob.patch(mine, {"unread_from": 3})["unread"] == 3
    state = bob.put(read, {"seq": 6})
    assert (state["read_seq"], state["unread_from"], state["unread"]) == (6, 3, 3)
    page = bob.get(f"/api/chats/{chat}/messages", around="first_unread", limit=2)
    assert [one["seq"] for one in page["items"]] == [2, 3]
    ann.delete(f"/api/chats/{chat}/messages/4")
    ann.say(chat, "one more")
    bob.say(chat, "mine again")
    assert _my(bob, chat)["unread"] == 3
    assert [one["user_id"] for one in ann.get(f"/api/chats/{chat}/messages/7/readers")["items"]] == [bob.id]
    state = bob.patch(mine, {"unread_from": None})
    assert (state["read_seq"], state["unread_from"], state["unread"]) == (8, None, 0)


def test_who_comes_back_begins_anew(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    ann.say(den, "one")
    bob.patch(f"/api/chats/{den}/my", {"pin": 3, "level": "none", "unread_from": 1})
    bob.delete(f"/api/chats/{den}/members/{bob.id}")
    bob.patch(f"/api/chats/{den}/my", {"pin": 3}, 404)
    with bob.device() as phone:
        ann.post(f"/api/chats/{den}/members", {"user_ids": [bob.id]})
        joined = phone.expect("chat.joined")["data"]["chat"]
    assert (
        joined["my"] == {"read_seq": joined["head_seq"], "unread": 0, "mentions": 0, "at_ev": joined["at_ev"]} | UNSET
    )


def test_two_devices_at_once_end_with_the_whole(tmp_path: Path, url: str) -> None:
    """Each setting changes another field, many times; the last event has the whole state, as each answer does."""

    async def scenario() -> None:
        async with inside(tmp_path, database_url=url) as app:
            _, token = await app.person("ann")
            den = (await app.call("POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": []}, token))[
                "id"
            ]
            heard = await app.socket(token)
            changes = [{"pin": n} for n in range(20)] + [{"level": one} for one in ("mentions", "none") * 10]
            calls = (app.call("PATCH", f"/api/chats/{den}/my", change, token) for change in changes)
            answers = await asyncio.gather(*calls)
            kept = (await app.call("GET", f"/api/chats/{den}", None, token))["my"]
            told = await heard.until("chat.mine", kept["rev"] - 1)
            assert [one["data"]["my"]["rev"] for one in told] == list(range(2, kept["rev"] + 1))
            assert told[-1]["data"]["my"] == kept
            by_rev = {one["data"]["my"]["rev"]: one["data"]["my"] for one in told}
            assert all(one == by_rev[one["rev"]] for one in answers if one["rev"] > 1)

    asyncio.run(scenario())


async def _den(app: Inside, count: int) -> tuple[int, str, list[int], str]:
    """Returns a reader with a token, groups of two in which another person said something, and that person's token."""
    (_, ann), (bob, token) = await app.person("ann"), await app.person("bob")
    chats = []
    for n in range(count):
        body = {"kind": "group", "name": f"den {n}", "member_ids": [bob]}
        chats.append((await app.call("POST", "/api/chats", body, ann))["id"])
        for text in ("one", "two", "three"):
            said = {"text": text, "client_msg_id": str(uuid.uuid4())}
            await app.call("POST", f"/api/chats/{chats[-1]}/messages", said, ann)
    return bob, token, chats, ann


def test_marks_in_chats_that_are_marked_as_unread_cost_no_statement_more(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            bob, token, chats, _ = await _den(app, 3)
            for chat in chats[:2]:
                head = (await app.call("GET", f"/api/chats/{chat}", None, token))["head_seq"]
                await app.call("PATCH", f"/api/chats/{chat}/my", {"unread_from": head - 1}, token)
            await app.still()
            with statements(app.platform.db._writes) as seen:
                states = await app.platform.db.write(read_many, [ReadWish(Actor(bob, 1), one, 99) for one in chats])
            assert [state.unread for state in states if isinstance(state, MemberState)] == [2, 2, 0]
            assert len(seen) <= STATEMENTS_OF_MARKS, seen

    asyncio.run(scenario())


def test_in_a_large_chat_only_the_reader_hears_of_a_mark(within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messenger.kernel.events.CROWD", 1)

    async def scenario() -> None:
        async with within() as app:
            bob, token, (chat,), ann = await _den(app, 1)
            phone, other = await app.socket(token), await app.socket(ann)
            head = (await app.call("GET", f"/api/chats/{chat}", None, token))["head_seq"]
            state = await app.call("PUT", f"/api/chats/{chat}/read", {"seq": head - 1}, token)
            (told,) = await phone.until("chat.mine")
            assert (told["topic"], told["data"]) == (f"user:{bob}", {"chat_id": chat, "my": state})
            assert (state["unread"], state["read_seq"]) == (1, head - 1)
            await app.call("POST", f"/api/chats/{chat}/messages", {"text": "end"}, ann)
            await other.until("message.created")
            assert not [one for one in other.frames if one["type"] in ("receipt.read", "chat.mine")]

    asyncio.run(scenario())
