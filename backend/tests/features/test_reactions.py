"""Tests reactions: HTTP and socket, whole parts, limits, who reacted, large chats, and exact tallies."""

import asyncio
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest

from messenger.db.tx import Tx
from messenger.features.chats.access import Seat
from messenger.features.chats.errors import ChatForbidden
from messenger.features.messages import history
from messenger.features.messages.access import Place
from messenger.features.messages.errors import MessageForbidden
from messenger.features.messages.history import Anchor
from messenger.features.reactions import policy
from messenger.features.reactions.actions import ReactWish, react_many
from messenger.features.reactions.errors import TooManyReactions
from messenger.features.reactions.wire import Reactions
from messenger.kernel import events
from messenger.kernel.actor import Actor
from tests.database import statements
from tests.features.test_cost import cost
from tests.inside import Within
from tests.world import Person, World

STATEMENTS: Final = 12
"""Begin, seats, held streams (PostgreSQL), messages, tallies, reactions, bits, tallies, recent, numbers, journal."""
THUMB, HEART, FLAG, KEY = "👍", "❤️", "🇫🇷", "1️⃣"


def react(person: Person, chat: int, seq: int, emoji: str, status: int = 200, *, on: bool = True) -> Any:
    """Sets a reaction over HTTP, or removes it; returns the body of the answer."""
    path = f"/api/chats/{chat}/messages/{seq}/reactions/{emoji}"
    return person.put(path, None, status) if on else person.delete(path, status)


def counted(*pairs: tuple[str, int]) -> list[dict[str, Any]]:
    """Returns counts as they are sent."""
    return [{"emoji": emoji, "count": count} for emoji, count in pairs]


def test_a_reaction_is_set_and_taken_back_by_both_doors(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    seq = ann.say(den, "a word")["seq"]
    message = f"/api/chats/{den}/messages/{seq}"
    with ann.device() as heard, bob.device() as phone:
        first = react(bob, den, seq, THUMB)
        assert first.pop("at_ev") >= 1
        assert first == {"counts": counted((THUMB, 1)), "mine": [THUMB], "recent": [bob.id]}
        assert react(bob, den, seq, THUMB)["counts"] == first["counts"], "a repeat changes nothing"
        told = heard.expect("reaction.changed")["data"]
        assert told == {"chat_id": den, "seq": seq, "counts": first["counts"], "recent": [bob.id]}
        assert phone.expect("reaction.changed")["data"] == told | {"mine": [THUMB]}, "to one's own devices"
        both = react(ann, den, seq, HEART)
        assert (both["counts"], both["mine"]) == (counted((THUMB, 1), (HEART, 1)), [HEART])
        assert both["recent"] == [ann.id, bob.id] or both["recent"] == [bob.id, ann.id], "within one millisecond by id"
        asked = {"chat_id": den, "seq": seq, "emoji": HEART, "on": True}
        assert phone.ask("reaction.set", asked)["data"]["counts"] == counted((THUMB, 1), (HEART, 2))
        assert ann.get(message)["parts"]["reactions"]["mine"] == [HEART]
        shown = [one.get("parts", {}) for one in bob.history(den)]
        assert shown[:-1] == [{}] * (len(shown) - 1)
        assert shown[-1]["reactions"]["mine"] == [THUMB, HEART]
        assert phone.ask("reaction.set", asked | {"on": False})["data"]["mine"] == [THUMB]
        assert react(bob, den, seq, THUMB, on=False)["mine"] == []
        assert react(bob, den, seq, THUMB, on=False)["mine"] == [], "removing twice is no error"
        react(ann, den, seq, HEART, on=False)
        assert ann.get(message)["parts"]["reactions"]["counts"] == []
        ann.say(den, "the end")
        heard.expect("message.created")
    told = [one["data"]["counts"] for one in heard.seen if one["type"] == "reaction.changed"]
    assert len(told) == 6, "repeats send no event"
    assert told[-1] == []


@pytest.mark.parametrize("emoji", ["x", "👍👍", "1", "a👍", "\u200d", "ok", "👍\ufe0f\ufe0f", "é", "🏽"])
def test_what_is_not_one_emoji_is_refused(world: World, emoji: str) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    ann.say(chat, "a word")
    refused = react(ann, chat, 1, emoji, 422)
    assert [one["loc"] for one in refused["errors"]] == [["emoji"]]
    ann.get(f"/api/chats/{chat}/messages/1/reactions", 422, emoji=emoji)
    assert "parts" not in ann.history(chat)[0]


@pytest.mark.parametrize("emoji", [THUMB, HEART, FLAG, KEY, "👨‍👩‍👧‍👦", "👋🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "☕", "🧑🏿‍🚀", "🏳️‍🌈"])
def test_emoji_of_every_form_are_taken(world: World, emoji: str) -> None:
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    ann.say(chat, "a word")
    assert react(ann, chat, 1, emoji)["mine"] == [emoji]
    assert [one["emoji"] for one in ann.get(f"/api/chats/{chat}/messages/1/reactions", emoji=emoji)["items"]] == [emoji]


def test_strangers_and_former_members_see_and_choose_nothing(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob)
    seq = ann.say(den, "a word")["seq"]
    path = f"/api/chats/{den}/messages/{seq}/reactions"
    react(bob, den, seq, THUMB)
    ann.delete(f"/api/chats/{den}/members/{bob.id}")
    for person in (bob, eve):
        for on in (True, False):
            assert react(person, den, seq, THUMB, 404, on=on)["code"] == "chat.not_found"
            with person.device() as phone:
                asked = {"chat_id": den, "seq": seq, "emoji": THUMB, "on": on}
                assert phone.ask("reaction.set", asked)["data"]["code"] == "chat.not_found"
        assert person.get(path, 404)["code"] == "chat.not_found"
    assert react(ann, den, 999, THUMB, 404)["code"] == "message.not_found"
    ann.get(f"/api/chats/{den}/messages/999/reactions", 404)
    assert [one["user_id"] for one in ann.get(path)["items"]] == [bob.id], "the reaction of a former member stays"


def test_lines_of_the_server_take_no_reactions(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    assert react(bob, den, 1, THUMB, 403)["code"] == "message.forbidden"


def test_the_right_to_react_is_asked_for() -> None:
    seat = Seat(1, 2, "member", "group", 2, 0, 1, 1, rights=0)
    with pytest.raises(ChatForbidden):
        policy.may_react(seat, "text")
    with pytest.raises(MessageForbidden):
        policy.may_react(seat._replace(rights=-1), "service")
    policy.may_react(seat._replace(rights=-1), "text")


def test_who_reacted_comes_in_pages(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob, eve)
    seq = ann.say(den, "a word")["seq"]
    path = f"/api/chats/{den}/messages/{seq}/reactions"
    chosen = [(ann, THUMB), (bob, HEART), (eve, THUMB), (bob, THUMB)]
    for person, emoji in chosen:
        react(person, den, seq, emoji)
    found: list[tuple[int, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = bob.get(path, limit=1, cursor=cursor)
        found += [(one["user_id"], one["emoji"]) for one in page["items"]]
        cursor = page["page"]["next_cursor"]
    assert len(found) == len(chosen)
    assert set(found) == {(person.id, emoji) for person, emoji in chosen}
    assert [one["user_id"] for one in bob.get(path, emoji=HEART)["items"]] == [bob.id]
    first = bob.get(path, emoji=THUMB, limit=2)
    second = bob.get(path, emoji=THUMB, limit=2, cursor=first["page"]["next_cursor"])
    assert [one["user_id"] for one in first["items"] + second["items"]] == sorted([ann.id, bob.id, eve.id])
    for wrong in ({"limit": 0}, {"cursor": "nonsense"}):
        bob.get(path, 422, **wrong)


def test_reactions_stay_through_an_edit_and_leave_with_the_words(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            _, token = await app.person("ann")
            chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, token))["id"]
            path = f"/api/chats/{chat}/messages"
            for text in ("one", "two", "three"):
                seq = (await app.call("POST", path, {"text": text}, token))["seq"]
                await app.call("PUT", f"{path}/{seq}/reactions/{THUMB}", None, token)
                await app.call("PATCH", f"{path}/{seq}", {"text": f"{text} more"}, token)
            page = (await app.call("GET", path, None, token))["items"]
            assert [one["parts"]["reactions"]["mine"] for one in page] == [[THUMB]] * 3
            await app.call("DELETE", f"{path}/1", None, token)
            await app.call("POST", f"{path}/delete", {"seqs": [2]}, token)
            assert await app.refused("PUT", f"{path}/1/reactions/{THUMB}", None, token) == (404, "message.not_found")
            assert await app.refused("DELETE", f"{path}/1/reactions/{THUMB}", None, token) == (404, "message.not_found")
            assert (await app.call("GET", f"{path}/1/reactions", None, token))["items"] == []
            page = (await app.call("GET", path, None, token))["items"]
            assert ["parts" in one for one in page] == [False, False, True]
            for table in ("reactions", "reaction_tallies"):
                assert await app.platform.db.read(_seqs, table) == [3], table

    asyncio.run(scenario())


def _seqs(tx: Tx, table: str) -> list[int]:
    return [row[0] for row in tx.all(f"SELECT seq FROM {table}")]


def test_the_fifty_first_kind_and_the_sixth_of_mine_are_refused(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            people = [await app.person(f"p{n}") for n in range(11)]
            token = people[0][1]
            body = {"kind": "group", "name": "den", "member_ids": [id_ for id_, _ in people[1:]]}
            chat = (await app.call("POST", "/api/chats", body, token))["id"]
            seq = (await app.call("POST", f"/api/chats/{chat}/messages", {"text": "a word"}, token))["seq"]
            kinds = [chr(0x1F600 + n) for n in range(51)]

            def wish(person: int, emoji: str, *, on: bool = True) -> ReactWish:
                return ReactWish(Actor(people[person][0], 1), Place(chat, seq), emoji, on)

            wishes = [wish(n // 5, emoji) for n, emoji in enumerate(kinds[:50])]
            answers = await app.platform.db.write(react_many, [*wishes, wish(10, kinds[50]), wish(10, kinds[0])])
            assert [isinstance(one, Reactions) for one in answers] == [True] * 50 + [False, True]
            assert isinstance(answers[50], TooManyReactions)
            again = [wish(0, kinds[7]), wish(0, kinds[0], on=False), wish(0, kinds[50]), wish(0, kinds[7])]
            sixth, *rest = await app.platform.db.write(react_many, again)
            assert isinstance(sixth, TooManyReactions), "five are mine"
            assert isinstance(rest[1], TooManyReactions), "another person keeps the kind that I left"
            assert isinstance(rest[2], Reactions), "a kind that is there already has room"

    asyncio.run(scenario())


def test_on_and_off_within_one_batch_is_no_change(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann, token = await app.person("ann")
            chat = (await app.call("POST", "/api/chats", {"kind": "saved"}, token))["id"]
            await app.call("POST", f"/api/chats/{chat}/messages", {"text": "a word"}, token)
            before = (await app.call("GET", f"/api/chats/{chat}", None, token))["at_ev"]
            wishes = [ReactWish(Actor(ann, 1), Place(chat, 1), THUMB, on) for on in (True, False, True, False)]
            answers = await app.platform.db.write(react_many, wishes)
            assert [one.mine for one in answers if isinstance(one, Reactions)] == [[]] * 4
            assert (await app.call("GET", f"/api/chats/{chat}", None, token))["at_ev"] == before
            assert (await app.call("GET", f"/api/chats/{chat}/messages/1/reactions", None, token))["items"] == []

    asyncio.run(scenario())


def test_a_storm_ends_in_what_was_chosen(world: World) -> None:
    """Many set and remove at once: rows, tallies, the page and the last event agree."""
    people = world.people("ann", "bob", "eve", "dan")
    den = world.group(*people)
    seq = people[0].say(den, "a word")["seq"]
    chance = random.Random(5)
    turns = [(chance.randrange(4), chance.choice([THUMB, HEART, FLAG]), chance.random() < 0.6) for _ in range(500)]
    with people[0].device() as heard:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda turn: react(people[turn[0]], den, seq, turn[1], on=turn[2]), turns))
        people[0].say(den, "the end")
        heard.expect("message.created", timeout=30)
        told = [one["data"] for one in heard.seen if one["type"] == "reaction.changed"]
    path = f"/api/chats/{den}/messages/{seq}"
    rows = Counter(one["emoji"] for one in people[1].get(f"{path}/reactions", limit=200)["items"])
    shown = people[1].get(path)["parts"]["reactions"]
    assert {one["emoji"]: one["count"] for one in shown["counts"]} == rows
    assert told[-1]["counts"] == shown["counts"]


def _crowd(tx: Tx, chat: int, count: int) -> None:
    columns = "chat_id, user_id, role, joined_at, joined_seq"
    rows = [{"chat": chat, "user": user} for user in range(1, count + 1)]
    tx.run(f"INSERT INTO members ({columns}) VALUES (:chat, :user, 'member', 0, 0)", rows)
    tx.run("UPDATE chats SET member_count = member_count + :count WHERE id = :chat", {"count": count, "chat": chat})
    tx.open_streams(*(events.user(user) for user in range(1, count + 1)))


def test_a_large_chat_hears_summaries(within: Within) -> None:
    """The devices of the person who reacted get each change, all members get the counts, far less often."""

    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, bobs) = await app.person("ann"), await app.person("bob")
            body = {"kind": "group", "name": "den", "member_ids": [bob]}
            chat = (await app.call("POST", "/api/chats", body, token))["id"]
            seq = (await app.call("POST", f"/api/chats/{chat}/messages", {"text": "a word"}, token))["seq"]
            await app.platform.db.write(_crowd, chat, 120)
            heard, phone = await app.socket(bobs), await app.socket(token)
            place, db = Place(chat, seq), app.platform.db
            wishes = [ReactWish(Actor(user, 1), place, THUMB, on=True) for user in (ann, *range(1, 100))]
            for first in range(0, 100, 10):
                await db.write(react_many, wishes[first : first + 10])
            (mine, *_) = await phone.until("reaction.changed")
            assert (mine["topic"], mine["data"]["mine"]) == (f"user:{ann}", [THUMB])
            await app.idle()
            told = await heard.until("reaction.changed")
            data = {"chat_id": chat, "seq": seq, "counts": counted((THUMB, 100)), "recent": []}
            assert (told[-1]["topic"], told[-1]["data"]) == (f"chat:{chat}", data)
            assert mine["data"]["at_ev"] < told[0]["ev"], "a summary is later than the changes that it gathers"
            assert len(told) <= 2, "one for all of three seconds"
            shown = (await app.call("GET", f"/api/chats/{chat}/messages/{seq}", None, token))["parts"]["reactions"]
            assert (shown["mine"], shown["recent"], shown["at_ev"]) == ([THUMB], [], told[-1]["ev"])
            await db.write(react_many, [ReactWish(Actor(ann, 1), place, THUMB, on=False)])
            await app.call("DELETE", f"/api/chats/{chat}/messages/{seq}", None, token)
            await app.idle()
            assert len(await heard.until("reaction.changed")) == len(told), "a deleted message has no summary"

    asyncio.run(scenario())


def test_many_reactions_cost_as_much_as_one_and_a_page_pays_for_what_is_on_it(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            people = [await app.person(f"p{n}") for n in range(4)]
            (me, token), db = people[0], app.platform.db
            body = {"kind": "group", "name": "den", "member_ids": [id_ for id_, _ in people[1:]]}
            chat = (await app.call("POST", "/api/chats", body, token))["id"]
            path = f"/api/chats/{chat}/messages"
            seqs = [(await app.call("POST", path, {"text": f"n {n}"}, token))["seq"] for n in range(5)]
            await app.still()

            async def page() -> int:
                with statements(db._writes) as seen:
                    await db.write(history.history, Actor(me, 1), chat, Anchor("around", "newest", 50))
                return len(seen)

            def wishes(some: list[int], emoji: str) -> list[Any]:
                return [ReactWish(Actor(id_, 1), Place(chat, seq), emoji, on=True) for id_, _ in people for seq in some]

            plain = await page()
            one = await cost(app, wishes(seqs[:1], THUMB)[:1], react_many)
            assert await page() == plain + 2
            many = await cost(app, wishes(seqs, HEART), react_many)
            assert await page() == plain + 2
            assert len(one) == len(many), (one, many)
            assert len(many) <= STATEMENTS, many

    asyncio.run(scenario())
