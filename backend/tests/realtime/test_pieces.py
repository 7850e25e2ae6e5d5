"""Tests that the event loop serves others while a person with many chats connects."""

import asyncio
import itertools
from typing import Any

from messenger.db.tx import Tx
from messenger.kernel import events, ids
from messenger.realtime import catchup
from tests.inside import Inside, Within

CHATS = 3 * catchup.PIECE + 1


def _put_into_groups(tx: Tx, user_id: int) -> list[int]:
    """Returns the ids of `CHATS` groups in which the person is alone."""
    chats = [ids.new_id() for _ in range(CHATS)]
    made = [{"id": one, "by": user_id, "now": tx.now} for one in chats]
    tx.run(
        """INSERT INTO chats (id, kind, name, created_by, created_at, member_count)
        VALUES (:id, 'group', 'g', :by, :now, 1)""",
        made,
    )
    tx.run(
        """INSERT INTO members (chat_id, user_id, role, joined_at, joined_seq)
        VALUES (:id, :by, 'owner', :now, 0)""",
        made,
    )
    tx.open_streams(*map(events.chat, chats))
    return chats


class Watch:
    """Looks at the hub in each turn of the event loop: how many of some chats are subscribed, and how many go on."""

    def __init__(self, app: Inside, chats: list[int]) -> None:
        self._hub = app.app.state.entry.gateway.shared.hub
        self._topics = [events.chat(one) for one in chats]
        self._loop = asyncio.get_running_loop()
        self.heard, self.begun = [0], [0]
        self.all_heard = asyncio.Event()
        self._handle = self._loop.call_soon(self._look)

    def _look(self) -> None:
        heard = sum(bool(self._hub.hearers(topic)) for topic in self._topics)
        begun = sum(topic in self._hub.delivered for topic in self._topics)
        if (heard, begun) != (self.heard[-1], self.begun[-1]):
            self.heard.append(heard)
            self.begun.append(begun)
        if heard == len(self._topics):
            self.all_heard.set()
        self._handle = self._loop.call_soon(self._look)

    def stop(self) -> None:
        """Stops looking."""
        self._handle.cancel()


def _steps(counts: list[int]) -> list[int]:
    return [later - earlier for earlier, later in itertools.pairwise(counts)]


def test_others_have_their_turn_while_a_person_with_many_chats_connects(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann_id, ann = await app.person("ann")
            chats: list[int] = await app.platform.db.write(_put_into_groups, ann_id)
            watch = Watch(app, chats)
            device = await app.socket(ann)
            watch.stop()
            assert watch.heard[-1] == watch.begun[-1] == CHATS
            assert max(_steps(watch.heard)) <= catchup.PIECE
            assert max(_steps(watch.begun)) <= catchup.PIECE
            ready: dict[str, Any] = device.frames[0]["data"]
            assert ready["streams"].keys() >= {f"chat:{one}" for one in chats}

    asyncio.run(scenario())


def test_others_have_their_turn_while_a_person_with_many_chats_waits_for_events(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            ann_id, ann = await app.person("ann")
            chats: list[int] = await app.platform.db.write(_put_into_groups, ann_id)
            first = await app.call("POST", "/api/events", {}, ann)
            watch = Watch(app, chats)
            waiting = asyncio.create_task(
                app.call("POST", "/api/events", {"cursor": first["page"]["next_cursor"], "wait": 30}, ann)
            )
            async with asyncio.timeout(10):
                await watch.all_heard.wait()
            watch.stop()
            await app.call("POST", f"/api/chats/{chats[-1]}/messages", {"text": "hello"}, ann)
            answer = await waiting
            assert [one["data"]["text"] for one in answer["items"]] == ["hello"]
            assert answer["resync"] == []
            assert max(_steps(watch.heard)) <= catchup.PIECE

    asyncio.run(scenario())
