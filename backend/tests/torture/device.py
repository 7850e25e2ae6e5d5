"""Runs devices: each keeps its cursor in every stream, notes what it receives, and resumes with its cursors."""

import asyncio
import itertools
import json
import random
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.torture.notes import Notes, digest
from tests.torture.people import PATIENCE_S, Answer, Http, Person

POLL_S = 1


class Device(ABC):
    """Holds what both kinds share: a session, cursors, and the lines about them."""

    def __init__(self, name: str, person: Person, http: Http, notes: Notes, chance: random.Random) -> None:
        self.name, self.person, self.http, self.chance = name, person, http, chance
        self._notes = notes
        self.session, self.token = 0, ""
        self.epoch = 0
        self.is_over = False
        self._here = asyncio.Event()
        self._here.set()
        self._at: dict[str, int] = {}
        """The last change of each stream that came or was loaded, also of streams that were left."""
        self._seals: dict[str, tuple[int, str]] = {}
        """The last change of each stream with a known seal, and the seal."""
        self._mine: set[str] = set()
        """The streams that are followed now."""

    def note(self, what: str, **fields: Any) -> dict[str, Any]:
        """Notes a line of this device."""
        return self._notes(what, device=self.name, user=self.person.id, **fields)

    async def sign_in(self) -> None:
        """Begins a session."""
        self.session, self.token = await self.person.sign_in(self.http)

    async def ask(self, frame: str, data: dict[str, Any]) -> Answer:
        """Calls one of the verbs of messages over HTTP."""
        chat, seq = data["chat_id"], data.get("seq", 0)
        body = {name: value for name, value in data.items() if name not in ("chat_id", "seq")}
        method, path = {
            "message.send": ("POST", f"/chats/{chat}/messages"),
            "message.edit": ("PATCH", f"/chats/{chat}/messages/{seq}"),
            "message.delete": ("DELETE", f"/chats/{chat}/messages/{seq}"),
            "receipt.read": ("PUT", f"/chats/{chat}/read"),
        }[frame]
        if frame == "receipt.read":
            body = {"seq": seq}
        return await self.http(self.token, method, path, None if method == "DELETE" else body)

    async def be_away(self, seconds: float) -> None:
        """Disconnects, and returns after a while."""
        self._here.clear()
        await self.cut()
        await asyncio.sleep(seconds)
        self._here.set()

    @abstractmethod
    async def cut(self) -> None:
        """Breaks the connection, if there is one."""

    @abstractmethod
    async def live(self) -> None:
        """Receives events, reconnecting each time, until the run is over."""

    @abstractmethod
    async def finish(self) -> None:
        """Fetches missed events when all is quiet, and ends."""

    @abstractmethod
    async def resume(self) -> None:
        """Asks on an open connection for missed events."""

    def loaded(self, topic: str, ev: int, mark: int = 0) -> None:
        """Notes that a stream was loaded as of a change; it also contains the events meanwhile."""
        self._mine.add(topic)
        self._at[topic] = max(ev, self._at.get(topic, 0))
        chat = {"chat": _id(topic)} if topic.startswith("chat:") else {}
        self.note("loaded", topic=topic, ev=self._at[topic], epoch=self.epoch, mark=mark, **chat)

    def dropped(self, topics: list[str], what: str = "dropped", **why: Any) -> None:
        """Notes that streams are no longer followed, or must be loaded anew."""
        self._mine.difference_update(topics)
        self.note(what, topics=topics, **why)

    def begun(self, epoch: int, asked: float) -> None:
        """Notes the history line of a connection that was requested at a time."""
        if epoch != self.epoch:
            self._at.clear()
        self.epoch = epoch
        self.note("open", session=self.session, epoch=epoch, asked=asked)

    def received(self, frame: dict[str, Any], via: str, asked: float, heads: dict[str, int]) -> None:
        """Notes an event. `heads`: where streams were loaded when the connection began, except resumed ones."""
        topic, ev, data, type_ = frame["topic"], frame["ev"], frame["data"], frame["type"]
        fields: dict[str, Any] = {"chat": _id(topic)} if topic.startswith("chat:") else {}
        if type_.startswith("message."):
            fields |= {name: data[name] for name in ("seq", "rev", "kind")} | {"sender": data["sender_id"]}
            fields |= {"digest": digest(data["text"]), "deleted": data["deleted_at"] is not None}
            fields |= {"cmid": data["client_msg_id"]} if "client_msg_id" in data else {}
        elif type_ == "receipt.read":
            fields |= {"who": data["user_id"], "seq": data["seq"]}
        told = {"session": self.session, "epoch": self.epoch, "via": via, "asked": asked}
        self.note("recv", topic=topic, ev=ev, type=type_, **told, **fields)
        self._at[topic] = max(ev, self._at.get(topic, 0))
        self._seals[topic] = ev, frame["seal"]
        if type_ == "chat.joined":
            view = data["chat"]
            name = f"chat:{view['id']}"
            if name not in self._mine:
                self._seals[name] = max(self._seals.get(name, (0, "")), (view["at_ev"], view["at_seal"] or ""))
                self.loaded(name, max(view["at_ev"], heads.get(name, 0)), view["my"]["read_seq"])
        elif type_ == "chat.left":
            self.dropped([f"chat:{data['chat_id']}"])
        elif type_ == "member.left" and data["user_id"] == self.person.id and self._at[topic] == ev:
            # The chat may say more to a reader who is back before `chat.left` comes that the bus had lost.
            self.dropped([topic])

    def end(self, heads: dict[str, int]) -> None:
        """Notes the heads of the streams at the end, which every device must have reached."""
        self.note("final", heads=heads)


class Socket(Device):
    """Runs a device on a WebSocket; sends over it when it is open, else over HTTP."""

    _socket: ClientConnection | None = None
    _refs = itertools.count(1)

    async def live(self) -> None:
        """Connects, again and again, until the run is over."""
        while not self.is_over:
            try:
                await self._visit()
            except (OSError, WebSocketException, TimeoutError):
                await asyncio.sleep(self.chance.uniform(0.02, 0.2))
            await self._here.wait()

    async def finish(self) -> None:
        """Connects once more when all is quiet, fetches missed events, and ends."""
        self.is_over = True
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._visit(until_resumed=True)
                return
            await asyncio.sleep(0.1)

    async def cut(self) -> None:
        """Breaks the connection."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def ask(self, frame: str, data: dict[str, Any]) -> Answer:
        socket = self._socket
        if socket is None or self.chance.random() < 0.3:
            return await super().ask(frame, data)
        return await self._ask(socket, frame, data)

    async def _ask(self, socket: ClientConnection, frame: str, data: dict[str, Any]) -> Answer:
        ref = f"c{next(self._refs)}"
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[ref] = waiting
        try:
            async with asyncio.timeout(PATIENCE_S):
                await socket.send(json.dumps({"type": frame, "ref": ref, "data": data}))
                return await waiting
        except (OSError, WebSocketException, TimeoutError):
            return Answer(0, {})
        finally:
            self._waiting.pop(ref, None)

    async def resume(self) -> None:
        """Asks on the open socket for missed events of the own stream alone: no other stream may repeat anything."""
        topic = f"user:{self.person.id}"
        place, socket = self._at.get(topic, 0), self._socket
        if socket is not None and topic in self._mine:
            self.dropped([topic], "resync", reason="asked")
            await self._ask(socket, "resume", {"epoch": self.epoch, "streams": {topic: place}})
            self.loaded(topic, place)

    def _cursors(self) -> dict[str, tuple[int, str]]:
        """Returns the cursors with seals; streams without a seal are loaded anew: they could not prove a rewind."""
        known = {topic: self._seals[topic] for topic in self._mine if topic in self._seals}
        return {topic: sealed for topic, sealed in known.items() if sealed[1] and sealed[0] == self._at.get(topic)}

    async def _visit(self, *, until_resumed: bool = False) -> None:
        if not self.token:
            await self.sign_in()
        url = self.http.url.replace("http:", "ws:") + "/api/ws"
        asked = self._notes.now()
        cursors = self._cursors()
        self._heads: dict[str, int] = {}
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        async with connect(
            url,
            subprotocols=[Subprotocol("web-messenger.v1")],
            open_timeout=5,
            close_timeout=1,
            compression=None,
            ping_interval=None,
            max_size=2**24,
            max_queue=None,
            proxy=None,
        ) as socket:
            try:
                data = {"token": self.token, "epoch": self.epoch, "streams": cursors}
                await socket.send(json.dumps({"type": "hello", "ref": "h", "data": data}))
                via = "resume"
                async for text in socket:
                    frame = json.loads(text)
                    for one in frame["frames"] if frame["type"] == "batch" else [frame]:
                        if one["type"] == "resumed":
                            via, self._socket = "live", socket
                            if until_resumed:
                                self.end(self._heads_said)
                            if self.is_over:
                                return
                        await self._take(one, socket, via, asked, cursors)
            finally:
                code = socket.close_code or 1006
                self.note("close", code=code, session=self.session)
                self._socket = None
                if code in (4401, 4403):
                    self.token = ""  # the session ended: another one begins
                for waiting in self._waiting.values():
                    if not waiting.done():
                        waiting.set_result(Answer(0, {}))

    async def _take(
        self,
        frame: dict[str, Any],
        socket: ClientConnection,
        via: str,
        asked: float,
        cursors: dict[str, tuple[int, str]],
    ) -> None:
        type_: str = frame["type"]
        data: dict[str, Any] = frame.get("data", {})
        if "ev" in frame:
            self.received(frame, via, asked if via == "resume" else 0, self._heads)
        elif type_ in ("ack", "error"):
            self._answered(frame["ref"], Answer(200 if type_ == "ack" else data["status"], data))
        elif type_ == "ready":
            self.begun(data["epoch"], asked)
            self._heads_said = dict(data["streams"])
            self._heads = {topic: ev for topic, ev in data["streams"].items() if topic not in cursors}
            for topic, ev in self._heads.items():
                self._at.pop(topic, None)
                self._seals[topic] = ev, data["seals"].get(topic, "")
                self.loaded(topic, ev)
        elif type_ == "resync":
            self.dropped(data["topics"], "resync", reason=data["reason"])
            for topic in data["topics"]:
                if data["reason"] != "not_member" and topic in self._heads_said:
                    self._at.pop(topic, None)
                    self._seals.pop(topic, None)
                    self.loaded(topic, self._heads_said[topic])
        elif type_ == "ping":
            await socket.send('{"type":"pong","data":{}}')

    def _answered(self, ref: str, answer: Answer) -> None:
        self.http.note_trouble(answer.status, answer.code, "a frame")
        waiting = self._waiting.get(ref)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
        elif waiting is None and answer.status == 401:  # the hello
            self.token = ""


class Poller(Device):
    """Runs a device without a socket: it polls for events."""

    _cursor = ""

    async def live(self) -> None:
        """Polls until the run is over."""
        while not self.is_over:
            if not self.token:
                await self.sign_in()
            await self._poll(POLL_S)
            await self._here.wait()

    async def finish(self) -> None:
        """Fetches missed events when all is quiet, and ends."""
        self.is_over = True
        while True:
            if not self.token:
                await self.sign_in()
            before = len(self._notes.lines)
            if (
                await self._poll(0)
                and self._cursor
                and all(
                    line["what"] != "recv" for line in self._notes.lines[before:] if line.get("device") == self.name
                )
            ):
                self.end(await self._heads())
                return

    async def cut(self) -> None:
        """Does nothing: between polls there is no connection."""

    async def resume(self) -> None:
        """Does nothing: every poll already asks."""

    async def _poll(self, wait: int) -> bool:
        asked = self._notes.now()
        answer = await self.http(self.token, "POST", "/events", {"cursor": self._cursor, "wait": wait}, wait)
        if answer.status == 401:
            self.token = ""
        if answer.outcome != "ok":
            await asyncio.sleep(0.1)
            return False
        for frame in answer.body["items"]:
            self.received(frame, "poll", asked, {})
        if not self._cursor:
            for topic, ev in (await self._heads()).items():
                self.loaded(topic, ev)
        elif anew := answer.body["resync"]:
            heads = await self._heads()
            self.dropped(anew, "resync", reason="poll")
            for topic in set(anew) & heads.keys():
                self.loaded(topic, heads[topic])
        self._cursor = answer.body["page"]["next_cursor"]
        return True

    async def _heads(self) -> dict[str, int]:
        """Returns the heads of all streams, and notes the epoch with them."""
        heads: dict[str, int] = {}
        cursor = ""
        while True:
            more, asked = f"&cursor={cursor}" if cursor else "", self._notes.now()
            answer = await self.http.settled(self.token, "GET", f"/chats?limit=200{more}")
            if answer.outcome != "ok":
                await self.sign_in()
                continue
            page = answer.body["page"]
            heads |= {f"chat:{chat['id']}": chat["at_ev"] for chat in answer.body["items"]}
            heads.setdefault(f"user:{self.person.id}", page["user_ev"])
            if page["epoch"] != self.epoch:
                self.begun(page["epoch"], asked)
            cursor = page["next_cursor"]
            if not cursor:
                return heads


def _id(topic: str) -> int:
    return int(topic.partition(":")[2])
