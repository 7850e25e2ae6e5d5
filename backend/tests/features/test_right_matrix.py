"""Tests kind of chat by role by action: who may act, the refusals, and that a view gives the same rights."""

from typing import Any, Final, NamedTuple, get_args

import pytest

from messenger.features.chats import rights
from messenger.features.chats.rights import Right, RightName
from tests.world import Person, World

KINDS: Final = (("group", "owner"), ("group", "admin"), ("group", "member"), ("direct", "member"), ("saved", "member"))
ALL: Final = frozenset(KINDS)
MANAGERS: Final = frozenset({("group", "owner"), ("group", "admin")})
GROUPS: Final = MANAGERS | {("group", "member")}


class Act(NamedTuple):
    """Describes an endpoint, the right that it needs, and the kinds and roles that have it."""

    right: RightName
    may: frozenset[tuple[str, str]]
    method: str
    path: str
    body: Any = None


ACTS: Final = (
    Act("send", ALL, "POST", "/messages", {"text": "hello"}),
    Act("media", ALL, "POST", "/messages", {"text": "", "files": [{"id": 1}]}),
    Act("react", ALL, "PUT", "/messages/1/reactions/👍"),
    Act("invite", MANAGERS, "POST", "/invites", {}),
    Act("invite", MANAGERS, "GET", "/invites"),
    Act("add", MANAGERS, "POST", "/members", {"user_ids": [1]}),
    Act("info", MANAGERS, "PATCH", "", {"name": "other"}),
    Act("info", MANAGERS, "DELETE", "/avatar"),
    Act("restrict", MANAGERS, "DELETE", "/members/{other}"),
    Act("promote", frozenset({("group", "owner")}), "PATCH", "/members/{other}", {"role": "member"}),
    Act("leave", GROUPS, "DELETE", "/members/{me}"),
)
UNASKED: Final = {"pin": ALL - {("group", "member")}, "mention_all": MANAGERS, "delete": MANAGERS}
"""Rights of future endpoints, and the right that depends on the author and the age of a message."""


def _chat(world: World, kind: str, role: str) -> tuple[Person, Person, int]:
    """Returns a person with this role in a chat of this kind, another member, and the chat."""
    ann, me, other = world.people("ann", "me", "other")
    if kind == "saved":
        return me, me, int(me.post("/api/chats", {"kind": "saved"}, 201)["id"])
    if kind == "direct":
        return me, other, world.direct(me, other)
    den = world.group(ann, me, other)
    if role != "member":
        ann.patch(f"/api/chats/{den}/members/{me.id}", {"role": role})
    return me, other, den


@pytest.mark.parametrize(("kind", "role"), KINDS)
def test_doors_and_views_say_the_same(world: World, kind: str, role: str) -> None:
    me, other, chat = _chat(world, kind, role)
    view = me.get(f"/api/chats/{chat}")
    table = {act.right: act.may for act in ACTS} | UNASKED
    assert view["my_role"] == role
    assert view["my_rights"] == [name for name in get_args(RightName) if (kind, role) in table[name]]
    for act in ACTS:
        path = f"/api/chats/{chat}{act.path.format(me=me.id, other=other.id)}"
        answer = me.http.request(act.method, path, json=act.body)
        code = answer.json()["code"] if answer.status_code >= 400 else ""
        refused = code == "chat.forbidden"
        assert refused == ((kind, role) not in act.may), (act, answer.text)
        if refused:
            is_alike = not any(one == kind for one, _ in act.may)
            found = answer.json()["right"], answer.json()["because"]
            wanted = "leave" if kind == "saved" and act.right == "restrict" else act.right
            assert found == (wanted, "kind" if is_alike else "role"), act


def test_who_gets_another_role_hears_of_the_rights(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    with bob.device() as phone, ann.device() as other:
        ann.patch(f"/api/chats/{den}/members/{bob.id}", {"role": "admin"})
        told = {"chat_id": den, "user_id": bob.id, "role": "admin"}
        assert other.expect("member.changed")["data"] == told
        mine = phone.expect("member.changed")["data"]
    assert mine == told | {"my_rights": bob.get(f"/api/chats/{den}")["my_rights"]}


def test_an_equal_is_not_removed_and_the_rank_is_named(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob, eve)
    for one in (bob, eve):
        ann.patch(f"/api/chats/{den}/members/{one.id}", {"role": "admin"})
    refusal = bob.delete(f"/api/chats/{den}/members/{eve.id}", 403)
    assert (refusal["code"], refusal["right"], refusal["because"]) == ("chat.forbidden", "restrict", "rank")


def test_reasons_are_those_of_the_table() -> None:
    assert rights.why("group", "member", Right.PIN) == (False, "role")
    assert rights.why("group", "owner", Right.PIN) == (True, "role")
    assert rights.why("direct", "member", Right.ADD) == (False, "kind")
    assert rights.why("direct", "member", Right.PIN) == (True, "kind")
    assert [one.name.lower() for one in Right if one.name] == list(get_args(RightName))
