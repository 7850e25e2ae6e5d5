"""Tests a frame from arrival to answer: its cost, its order, and its failure."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from messenger.doors.feature import Verb
from messenger.doors.limits import DEFAULT
from messenger.kernel import trail
from messenger.realtime.session import IN_FLIGHT_MAX
from messenger.realtime.shared import Shared
from messenger.realtime.verbs import of_feature
from tests.inside import Inside, Within, inside


def _shared(app: Inside) -> Shared:
    shared: Shared = app.app.state.entry.gateway.shared
    return shared


def test_sends_get_no_task_and_keep_their_order(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (_, ann), (bob, _) = await app.person("ann"), await app.person("bob")
            den = (await app.call("POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": [bob]}, ann))[
                "id"
            ]
            device = await app.socket(ann)
            for n in range(20):
                device.tell("message.send", {"chat_id": den, "text": f"{n}", "client_msg_id": str(uuid.uuid4())})
                assert not _shared(app).tasks.running, "a task for each frame costs more than the rest of its way"
            sent = await device.until("ack", 20)
            assert [one["data"]["text"] for one in sent] == [f"{n}" for n in range(20)]
            seqs = [one["data"]["seq"] for one in sent]
            assert seqs == list(range(seqs[0], seqs[0] + 20))
            device.tell("receipt.read", {"chat_id": den, "seq": seqs[-1]})
            assert not _shared(app).tasks.running
            assert (await device.until("ack", 21))[-1]["data"]["read_seq"] == seqs[-1]

    asyncio.run(scenario())


def _at_once(*_: Any) -> Any:
    raise RuntimeError("planted")


def _later(*_: Any) -> Any:
    future = asyncio.get_running_loop().create_future()
    future.get_loop().call_soon(future.set_exception, RuntimeError("planted"))
    return future


async def _in_a_task(*_: Any) -> Any:
    await asyncio.sleep(0)
    raise RuntimeError("planted")


async def _badly_said(*_: Any) -> Any:
    return object()


@pytest.mark.parametrize("fails", [_at_once, _later, _in_a_task, _badly_said])
def test_a_frame_that_fails_is_answered_and_logged_by_its_own_id(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fails: Callable[..., Any]
) -> None:
    async def scenario() -> None:
        async with inside(tmp_path, rate_limits="off") as app:
            _, ann = await app.person("ann")
            shared, names = _shared(app), []

            def planted(*arguments: Any) -> Any:
                names.append(trail.request_id.get())
                return fails(*arguments)

            shared.handlers["planted"] = of_feature(Verb(dict, planted, DEFAULT))
            before = trail.request_id.get()
            device = await app.socket(ann)
            for n in range(1, IN_FLIGHT_MAX + 2):  # one more than may be in flight, were failed ones counted
                device.tell("planted", {})
                errors = await device.until("error", n)
            assert {one["data"]["code"] for one in errors} == {"server.error"}
            assert [one["data"]["request_id"] for one in errors] == names
            assert len(set(names)) == len(names)
            assert trail.request_id.get() == before, "an id belongs to one frame"
            assert sum(record.message == "a frame failed" for record in caplog.records) == len(names)
            device.tell("presence.watch", {"user_ids": []})
            await device.until("ack")

    asyncio.run(scenario())
