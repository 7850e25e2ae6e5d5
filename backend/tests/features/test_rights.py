"""Tests rights in a chat: every pair of roles, every operation for outsiders, links until their last use."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract import document
from tests.world import Person, World

OWNER, ADMIN, MEMBER = "owner", "admin", "member"
RANKS = [OWNER, ADMIN, MEMBER]
OF_CHATS = [
    (method.upper(), path)
    for path, operations in document("openapi.json")["paths"].items()
    if "{chat_id}" in path
    for method in operations
]
BODY = {"name": "x", "text": "x", "seq": 1, "seqs": [1], "user_ids": [1], "role": "member"}


def _seated(world: World, role: str, owner: Person, den: int) -> Person:
    person = world.person(role)
    owner.post(f"/api/chats/{den}/members", {"user_ids": [person.id]})
    if role != MEMBER:
        owner.patch(f"/api/chats/{den}/members/{person.id}", {"role": role})
    return person


@pytest.mark.parametrize(("method", "path"), OF_CHATS)
def test_every_operation_is_nothing_to_an_outsider(world: World, method: str, path: str) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob, eve)
    seq = ann.say(den, "secret")["seq"]
    ann.delete(f"/api/chats/{den}/members/{eve.id}")
    for outsider in (eve, world.person("dan")):
        for chat in (den, 12345):
            whole = path.format(chat_id=chat, user_id=bob.id, seq=seq, emoji="👍", place=0, picture="0" * 32)
            answer = outsider.http.request(method, whole, json=BODY if method in ("POST", "PATCH", "PUT") else None)
            assert (answer.status_code, answer.json()["code"]) == (404, "chat.not_found"), whole


def test_what_a_role_may_do_alone(world: World) -> None:
    ann = world.person("ann")
    for role, may in [(OWNER, True), (ADMIN, True), (MEMBER, False)]:
        den = world.group(ann)
        me, new = _seated(world, role, ann, den), world.person("new")
        expected = {200, 201} if may else {403}
        for method, path, body in [
            ("PATCH", "", {"name": "other"}),
            ("POST", "/members", {"user_ids": [new.id]}),
            ("POST", "/invites", {}),
            ("GET", "/invites", None),
        ]:
            answer = me.http.request(method, f"/api/chats/{den}{path}", json=body)
            assert answer.status_code in expected, (role, method, path)


@pytest.mark.parametrize("mine", RANKS)
@pytest.mark.parametrize("theirs", RANKS)
def test_what_a_role_may_do_to_another(world: World, mine: str, theirs: str) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    me, other = _seated(world, mine, ann, den), _seated(world, theirs, ann, den)
    path = f"/api/chats/{den}/members/{other.id}"
    seq = other.say(den, "words")["seq"]
    for role in (theirs, *RANKS, theirs):
        assert me.http.patch(path, json={"role": role}).status_code == (200 if mine == OWNER else 403)
    assert me.http.patch(f"/api/chats/{den}/messages/{seq}", json={"text": "other"}).status_code == 403
    assert me.http.delete(f"/api/chats/{den}/messages/{seq}").status_code == (403 if mine == MEMBER else 204)
    may_remove = mine == OWNER or (mine == ADMIN and theirs == MEMBER)
    assert me.http.delete(path).status_code == (204 if may_remove else 403)


def test_a_group_never_loses_its_last_owner(world: World) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    me = f"/api/chats/{den}/members/{ann.id}"
    for role in (MEMBER, ADMIN):
        assert ann.http.patch(me, json={"role": role}).json()["code"] == "chat.last_owner"
    ann.delete(me)
    assert ann.get("/api/chats")["items"] == []


def test_of_two_owners_who_leave_at_once_one_stays(world: World) -> None:
    for _ in range(5):
        ann, bob, eve = world.people("ann", "bob", "eve")
        den = world.group(ann, bob, eve)
        ann.patch(f"/api/chats/{den}/members/{bob.id}", {"role": OWNER})

        def leave(person: Person, den: int = den) -> int:
            return person.http.delete(f"/api/chats/{den}/members/{person.id}").status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, [ann, bob])) == [204, 409]


@pytest.mark.parametrize("how", ["remove", "demote", "leave"])
def test_a_link_ends_with_the_right_to_make_it(world: World, how: str) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    bob = _seated(world, ADMIN, ann, den)
    code = bob.post(f"/api/chats/{den}/invites", {}, 201)["code"]
    kept = ann.post(f"/api/chats/{den}/invites", {}, 201)["code"]
    if how == "demote":
        ann.patch(f"/api/chats/{den}/members/{bob.id}", {"role": MEMBER})
    else:
        (ann if how == "remove" else bob).delete(f"/api/chats/{den}/members/{bob.id}")
    for nobody in [world.person("eve"), *([] if how == "demote" else [bob])]:
        nobody.post(f"/api/invites/{code}/accept", None, 404)
    world.person("dan").post(f"/api/invites/{kept}/accept")


def test_a_link_brings_in_exactly_as_many_also_at_once(world: World) -> None:
    ann = world.person("ann")
    den = world.group(ann)
    code = ann.post(f"/api/chats/{den}/invites", {"max_uses": 3}, 201)["code"]
    people = [world.person(f"p{n}") for n in range(8)]

    def accept(person: Person) -> int:
        return person.http.post(f"/api/invites/{code}/accept").status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(accept, people)) == [200] * 3 + [404] * 5
    assert ann.get(f"/api/chats/{den}")["member_count"] == 4


def test_a_pair_is_new_to_one_of_two_who_open_it(world: World) -> None:
    for _ in range(4):
        ann, bob = world.people("ann", "bob")

        def open_it(pair: tuple[Person, Person]) -> Any:
            return pair[0].http.post("/api/chats", json={"kind": "direct", "user_id": pair[1].id}).status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(open_it, [(ann, bob), (bob, ann)])) == [200, 201]


def test_who_comes_back_reads_on_from_there(world: World) -> None:
    """A member who returns reads the whole history, and none of the messages while away count as unread."""
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    bob.put(f"/api/chats/{den}/read", {"seq": ann.say(den, "one")["seq"]})
    ann.say(den, "unread")
    ann.delete(f"/api/chats/{den}/members/{bob.id}")
    away = ann.say(den, "while away")["seq"]
    ann.post(f"/api/chats/{den}/members", {"user_ids": [bob.id]})
    assert bob.get(f"/api/chats/{den}")["my"]["unread"] == 0
    gone = ann.say(den, "deleted soon")["seq"]
    ann.say(den, "after")
    ann.delete(f"/api/chats/{den}/messages/{gone}")
    assert bob.get(f"/api/chats/{den}")["my"]["unread"] == 1
    assert away in [one["seq"] for one in bob.history(den)]
    bob.say(den, "mine")
    assert bob.get(f"/api/chats/{den}")["my"]["unread"] == 0


@pytest.mark.parametrize("kind", ["group", "server"])
def test_a_lost_answer_of_coming_in_may_be_asked_for_again(world: World, kind: str) -> None:
    """Works even when that use was the last one; a person who never joined finds no link."""
    ann, bob, eve = world.people("ann", "bob", "eve")
    path = f"/api/chats/{world.group(ann)}/invites" if kind == "group" else "/api/invites"
    code = ann.post(path, {"max_uses": 1}, 201)["code"]
    assert ann.http.post(f"/api/invites/{code}/accept").status_code == 200, "own links are not used up"
    chat = bob.post(f"/api/invites/{code}/accept")
    assert bob.post(f"/api/invites/{code}/accept")["id"] == chat["id"]
    assert eve.http.post(f"/api/invites/{code}/accept").json()["code"] == "invite.not_found"
    if kind == "group":
        ann.delete(f"/api/chats/{chat['id']}/members/{bob.id}")
        assert bob.http.post(f"/api/invites/{code}/accept").json()["code"] == "invite.not_found"
