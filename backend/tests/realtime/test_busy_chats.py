"""Tests a device that was away for long: it loads the busiest chats anew, and receives missed events of the others."""

import asyncio
import uuid

import pytest

from messenger.features.messages.sending import SendWish, send_many
from messenger.kernel.actor import Actor
from messenger.kernel.events import Topic, chat, user
from messenger.realtime import catchup
from tests.inside import Within


@pytest.mark.parametrize(
    ("missed", "most", "going"),
    [
        ({chat(1): 1000, chat(2): 1001}, 10_000, {chat(1)}),
        ({chat(n): 1000 for n in range(1, 6)} | {chat(9): 3}, 10_000, {chat(n) for n in (1, 2, 3, 4, 9)}),
        ({chat(n): 1000 for n in range(1, 6)} | {user(7): 5000}, 10_000, {*map(chat, range(1, 6)), user(7)}),
        ({user(7): 5001, chat(1): 1}, 10_000, {chat(1)}),
        ({chat(1): 30, chat(2): 20, user(7): 5}, 25, {chat(2), user(7)}),
        ({chat(1): 30, user(7): 26}, 25, set()),
        ({}, 0, set()),
    ],
)
def test_the_streams_with_the_most_are_loaded_anew(missed: dict[Topic, int], most: int, going: set[Topic]) -> None:
    assert catchup._going_on(missed, most) == going


def test_a_quiet_chat_does_not_pay_for_a_busy_one(within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catchup, "ALL_MOST", {"chat": 12, "user": 5})

    async def scenario() -> None:
        async with within() as app:
            ann_id, ann = await app.person("ann")
            chats = []
            for count in (8, 7, 2):
                body = {"kind": "group", "name": f"den {count}", "member_ids": []}
                den = (await app.call("POST", "/api/chats", body, ann))["id"]
                before = (await app.call("GET", f"/api/chats/{den}", None, ann))["at_ev"]
                me = Actor(ann_id, 1)
                wishes = [SendWish(me, den, f"{n}", str(uuid.uuid4()), None, (), 100) for n in range(count)]
                await app.platform.db.write(send_many, wishes)
                chats.append((f"chat:{den}", before))
            epoch = (await app.call("GET", "/api/chats", None, ann))["page"]["epoch"]
            device = await app.socket(ann, epoch=epoch, streams=dict(chats))
            (resync,) = [frame["data"] for frame in device.frames if frame["type"] == "resync"]
            assert resync == {"topics": [chats[0][0]], "reason": "too_many"}
            came = [frame["topic"] for frame in device.frames if frame["type"] == "message.created"]
            assert came == [chats[1][0]] * 7 + [chats[2][0]] * 2

    asyncio.run(scenario())
