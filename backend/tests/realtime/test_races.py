"""Tests races during a resume: no event is lost, doubled, or sent to a former member."""

import asyncio
import random
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from messenger.adapters.bus.memory import MemoryBus
from messenger.assembly.drivers import choice
from messenger.kernel.events import Envelope
from messenger.realtime import catchup
from messenger.realtime.people import People
from tests.inside import Inside, Recorder, inside


class Pause:
    """Holds the first result of a function that runs in a reader's thread, until `go`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._came, self._go = threading.Event(), threading.Event()

    def __call__(self, *args: Any) -> Any:
        answer = self._function(*args)
        if not self._came.is_set():
            self._came.set()
            assert self._go.wait(10)
        return answer

    async def reached(self) -> None:
        """Waits until the result exists."""
        assert await asyncio.to_thread(self._came.wait, 10)

    def go(self) -> None:
        """Releases the result."""
        self._go.set()


class Den:
    """Makes a group of ann and bob."""

    def __init__(self, app: Inside) -> None:
        self.app = app

    async def open(self) -> "Den":
        self.ann_id, self.ann = await self.app.person("ann")
        self.bob_id, self.bob = await self.app.person("bob")
        self.chat = await self.group("den")
        return self

    async def group(self, name: str) -> int:
        """Makes another group of both."""
        body = {"kind": "group", "name": name, "member_ids": [self.bob_id]}
        return int((await self.app.call("POST", "/api/chats", body, self.ann))["id"])

    async def say(self, text: str, chat: int = 0) -> None:
        await self.app.call("POST", f"/api/chats/{chat or self.chat}/messages", {"text": text}, self.ann)

    async def remove_bob(self) -> None:
        await self.app.call("DELETE", f"/api/chats/{self.chat}/members/{self.bob_id}", None, self.ann)


def _texts(device: Recorder) -> list[str]:
    return [frame["data"]["text"] for frame in device.frames if frame["type"] == "message.created"]


def test_who_is_removed_between_the_look_and_the_hearing_hears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = Pause(catchup.look)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            await app.socket(den.ann)
            monkeypatch.setattr(catchup, "look", pause)
            device = app.dial()
            device.tell("hello", {"token": den.bob})
            await pause.reached()
            await den.remove_bob()
            pause.go()
            await device.until("resumed")
            await den.say("secret")
            await asyncio.sleep(0.1)
            assert _texts(device) == []

    asyncio.run(scenario())


def test_who_is_removed_before_the_first_hearing_hears_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    topics, look = Pause(People.topics_of), Pause(catchup.look)
    monkeypatch.setattr(People, "topics_of", lambda *args: topics(*args))

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            device = app.dial()
            device.tell("hello", {"token": den.bob})
            await topics.reached()
            await den.remove_bob()
            monkeypatch.setattr(catchup, "look", look)
            topics.go()
            await look.reached()
            await den.say("secret")
            look.go()
            await device.until("resumed")
            await den.say("secret too")
            await asyncio.sleep(0.1)
            assert _texts(device) == []

    asyncio.run(scenario())


def test_a_session_that_ends_during_its_hello_gets_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pause = Pause(People.topics_of)
    monkeypatch.setattr(People, "topics_of", lambda *args: pause(*args))

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            _, ann = await app.person("ann")
            device = app.dial()
            device.tell("hello", {"token": ann})
            await pause.reached()
            await app.call("POST", "/api/auth/logout", {}, ann)
            pause.go()
            for _ in range(500):
                await asyncio.sleep(0.01)
                if device.code:
                    break
            assert device.code in (4401, 4403)

    asyncio.run(scenario())


def test_frames_right_behind_the_hello_are_answered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            device = app.dial()
            device.tell("hello", {"token": den.ann})
            for n in range(3):
                cmid = f"00000000-0000-0000-0000-00000000000{n}"
                device.tell("message.send", {"chat_id": den.chat, "text": str(n), "client_msg_id": cmid})
            acks = await device.until("ack", 3)
            assert sorted(one["data"]["text"] for one in acks) == ["0", "1", "2"]

    asyncio.run(scenario())


def test_two_resumes_at_once_are_both_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several tabs share a socket, and each may ask for missed events."""
    pause = Pause(catchup.look)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            device = await app.socket(den.bob)
            monkeypatch.setattr(catchup, "look", pause)
            cursors = {"epoch": (await device.until("ready"))[0]["data"]["epoch"], "streams": {}}
            device.tell("resume", cursors)
            await pause.reached()
            device.tell("resume", cursors)
            await asyncio.sleep(0.1)
            await den.say("meanwhile")
            pause.go()
            await device.until("ack", 2)
            await device.until("message.created", 1)
            assert _texts(device) == ["meanwhile"]

    asyncio.run(scenario())


def test_a_repeated_join_admits_no_former_member(tmp_path: Path) -> None:
    """The bus may repeat an old envelope: a person whom it added may have been removed since."""

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            seen: list[Envelope] = []
            app.platform.bus.listen(seen.extend)
            den = await Den(app).open()
            device, owner = await app.socket(den.bob), await app.socket(den.ann)
            await den.say("hello")
            await den.remove_bob()
            await device.until("chat.left")
            app.platform.bus.publish([one for one in seen if den.bob_id in one.joined])
            await den.say("secret")
            await owner.until("message.created", 3)
            assert _texts(device)[:1] == ["hello"]
            assert "secret" not in _texts(device)

    asyncio.run(scenario())


def test_presence_ends_with_acquaintance(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            stranger, _ = await app.person("eve")
            device = await app.socket(den.bob)
            device.tell("presence.watch", {"user_ids": [den.ann_id, stranger]})
            (watched,) = await device.until("ack")
            assert [one["user_id"] for one in watched["data"]["items"]] == [den.ann_id]
            await den.remove_bob()
            await device.until("chat.left")
            await asyncio.sleep(0.1)
            await app.socket(den.ann)
            await asyncio.sleep(0.1)
            assert [one for one in device.frames if one["type"] == "presence"] == []

    asyncio.run(scenario())


def test_a_slow_reader_is_let_go_and_resumes(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            device = await app.socket(den.bob)
            ready = device.frames[0]["data"]
            device.unread = 2 * 1024 * 1024
            await den.say("too much")
            await asyncio.sleep(0.05)
            assert device.code == 4408
            device.session.closed()
            again = await app.socket(den.bob, epoch=ready["epoch"], streams=ready["streams"])
            assert _texts(again) == ["too much"]

    asyncio.run(scenario())


class Late(MemoryBus):
    """Delivers lists late, out of order and sometimes twice or never, as a bus between processes may."""

    dice = random.Random(7)

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(self.dice.choice((0, 1, 1, 1, 1, 1, 2))):
            loop.call_later(self.dice.random() * 0.02, super().publish, envelopes)


async def _come_and_go(app: Inside, den: Den, dice: random.Random, until: asyncio.Event) -> dict[str, list[int]]:
    """Connects, listens a little and breaks off, repeatedly; keeps the numbers that it saw, per stream."""
    chats = await app.call("GET", "/api/chats", None, den.bob)
    streams = {f"chat:{one['id']}": one["at_ev"] for one in chats["items"]}
    streams[f"user:{den.bob_id}"] = chats["page"]["user_ev"]
    cursors = {"epoch": chats["page"]["epoch"], "streams": streams}
    seen = {topic: [ev] for topic, ev in streams.items()}
    done = False
    while not done:
        done = until.is_set()
        device = await app.socket(den.bob, **cursors)
        await asyncio.sleep(0.4 if done else dice.random() * 0.04)
        device.session.closed()
        assert not [one for one in device.frames if one["type"] == "resync"]
        for frame in device.frames:
            if frame.get("ev"):
                seen[frame["topic"]].append(frame["ev"])
                streams[frame["topic"]] = frame["ev"]
    return seen


@pytest.mark.parametrize("piece", [catchup.PIECE, 1])
def test_resumes_amid_sends_leave_no_hole_and_no_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """Holds even if other tasks run after each stream that is subscribed."""
    monkeypatch.setattr(choice, "MemoryBus", Late)
    monkeypatch.setattr(catchup, "PIECE", piece)

    async def scenario() -> None:
        async with inside(tmp_path, max_sockets_per_user=100) as app:
            den, ended = await Den(app).open(), asyncio.Event()
            chats = [den.chat, *[await den.group(f"attic {n}") for n in range(4)]]
            devices = [asyncio.create_task(_come_and_go(app, den, random.Random(seed), ended)) for seed in range(8)]
            for n in range(150):
                await den.say(str(n), chats[n % len(chats)])
            ended.set()
            heads = {chat: (await app.call("GET", f"/api/chats/{chat}", None, den.ann))["at_ev"] for chat in chats}
            for seen in await asyncio.gather(*devices):
                for chat, head in heads.items():
                    evs = seen[f"chat:{chat}"]
                    assert evs == list(range(evs[0], head + 1))

    asyncio.run(scenario())


class Held(MemoryBus):
    """Keeps envelopes until they are released, as a slow bus between processes does."""

    waiting: list[Sequence[Envelope]] | None = None

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        if self.waiting is None:
            super().publish(envelopes)
        else:
            self.waiting.append(envelopes)

    def let_go(self) -> None:
        """Delivers the kept envelopes."""
        kept, self.waiting = self.waiting or [], None
        for envelopes in kept:
            self.publish(envelopes)


@pytest.mark.parametrize("asked", ["den", "attic"])
def test_a_resume_repeats_nothing_of_the_streams_it_was_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr(choice, "MemoryBus", Held)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            bus = app.platform.bus
            assert isinstance(bus, Held)
            den = await Den(app).open()
            attic = await den.group("attic")
            first = await app.socket(den.bob)
            bus.waiting = []
            for chat in (den.chat, attic):
                for n in range(3):
                    await den.say(str(n), chat)
            ready = first.frames[0]["data"]
            device = await app.socket(den.bob, epoch=ready["epoch"], streams=ready["streams"])
            newcomer = await app.socket(den.bob)
            topic = f"chat:{den.chat if asked == 'den' else attic}"
            for one in (device, newcomer):
                one.tell("resume", {"epoch": ready["epoch"], "streams": {topic: ready["streams"][topic] + 3}})
                await one.until("ack")
            bus.let_go()
            await den.say("live")
            await device.until("message.created", 7)
            await newcomer.until("message.created", 1)
            assert len(_texts(device)) == 7
            assert _texts(newcomer) == ["live"], "the other frames come before the heads of ready"

    asyncio.run(scenario())


class Deaf(MemoryBus):
    """Loses every `chat.left`, as a bus between processes may lose anything."""

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        super().publish([one for one in envelopes if one.type != "chat.left"])


def test_a_stream_ends_with_its_reader_leaving_and_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "MemoryBus", Deaf)

    async def scenario() -> None:
        async with inside(tmp_path) as app:
            den = await Den(app).open()
            device = await app.socket(den.bob)
            await den.remove_bob()
            await den.say("meanwhile")
            await app.call("POST", f"/api/chats/{den.chat}/members", {"user_ids": [den.bob_id]}, den.ann)
            await den.say("welcome back")
            (view,) = [frame["data"]["chat"] for frame in await device.until("chat.joined")]
            assert [text for text in _texts(device) if text] == ["welcome back"], "a line of the server has no text"
            heard = [(one["type"], one["ev"]) for one in device.frames if one.get("topic") == f"chat:{den.chat}"]
            (_, left), *after = [one for one in heard if one[1] >= dict(heard)["member.left"]]
            assert left < view["at_ev"] < after[0][1]
            assert [ev for _, ev in after] == list(range(view["at_ev"] + 1, view["at_ev"] + 1 + len(after)))
            mine = [one["type"] for one in device.frames if one.get("topic") == f"user:{den.bob_id}"]
            assert mine[-2:] == ["chat.left", "chat.joined"], "what the bus lost comes from the journal, in order"

    asyncio.run(scenario())
