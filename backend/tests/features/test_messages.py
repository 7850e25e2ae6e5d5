"""Tests sending, history, edits, deletions and read marks."""

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.database import everything_in
from tests.world import Person, World


@pytest.fixture
def pair(world: World) -> tuple[Person, Person, int]:
    ann, bob = world.people("ann", "bob")
    return ann, bob, world.direct(ann, bob)


Pair = tuple[Person, Person, int]


def test_a_repeat_is_answered_with_the_first_message(pair: Pair) -> None:
    ann, bob, chat = pair
    body = {"text": "once", "client_msg_id": str(uuid.uuid4())}
    path = f"/api/chats/{chat}/messages"
    first = ann.post(path, body, 201)
    again = ann.http.post(path, json=body)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    assert again.json() == first
    assert ann.http.post(path, json=body | {"text": "other"}).json()["code"] == "idempotency.mismatch"
    assert bob.post(path, body, 201)["seq"] == 2, "the key belongs to its sender"
    assert [one["text"] for one in bob.history(chat)] == ["once", "once"]


def test_a_repeat_is_answered_whatever_became_of_the_seat(world: World) -> None:
    """The author was removed before the repeat: a refusal would say that the message does not exist."""
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    path = f"/api/chats/{den}/messages"
    bodies = [{"text": text, "client_msg_id": str(uuid.uuid4())} for text in ("plain", "edited", "deleted")]
    with bob.device() as phone:
        plain, edited, deleted = firsts = [bob.post(path, body, 201) for body in bodies]
        bob.patch(f"{path}/{edited['seq']}", {"text": "other words"})
        ann.delete(f"/api/chats/{den}/members/{bob.id}")
        ann.delete(f"{path}/{deleted['seq']}")
        for _ in range(2):
            assert bob.post(path, bodies[0]) == plain
            assert bob.post(path, bodies[1]) == edited, "as it was acknowledged first"
        stone = bob.post(path, bodies[2])
        assert (stone["seq"], stone["text"], stone["deleted_by"]) == (deleted["seq"], "", ann.id)
        said = [phone.ask("message.send", {"chat_id": den, **body})["data"]["seq"] for body in bodies]
        assert said == [one["seq"] for one in firsts]
        other = {"text": "new", "client_msg_id": str(uuid.uuid4())}
        assert phone.ask("message.send", {"chat_id": den, **other})["data"]["code"] == "chat.not_found"
    bob.post(path, other, 404)
    assert bob.http.post(path, json=bodies[0] | {"text": "x"}).json()["code"] == "idempotency.mismatch"


def test_repeats_of_changes_are_no_refusals(world: World) -> None:
    """The edit is done, its answer is lost, and it is repeated with the old rev."""
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    path = f"/api/chats/{den}/messages/{ann.say(den, 'frist')['seq']}"
    edited = ann.patch(path, {"text": "first"}, headers={"if-match": '"1"'})
    assert ann.patch(path, {"text": "first"}, headers={"if-match": '"1"'}) == edited
    bob.patch(path, {"text": "first"}, 403)
    named = ann.patch(f"/api/chats/{den}", {"name": "lair"}, headers={"if-match": '"1"'})
    again = ann.patch(f"/api/chats/{den}", {"name": "lair"}, headers={"if-match": '"1"'})
    assert (again["name"], again["rev"]) == (named["name"], named["rev"])
    ann.patch(f"/api/chats/{den}", {"name": "other"}, 412, headers={"if-match": '"1"'})


def test_many_senders_at_once_leave_no_gap_and_no_double(world: World) -> None:
    people = world.people("ann", "bob", "eve", "dan")
    den = world.group(*people)
    base = people[0].history(den)[-1]["seq"]
    keys = [str(uuid.uuid4()) for _ in range(120)]

    def send(place: int) -> int:
        person = people[place % 4]
        body = {"text": f"n {place}", "client_msg_id": keys[place]}
        for _ in range(2):
            sent = person.http.post(f"/api/chats/{den}/messages", json=body)
            assert sent.status_code in (200, 201)
        return int(sent.json()["seq"])

    with ThreadPoolExecutor(8) as pool:
        seqs = sorted(pool.map(send, range(120)))
    assert seqs == list(range(base + 1, base + 121))
    assert len(people[1].history(den, after=base, limit=200)) == 120


def test_without_an_id_the_answer_warns(pair: Pair) -> None:
    ann, _, chat = pair
    sent = ann.http.post(f"/api/chats/{chat}/messages", json={"text": "bare"})
    assert (sent.status_code, sent.headers["idempotency"]) == (201, "none")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": " \n\u200b"}, 422),
        ({"text": "x" * 16_001}, 422),
        ({"text": 5}, 422),
        ({"text": "x", "client_msg_id": "not a uuid"}, 422),
        ({"text": "x", "reply_to": 99}, 404),
        ({"text": "x", "reply_to": -1}, 422),
        ({"text": "x", "mentions": [1] * 21}, 422),
    ],
)
def test_wrong_messages_are_refused(pair: Pair, body: dict[str, Any], status: int) -> None:
    ann, _, chat = pair
    ann.post(f"/api/chats/{chat}/messages", body, status)
    assert ann.history(chat) == []


def test_bodies_that_are_no_json(pair: Pair) -> None:
    ann, _, chat = pair
    path = f"/api/chats/{chat}/messages"
    json = {"content-type": "application/json"}
    assert ann.http.post(path, content=b"{", headers=json).json()["code"] == "request.malformed"
    assert ann.http.post(path, content=b"text=x").json()["code"] == "request.unsupported_type"
    assert ann.http.post(path, content=b"[" * 100_000, headers=json).status_code in (400, 422)
    assert ann.http.post(path, content=b"x" * 300_000, headers=json).json()["code"] == "request.too_large"


def test_the_longest_message_goes_through(pair: Pair) -> None:
    ann, bob, chat = pair
    text = "ё😀" * 8000
    ann.say(chat, text)
    assert bob.history(chat)[0]["text"] == text


def seqs(page: dict[str, Any]) -> list[int]:
    """Returns the numbers of the messages of a page."""
    return [one["seq"] for one in page["items"]]


def test_history_pages(pair: Pair) -> None:
    ann, bob, chat = pair
    for n in range(1, 31):
        ann.say(chat, f"n {n}")
    path = f"/api/chats/{chat}/messages"
    newest = bob.get(path, limit=10)
    assert seqs(newest) == list(range(21, 31))
    assert (newest["page"]["has_before"], newest["page"]["has_after"]) == (True, False)
    assert seqs(bob.get(path, before=21, limit=5)) == [16, 17, 18, 19, 20]
    assert seqs(bob.get(path, after=28)) == [29, 30]
    assert seqs(bob.get(path, around=15, limit=4)) == [13, 14, 15, 16]
    bob.put(f"/api/chats/{chat}/read", {"seq": 7})
    assert 8 in seqs(bob.get(path, around="first_unread", limit=4))
    moment = bob.get(f"{path}/12")["sent_at"]
    assert 12 in seqs(bob.get(path, around=moment, limit=20))
    for wrong in (
        {"before": 5, "after": 2},
        {"limit": 0},
        {"limit": 201},
        {"limit": "000100999"},
        {"before": "x"},
        {"around": "soon"},
    ):
        bob.get(path, 422, **wrong)


@pytest.mark.parametrize(
    ("where", "flags"),
    [
        ({"before": 1}, (False, True)),
        ({"before": 0}, (False, True)),
        ({"after": 3}, (True, False)),
        ({"after": 99}, (True, False)),
    ],
)
def test_an_empty_page_tells_where_the_messages_are(
    pair: Pair, where: dict[str, int], flags: tuple[bool, bool]
) -> None:
    ann, bob, chat = pair
    path = f"/api/chats/{chat}/messages"
    empty = {"has_before": False, "has_after": False, "before": None, "after": None}
    assert bob.get(path, **where)["page"].items() >= empty.items(), "in an empty chat"
    for n in range(3):
        ann.say(chat, f"n {n}")
    page = bob.get(path, **where)
    assert page["items"] == []
    assert (page["page"]["has_before"], page["page"]["has_after"]) == flags


def test_an_edit_keeps_what_was_said_before(pair: Pair) -> None:
    ann, bob, chat = pair
    ann.say(chat, "frist")
    path = f"/api/chats/{chat}/messages/1"
    with bob.device() as heard:
        edited = ann.patch(path, {"text": "**first**"}, headers={"if-match": '"1"'})
        assert (edited["rev"], edited["entities"][0]["type"]) == (2, "bold")
        assert heard.expect("message.edited")["data"]["text"] == "**first**"
    ann.patch(path, {"text": "stale"}, 412, headers={"if-match": '"1"'})
    bob.patch(path, {"text": "not mine"}, 403)
    ann.patch(path, {"text": ""}, 422)
    ann.patch(f"/api/chats/{chat}/messages/9", {"text": "x"}, 404)
    assert [one["text"] for one in bob.get(f"{path}/history")["items"]] == ["frist", "**first**"]


def test_a_deleted_message_leaves_a_stone(pair: Pair) -> None:
    ann, bob, chat = pair
    ann.say(chat, "secret")
    ann.patch(f"/api/chats/{chat}/messages/1", {"text": "more secret"})
    path = f"/api/chats/{chat}/messages/1"
    bob.delete(path, 403)
    assert bob.get("/api/chats")["items"][0]["my"]["unread"] == 1
    with bob.device() as heard:
        ann.delete(path)
        assert heard.expect("message.deleted")["data"]["text"] == ""
    ann.delete(path)
    stone = bob.get(path)
    assert (stone["text"], stone["deleted_by"]) == ("", ann.id)
    assert bob.get("/api/chats")["items"][0]["my"]["unread"] == 0
    ann.patch(path, {"text": "again"}, 403)
    bob.get(f"{path}/history", 403)


def test_an_admin_deletes_in_a_group(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    seq = bob.say(den, "rude")["seq"]
    ann.patch(f"/api/chats/{den}/messages/{seq}", {"text": "kind"}, 403)
    ann.delete(f"/api/chats/{den}/messages/{seq}")


def test_read_marks_only_rise_and_never_above_the_head(pair: Pair) -> None:
    ann, bob, chat = pair
    for n in range(5):
        ann.say(chat, f"n {n}")
    path = f"/api/chats/{chat}/read"
    unset = {
        "mentions": 0,
        "level": "all",
        "muted_until": None,
        "pin": None,
        "archived": None,
        "unread_from": None,
        "rev": 1,
    }
    assert bob.put(path, {"seq": 3}) == {"read_seq": 3, "unread": 2, "at_ev": 6} | unset
    assert bob.put(path, {"seq": 1}) == {"read_seq": 3, "unread": 2, "at_ev": 7} | unset
    assert bob.put(path, {"seq": 999}) == {"read_seq": 5, "unread": 0, "at_ev": 7} | unset
    bob.put(path, {"seq": 0}, 422)
    readers = ann.get(f"/api/chats/{chat}/messages/5/readers")
    assert readers == {"items": [{"user_id": bob.id}], "count": 1}
    assert ann.get("/api/chats")["items"][0]["others_read_seq"] == 5


def test_writing_is_reading(pair: Pair) -> None:
    ann, bob, chat = pair
    ann.say(chat, "one")
    bob.say(chat, "two")
    assert bob.get("/api/chats")["items"][0]["my"]["unread"] == 0


def test_old_messages_stand(serve: Any) -> None:
    world = World(serve(EDIT_WINDOW="1s", RATE_LIMITS="off"))
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    ann.say(chat, "old")
    time.sleep(1.2)
    path = f"/api/chats/{chat}/messages/1"
    assert ann.http.patch(path, json={"text": "new"}).json()["code"] == "message.too_old"
    assert ann.http.delete(path).json()["code"] == "message.too_old"
    assert ann.patch(path, {"text": "old"})["rev"] == 1, "the same text is no change"


def test_deleted_words_are_never_sent_again(pair: Pair) -> None:
    """A deleted text is in no message, version, chat or page, and in no event for a device that was away."""
    ann, bob, chat = pair
    poll = bob.get("/api/events")["page"]["next_cursor"]
    with bob.device() as first:
        cursors = first.cursors()
    ann.say(chat, "first secret")
    other = ann.say(chat, "in the open")
    ann.patch(f"/api/chats/{chat}/messages/1", {"text": "second **secret**"})
    ann.patch(f"/api/chats/{chat}/messages/1", {"text": "third secret"})
    ann.delete(f"/api/chats/{chat}/messages/1")
    ann.say(chat, "a reply", reply_to=1)
    with bob.device(**cursors) as second:
        told = second.events(f"chat:{chat}")
        assert [one["ev"] for one in told] == list(range(told[0]["ev"], told[0]["ev"] + 6)), "and no number is missing"
        assert "secret" not in str(second.seen)
        assert [one["data"]["text"] for one in told if one["data"]["seq"] == other["seq"]] == ["in the open"]
    missed = bob.get("/api/events", cursor=poll)
    assert len(missed["items"]) == 6
    for shown in (missed, bob.history(chat), bob.get("/api/chats"), bob.get(f"/api/chats/{chat}/messages/1")):
        assert "secret" not in str(shown)


def test_deleted_words_are_in_no_table(serve: Any) -> None:
    """A deleted message was edited, answered and repeated, and was a last line for new members: no copy is left."""
    server = serve(RATE_LIMITS="off")
    world = World(server)
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = ann.post("/api/chats", {"kind": "group", "name": "den"}, 201, headers={"idempotency-key": "den"})["id"]
    invite = ann.post(f"/api/chats/{den}/invites", {}, 201, headers={"idempotency-key": "invite"})["code"]
    path, body = f"/api/chats/{den}/messages", {"text": "secret one", "client_msg_id": str(uuid.uuid4())}
    with bob.device() as phone:
        cursors = phone.cursors()
    poll = eve.get("/api/events")["page"]["next_cursor"]
    seq = ann.post(path, body, 201)["seq"]
    ann.post(f"/api/chats/{den}/members", {"user_ids": [bob.id]})
    for words in ("secret two", "**secret** three"):
        ann.patch(f"{path}/{seq}", {"text": words})
        eve.post(f"/api/invites/{invite}/accept")
        eve.delete(f"/api/chats/{den}/members/{eve.id}")
    eve.post(f"/api/invites/{invite}/accept")
    bob.say(den, "an answer", reply_to=seq)
    ann.post(path, body)
    ann.post("/api/chats", {"kind": "group", "name": "den"}, 201, headers={"idempotency-key": "den"})
    assert "secret" in everything_in(server.database)
    ann.delete(f"{path}/{seq}")
    ann.post(path, body)
    assert "secret" not in everything_in(server.database)
    with bob.device(**cursors) as phone:
        assert phone.events(f"user:{bob.id}")[0]["type"] == "chat.joined"
        assert "secret" not in str(phone.seen)
    assert "secret" not in str(eve.get("/api/events", cursor=poll))


def test_of_many_versions_the_first_and_the_latest_stay(serve: Any) -> None:
    """Of a message edited very often a hundred versions are kept, in pages; older ones are in no table and no event."""
    server = serve(RATE_LIMITS="off")
    world = World(server)
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    with bob.device() as phone:
        cursors = phone.cursors()
    seq = ann.say(chat, "word 1 ends")["seq"]
    path = f"/api/chats/{chat}/messages/{seq}"
    for rev in range(2, 106):
        assert ann.patch(path, {"text": f"word {rev} ends"})["rev"] == rev
    pages, cursor = [], ""
    while cursor is not None:
        pages.append(bob.get(f"{path}/history", limit=30, cursor=cursor))
        cursor = pages[-1]["page"]["next_cursor"]
    kept = [1, *range(7, 106)]
    assert [one["rev"] for page in pages for one in page["items"]] == kept
    assert [one["text"] for page in pages for one in page["items"]] == [f"word {rev} ends" for rev in kept]
    assert [len(page["items"]) for page in pages] == [30, 30, 30, 10]
    assert bob.get(f"{path}/history", limit=100)["page"]["next_cursor"] is None
    for wrong in ({"limit": 201}, {"cursor": "nonsense"}):
        bob.get(f"{path}/history", 422, **wrong)
    stored = everything_in(server.database)
    assert [rev for rev in range(1, 106) if f"word {rev} ends" in stored] == kept
    with bob.device(**cursors) as phone:
        told = [one["data"] for one in phone.events(f"chat:{chat}")]
    assert [one["rev"] for one in told] == list(range(1, 106)), "and no event is missing"
    assert [one["rev"] for one in told if one["text"]] == kept
    ann.delete(path)
    assert " ends" not in everything_in(server.database)


def test_a_deletion_right_before_a_crash_is_no_rewind(serve: Any) -> None:
    """The second change of the chat is an entry whose text the deletion removed."""
    world = World(serve(RATE_LIMITS="off"))
    ann = world.person("ann")
    chat = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    for seq in range(1, 4):
        ann.say(chat, "gone")
        ann.delete(f"/api/chats/{chat}/messages/{seq}")
        world.server.kill()
        world.server.start()
    assert [one["text"] for one in ann.history(chat)] == [""] * 3


def test_marks_set_at_once_only_rise(world: World) -> None:
    """From two devices, over HTTP and socket: events and answers never go back, and end at the highest mark (I11)."""
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    for n in range(30):
        ann.say(chat, f"n {n}")
    with ann.device() as heard, bob.device() as phone:
        seqs = random.Random(7).sample(range(1, 29), 25)

        def read(place: int) -> int:
            return int(bob.put(f"/api/chats/{chat}/read", {"seq": seqs[place]})["read_seq"])

        with ThreadPoolExecutor(6) as pool:
            answers = pool.map(read, range(len(seqs)))
            for seq in (5, 29, 3):
                assert phone.ask("receipt.read", {"chat_id": chat, "seq": seq})["data"]["read_seq"] >= seq
            assert all(answer >= seq for answer, seq in zip(answers, seqs, strict=True))
        heard.expect("receipt.read", data={"chat_id": chat, "user_id": bob.id, "seq": 29})
        marks = [one["data"]["seq"] for one in heard.seen if one["type"] == "receipt.read"]
    assert marks == sorted(set(marks))
    assert bob.get(f"/api/chats/{chat}")["my"]["unread"] == 1
    assert [one["user_id"] for one in ann.get(f"/api/chats/{chat}/messages/29/readers")["items"]] == [bob.id]
