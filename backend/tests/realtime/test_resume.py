"""Tests resuming, resync, refusals and the end of sockets."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.wire import Device, dial
from tests.world import Person, World


@pytest.fixture
def pair(world: World) -> tuple[Person, Person, int]:
    ann, bob = world.people("ann", "bob")
    return ann, bob, world.direct(ann, bob)


Pair = tuple[Person, Person, int]


def test_what_was_missed_comes_once_and_in_order(pair: Pair) -> None:
    ann, bob, chat = pair
    with bob.device() as first:
        ann.say(chat, "seen")
        first.expect("message.created")
        cursors = first.cursors()
    texts = [f"missed {n}" for n in range(30)]
    for text in texts:
        ann.say(chat, text)
    with bob.device(**cursors) as second:
        events = second.events(f"chat:{chat}")
        assert [one["data"]["text"] for one in events] == texts
        assert second.resumed["data"]["replayed"] == 30
        ann.say(chat, "live")
        second.expect("message.created", topic=f"chat:{chat}", ev=events[-1]["ev"] + 1)


def test_a_cursor_is_never_answered_with_nothing_new_when_it_is_wrong(world: World, pair: Pair) -> None:
    ann, bob, chat = pair
    eve = world.person("eve")
    head = ann.get(f"/api/chats/{chat}")["at_ev"]
    for who, epoch, ev, reason in [(bob, 1, head + 5, "ahead"), (bob, 99, head, "epoch"), (eve, 1, 0, "not_member")]:
        with who.device(epoch=epoch, streams={f"chat:{chat}": ev}) as device:
            resync = next(one for one in device.seen if one["type"] == "resync")
            assert resync["data"] == {"topics": [f"chat:{chat}"], "reason": reason}


def test_resume_on_an_open_socket(pair: Pair) -> None:
    ann, bob, chat = pair
    with bob.device() as device:
        ann.say(chat, "one")
        live = device.expect("message.created")
        cursors = {"epoch": 1, "streams": {f"chat:{chat}": live["ev"] - 1}}
        done = device.ask("resume", cursors)
        assert done["data"] == {"replayed": 1, "resync": []}
        assert len([one for one in device.events(f"chat:{chat}") if one["ev"] == live["ev"]]) == 2


def test_the_author_alone_sees_the_id_of_the_device(pair: Pair) -> None:
    ann, bob, chat = pair
    with ann.device() as mine, bob.device() as theirs, ann.device() as other:
        sent = mine.say(chat, "hello")
        assert other.expect("message.created")["data"]["client_msg_id"] == sent["client_msg_id"]
        assert "client_msg_id" not in theirs.expect("message.created")["data"]


def test_frames_that_are_not_understood_answer_with_their_ref(pair: Pair) -> None:
    ann, _, chat = pair
    with ann.device() as device:
        for type_, data, code in [
            ("no.such", {}, "request.malformed"),
            ("message.send", {"chat_id": "x"}, "validation.failed"),
            (
                "message.send",
                {"chat_id": chat, "text": " ", "client_msg_id": "0" * 8 + "-0000" * 3 + "-" + "0" * 12},
                "validation.failed",
            ),
            ("message.edit", {"chat_id": chat, "seq": 5, "text": "x"}, "message.not_found"),
            ("receipt.read", {"chat_id": 5, "seq": 1}, "chat.not_found"),
            ("auth", {"token": "x"}, "auth.token_invalid"),
        ]:
            answer = device.ask(type_, data)
            assert (answer["type"], answer["data"]["code"]) == ("error", code)


@pytest.mark.parametrize(
    ("garbage", "code"), [("garbage", 4400), ('{"type":"pong","data":{}}', 4400), (b"\0\1", 4400), ("[]", 4400)]
)
def test_garbage_closes(world: World, garbage: Any, code: int) -> None:
    with dial(world.server.socket_url) as socket:
        socket.send(garbage)
        assert _closed(socket) == code


def test_a_wrong_token_closes(world: World) -> None:
    with dial(world.server.socket_url) as socket:
        socket.send(json.dumps({"type": "hello", "data": {"token": "x"}}))
        assert json.loads(socket.recv(timeout=5))["data"]["code"] == "auth.token_invalid"
        assert _closed(socket) == 4401


def test_too_many_sockets_of_one_person(world: World) -> None:
    ann = world.person("ann")
    devices = [ann.device() for _ in range(10)]
    with dial(world.server.socket_url) as socket:
        socket.send(json.dumps({"type": "hello", "data": {"token": ann.tokens["access_token"]}}))
        assert _closed(socket) == 4429
    for device in devices:
        device.__exit__()


def _closed(socket: Any) -> int:
    with pytest.raises(ConnectionClosed) as caught:
        while True:
            socket.recv(timeout=10)
    assert caught.value.rcvd is not None
    return int(caught.value.rcvd.code)


def test_typing_and_presence(pair: Pair) -> None:
    ann, bob, chat = pair
    with bob.device() as watching:
        state = watching.ask("presence.watch", {"user_ids": [ann.id, 5]})["data"]["items"]
        assert [(one["user_id"], one["online"]) for one in state] == [(ann.id, False)]
        with ann.device() as device:
            assert watching.expect("presence")["data"]["online"] is True
            device.tell("typing.set", {"chat_id": chat})
            assert watching.expect("typing")["data"] == {"chat_id": chat, "user_id": ann.id, "kind": "typing"}
            assert all(one["type"] != "typing" for one in device.settle())
        with ann.device() as device:
            device.tell("typing.set", {"chat_id": chat, "kind": "recording"})
            assert watching.expect("typing")["data"]["kind"] == "recording"


def test_the_long_poll_tells_the_same(pair: Pair) -> None:
    ann, bob, chat = pair
    cursor = bob.get("/api/events")["page"]["next_cursor"]
    began = time.monotonic()
    assert bob.get("/api/events", cursor=cursor, wait=1)["items"] == []
    assert time.monotonic() - began >= 0.9
    ann.say(chat, "hello")
    page = bob.get("/api/events", cursor=cursor, wait=20)
    assert [one["data"]["text"] for one in page["items"]] == ["hello"]
    assert bob.get("/api/events", cursor=page["page"]["next_cursor"])["items"] == []
    bob.get("/api/events", 422, cursor="nonsense")
    for wrong in ("61", "0061", "00600", "-1", "1.5", "x"):
        bob.get("/api/events", 422, wait=wrong)


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(serve: Any) -> None:
    world = World(serve(RATE_LIMITS="off"))
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    device: Device = ann.device()
    acked = [device.say(chat, f"n {n}")["seq"] for n in range(50)]
    world.server.kill()
    world.server.start()
    assert [one["seq"] for one in bob.history(chat)] == acked


def test_a_stopping_server_says_so(serve: Any) -> None:
    world = World(serve(RATE_LIMITS="off"))
    device = world.person("ann").device()
    assert world.server.stop() in (0, -15), "uvicorn raises the signal again when everything is closed"
    assert device.closed() == 1012


def test_a_waiting_poll_of_an_ended_session_answers_nothing_more(world: World) -> None:
    ann = world.person("ann")
    phone = world.again(ann)
    cursor = phone.get("/api/events")["page"]["next_cursor"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(phone.http.get, "/api/events", params={"cursor": cursor, "wait": 30})
        time.sleep(0.3)
        ann.delete(f"/api/users/me/sessions/{phone.tokens['session_id']}")
        assert waiting.result(5).status_code == 401


@pytest.mark.parametrize("garbage", ["garbage", "[]", '{"type":5}', '{"type":"pong","data":' + "[" * 20_000])
def test_garbage_closes_a_socket_that_has_said_hello(world: World, garbage: str) -> None:
    with world.person("ann").device() as device:
        device._socket.send(garbage)
        assert device.closed() == 4400
