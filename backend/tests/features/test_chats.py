"""Tests chats, members, roles and invites: who may do what, who receives the events, who must not."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.world import World


def test_a_pair_has_one_chat_also_when_both_open_it_at_once(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda pair: world.direct(*pair), [(ann, bob), (bob, ann)] * 4))
    assert len(ids) == 1
    assert bob.get("/api/chats")["items"][0]["peer"]["id"] == ann.id


def test_saved_messages_are_one_chat_with_oneself(world: World) -> None:
    ann = world.person("ann")
    first = ann.post("/api/chats", {"kind": "saved"}, 201)
    assert ann.post("/api/chats", {"kind": "saved"}, 200)["id"] == first["id"]
    assert ann.post("/api/chats", {"kind": "direct", "user_id": ann.id}, 200)["id"] == first["id"]


def test_an_outsider_finds_nothing(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob)
    ann.say(den, "secret")
    for method, path in [
        ("GET", ""),
        ("PATCH", ""),
        ("GET", "/members"),
        ("POST", "/members"),
        ("GET", "/messages"),
        ("POST", "/messages"),
        ("GET", "/messages/1"),
        ("PATCH", "/messages/1"),
        ("DELETE", "/messages/1"),
        ("GET", "/messages/1/history"),
        ("GET", "/messages/1/readers"),
        ("PUT", "/read"),
        ("GET", "/invites"),
        ("POST", "/invites"),
        ("DELETE", f"/members/{bob.id}"),
    ]:
        body = (
            {"name": "x", "text": "x", "seq": 1, "user_ids": [eve.id]} if method in ("POST", "PATCH", "PUT") else None
        )
        answer = eve.http.request(method, f"/api/chats/{den}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "chat.not_found"), (method, path)


def test_events_reach_members_alone(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob)
    with bob.device() as heard, eve.device() as outside:
        ann.say(den, "hello")
        assert heard.expect("message.created")["data"]["text"] == "hello"
        assert all("ev" not in frame for frame in outside.settle()), "pings may come, events must not"


def test_a_removed_member_hears_nothing_more(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    with bob.device() as heard:
        ann.delete(f"/api/chats/{den}/members/{bob.id}")
        heard.expect("member.left")
        heard.expect("chat.left")
        ann.say(den, "without bob")
        assert all(frame.get("data", {}).get("text") != "without bob" for frame in heard.settle())
    bob.get(f"/api/chats/{den}", 404)


def test_an_added_member_hears_from_then_on(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann)
    ann.say(den, "before")
    with bob.device() as heard:
        ann.post(f"/api/chats/{den}/members", {"user_ids": [bob.id]})
        joined = heard.expect("chat.joined")["data"]["chat"]
        assert (joined["id"], joined["my"]["unread"]) == (den, 0)
        ann.say(den, "after")
        assert heard.expect("message.created", topic=f"chat:{den}")
        evs = [frame["ev"] for frame in heard.events(f"chat:{den}")]
        assert evs == list(range(joined["at_ev"] + 1, joined["at_ev"] + 1 + len(evs)))


def test_roles(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann, bob, eve)
    members = f"/api/chats/{den}/members"
    bob.patch(f"/api/chats/{den}", {"name": "mine"}, 403)
    bob.patch(f"{members}/{eve.id}", {"role": "admin"}, 403)
    ann.patch(f"{members}/{bob.id}", {"role": "admin"})
    bob.patch(f"/api/chats/{den}", {"name": "ours"})
    bob.delete(f"{members}/{ann.id}", 403)
    bob.delete(f"{members}/{eve.id}")
    bob.delete(f"{members}/{eve.id}", 404)
    assert ann.http.delete(f"{members}/{ann.id}").json()["code"] == "chat.last_owner"
    ann.patch(f"{members}/{ann.id}", {"role": "member"}, 409)
    ann.patch(f"{members}/{bob.id}", {"role": "owner"})
    ann.delete(f"{members}/{ann.id}")
    ann.get(f"/api/chats/{den}", 404)


def test_a_direct_chat_cannot_be_managed(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    ann.patch(f"/api/chats/{chat}", {"name": "x"}, 403)
    ann.delete(f"/api/chats/{chat}/members/{bob.id}", 403)
    ann.post(f"/api/chats/{chat}/invites", {}, 403)


def test_an_invite_brings_in_as_many_as_it_says(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    den = world.group(ann)
    invite = ann.post(f"/api/chats/{den}/invites", {"max_uses": 1}, 201)
    preview = bob.get(f"/api/invites/{invite['code']}")
    assert (preview["inviter_name"], preview["chat_name"]) == ("ann", "den")
    bob.post(f"/api/invites/{invite['code']}/accept")
    eve.post(f"/api/invites/{invite['code']}/accept", None, 404)
    assert len(ann.get(f"/api/chats/{den}/members")["items"]) == 2


def test_a_revoked_invite_is_gone(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann)
    code = ann.post(f"/api/chats/{den}/invites", {}, 201)["code"]
    bob.get(f"/api/invites/{code}")
    assert code not in world.server.settled(), "an id from the log gives no access"
    bob.delete(f"/api/invites/{code}", 404)
    ann.delete(f"/api/invites/{code}")
    bob.get(f"/api/invites/{code}", 404)
    assert ann.get(f"/api/chats/{den}/invites")["items"] == []


def test_a_person_who_registers_by_an_invite_meets_its_maker(world: World) -> None:
    ann = world.person("ann")
    code = ann.post("/api/invites", {}, 201)["code"]
    with ann.device() as heard:
        bob = world.person("bob", invite=code)
        assert heard.expect("chat.joined")["data"]["chat"]["peer"]["id"] == bob.id
    assert bob.get("/api/chats")["items"][0]["peer"]["id"] == ann.id


def test_a_new_name_reaches_the_chats(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    with bob.device() as heard:
        ann.patch("/api/users/me", {"name": "Anna"})
        changed = heard.expect("user.changed")
        assert (changed["topic"], changed["data"]["user"]["name"]) == (f"chat:{chat}", "Anna")
        assert "email" not in changed["data"]["user"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "channel"},
        {"kind": "direct"},
        {"kind": "direct", "user_id": "x"},
        {"kind": "direct", "user_id": 2**60},
        {"kind": "group", "name": " "},
        {"kind": "group", "name": "x", "member_ids": list(range(1, 300))},
    ],
)
def test_wrong_chats_are_refused(world: World, body: dict[str, object]) -> None:
    world.person("ann").post("/api/chats", body, 422)


def test_unknown_people_are_refused_and_leave_nothing(world: World) -> None:
    ann = world.person("ann")
    ann.post("/api/chats", {"kind": "direct", "user_id": 5}, 404)
    ann.post("/api/chats", {"kind": "group", "name": "x", "member_ids": [5]}, 404)
    assert ann.get("/api/chats")["items"] == []


def test_chats_are_paged_last_active_first(world: World) -> None:
    ann = world.person("ann")
    dens = [world.group(ann, name=f"den {n}") for n in range(5)]
    ann.say(dens[0], "now the newest")
    seen, cursor = [], ""
    while cursor is not None:
        page = ann.get("/api/chats", limit=2, cursor=cursor)
        seen += [one["id"] for one in page["items"]]
        cursor = page["page"]["next_cursor"]
    assert seen == [dens[0], *reversed(dens[1:])]
    ann.get("/api/chats", 422, limit=201)
    ann.get("/api/chats", 422, cursor="nonsense")


def test_the_chats_shared_with_a_person_are_my_own(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    first, _, second = world.group(ann, bob), world.group(ann, eve), world.group(ann, bob, eve)
    world.group(bob, eve)
    pair = world.direct(ann, bob)

    def shared(limit: int = 50) -> list[int]:
        ids, cursor = list[int](), ""
        while True:
            answer = ann.get(f"/api/chats?with={bob.id}&limit={limit}&cursor={cursor}")
            ids += [chat["id"] for chat in answer["items"]]
            if not (cursor := answer["page"]["next_cursor"] or ""):
                return ids

    assert shared() == shared(limit=1) == [pair, second, first]
    ann.delete(f"/api/chats/{first}/members/{bob.id}")
    assert set(shared()) == {pair, second}
    assert ann.get("/api/chats?with=999999")["items"] == []
    ann.get("/api/chats?with=0", 422)


def test_a_repeated_creation_is_answered_and_not_done_again(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    headers = {"idempotency-key": "one"}
    body = {"kind": "group", "name": "den", "member_ids": [bob.id]}
    first = ann.post("/api/chats", body, 201, headers=headers)
    again = ann.http.post("/api/chats", json=body, headers=headers)
    assert again.json() == first
    assert again.headers["idempotency-replayed"] == "true"
    assert len(ann.get("/api/chats")["items"]) == 1
    ann.post("/api/chats", body | {"name": "other"}, 409, headers=headers)
    assert bob.post("/api/chats", {"kind": "group", "name": "b"}, 201, headers=headers)["id"] != first["id"]
    path = f"/api/chats/{first['id']}/invites"
    assert ann.post(path, {}, 201, headers=headers) == ann.post(path, {}, 201, headers=headers)
    assert ann.post(path, {}, 201) != ann.post(path, {}, 201)
    ann.post("/api/chats", body, 422, headers={"idempotency-key": "x" * 65})


def test_twins_in_flight_make_one_group(world: World) -> None:
    ann = world.person("ann")

    def create(_: int) -> int:
        body = {"kind": "group", "name": "den", "member_ids": []}
        return int(ann.post("/api/chats", body, 201, headers={"idempotency-key": "twin"})["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(create, range(8)))) == 1
    assert len(ann.get("/api/chats")["items"]) == 1
