"""Makes people act all the time: send, repeat, edit, delete, read, come, go, lose connections and sessions."""

import asyncio
import itertools
import random
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from tests.torture.device import Device
from tests.torture.notes import Notes, digest
from tests.torture.people import Answer, Chat, Http, Person, Said
from tests.world import PASSWORD

BURST = 8
AWAY_S = (0.1, 1.5)


class Work:
    """Holds the people of a run.

    `pace`: steps of a device a second; `even`: any step is as likely as another; `cuts`: devices lose their
    connections by themselves.
    """

    def __init__(self, notes: Notes, http: Http, chance: random.Random, pace: float, *, even: bool, cuts: bool) -> None:
        self._notes, self._http, self._chance, self._pace = notes, http, chance, pace
        self._even, self._rewinds = even, 0
        self._words = itertools.count(1)
        self.is_over = asyncio.Event()
        self.people: list[Person] = []
        self.chats: list[Chat] = []
        self.devices: list[Device] = []
        self._steps: dict[Callable[[Device], Awaitable[None]], int] = {
            self.say: 40,
            self.repeat: 6,
            self.contradict: 2,
            self.borrow: 2,
            self.burst: 4,
            self.edit: 12,
            self.delete: 6,
            self.delete_of_others: 2,
            self.read: 14,
            self.lose_answer: 3,
            self.go_away: 4,
            self.resume: 2,
        }
        for step in () if cuts else (self.lose_answer, self.go_away):
            del self._steps[step]

    async def act(self, device: Device) -> None:
        """Does the steps of one device until the run is over."""
        steps = list(self._steps)
        weights = [1] * len(steps) if self._even else list(self._steps.values())
        while not self.is_over.is_set():
            (step,) = self._chance.choices(steps, weights)
            await step(device)
            await asyncio.sleep(self._chance.expovariate(self._pace))

    def _chat(self, device: Device, *, outside: float = 0.02) -> Chat:
        """Returns a chat of the person, now and then one they are not in."""
        is_stranger = self._chance.random() < outside
        inside = [one for one in self.chats if (device.person.id in one.people) != is_stranger]
        return self._chance.choice(inside or self.chats)

    def _own(self, device: Device) -> tuple[Chat, Said] | None:
        chat = self._chat(device)
        mine = [one for one in chat.recent if one.who == device.person.id]
        return (chat, self._chance.choice(mine)) if mine else None

    def _text(self, who: int) -> str:
        return f"{who} says {next(self._words)}"

    async def say(self, device: Device) -> None:
        """Sends a message."""
        await self._send(device, self._chat(device), str(uuid.uuid4()), self._text(device.person.id))

    async def burst(self, device: Device) -> None:
        """Sends several messages at once."""
        chat = self._chat(device)
        texts = [self._text(device.person.id) for _ in range(BURST)]
        await asyncio.gather(*(self._send(device, chat, str(uuid.uuid4()), text) for text in texts))

    async def repeat(self, device: Device) -> None:
        """Repeats a message that was accepted already."""
        if own := self._own(device):
            await self._send(device, own[0], own[1].cmid, own[1].text)

    async def contradict(self, device: Device) -> None:
        """Sends another text under a used id."""
        if own := self._own(device):
            await self._send(device, own[0], own[1].cmid, self._text(device.person.id))

    async def borrow(self, device: Device) -> None:
        """Uses the id of another person's message, which is another id for this person."""
        chat = self._chat(device)
        lent = [one for one in chat.recent if one.who != device.person.id]
        taken = {one.cmid for one in chat.recent if one.who == device.person.id}
        free = [one.cmid for one in lent if one.cmid not in taken]
        if free:
            await self._send(device, chat, self._chance.choice(free), self._text(device.person.id))

    async def lose_answer(self, device: Device) -> None:
        """Sends a message whose answer is lost with the connection."""
        sending = asyncio.ensure_future(self.say(device))
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        await device.cut()
        await sending

    async def edit(self, device: Device) -> None:
        """Edits a message of one's own."""
        if own := self._own(device):
            chat, said = own
            text = self._text(device.person.id)
            about = {"chat": chat.id, "seq": said.seq, "digest": digest(text)}
            answer = await self._settle(
                device, "edit", about, "message.edit", {"chat_id": chat.id, "seq": said.seq, "text": text}
            )
            if answer.outcome == "ok":
                device.note("edit_ok", **about, rev=answer.body["rev"])

    async def delete(self, device: Device) -> None:
        """Deletes a message of one's own, or, as an owner, of any member."""
        chat = self._chat(device)
        is_owner = chat.owner is device.person
        mine = [one for one in chat.recent if is_owner or one.who == device.person.id]
        if mine:
            await self._delete(device, chat, self._chance.choice(mine), may=True)

    async def delete_of_others(self, device: Device) -> None:
        """Tries to edit a message of another person."""
        chat = self._chat(device)
        theirs = [one for one in chat.recent if one.who != device.person.id]
        if theirs and chat.owner is not device.person:
            await self._delete(device, chat, self._chance.choice(theirs), may=False)

    async def read(self, device: Device) -> None:
        """Reads everything up to a random message."""
        chat = self._chat(device)
        if not chat.head:
            return
        about = {"chat": chat.id, "seq": self._chance.randint(max(1, chat.head - 20), chat.head)}
        asked = self._notes.now()
        data = {"chat_id": chat.id, "seq": about["seq"]}
        answer = await self._settle(device, "read_set", about, "receipt.read", data)
        if answer.outcome == "ok":
            device.note("read_ok", **about, mark=answer.body["read_seq"], asked=asked)

    async def part(self) -> None:
        """Sends last messages of each device and deletes one: each run ends with a deleted unread message."""
        for device in self.devices:
            chat = self._chat(device, outside=0)
            for _ in range(2):
                await self._send(device, chat, str(uuid.uuid4()), self._text(device.person.id))
            if chat.recent and chat.recent[-1].who == device.person.id:
                await self._delete(device, chat, chat.recent[-1], may=True)

    async def go_away(self, device: Device) -> None:
        """Disconnects for a while."""
        await device.be_away(self._chance.uniform(*AWAY_S))

    async def resume(self, device: Device) -> None:
        """Asks for events on an open socket."""
        await device.resume()

    async def _send(self, device: Device, chat: Chat, cmid: str, text: str) -> None:
        about = {"chat": chat.id, "cmid": cmid, "digest": digest(text)}
        data = {"chat_id": chat.id, "text": text, "client_msg_id": cmid}
        answer = await self._settle(device, "send", about, "message.send", data)
        if answer.outcome == "ok":
            seq = answer.body["seq"]
            device.note("send_ok", **about, seq=seq, sender=answer.body["sender_id"])
            chat.note(Said(device.person.id, cmid, text, seq))

    async def _delete(self, device: Device, chat: Chat, said: Said, *, may: bool) -> None:
        about = {"chat": chat.id, "seq": said.seq, "may": may}
        answer = await self._settle(device, "del", about, "message.delete", {"chat_id": chat.id, "seq": said.seq})
        if answer.outcome == "ok":
            device.note("del_ok", **about)

    async def _settle(
        self, device: Device, what: str, about: dict[str, Any], frame: str, data: dict[str, Any]
    ) -> Answer:
        """Repeats until the answer is definite, as an outbox does; a message is named only in the same history."""
        device.note(what, **about)
        rewinds = self._rewinds
        while True:
            answer = await device.ask(frame, data)
            if answer.outcome != "info" or (what != "send" and rewinds != self._rewinds):
                break
            device.note(f"{what}_info", **about, status=answer.status)
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            device.note("retry" if what == "send" else what, **about)
        if answer.outcome == "fail":
            device.note(f"{what}_fail", **about, code=answer.code)
        return answer

    def forget(self) -> None:
        """Forgets recent messages after a rewind: they may be gone, and their numbers may name others."""
        self._rewinds += 1
        for chat in self.chats:
            chat.recent, chat.head = [], 0

    async def move(self, chat: Chat) -> None:
        """Lets people join a group and leave it, until the run is over."""
        while not self.is_over.is_set():
            await asyncio.sleep(self._chance.expovariate(self._pace / 2))
            who = self._chance.choice([one for one in self.people if one is not chat.owner])
            if who.id in chat.people:
                chat.people.discard(who.id)
                await self._leave(chat, who)
            else:
                await self._join(chat, who)
                chat.people.add(who.id)

    async def _join(self, chat: Chat, who: Person) -> None:
        about = {"chat": chat.id, "who": who.id, "action": "join"}
        self._notes("member_req", **about)
        body = {"user_ids": [who.id]}
        await self._http.settled(chat.owner.token, "POST", f"/chats/{chat.id}/members", body)
        # A join sets the mark at the head. Devices that were away hear no `chat.joined`, so the log learns it here.
        members = await self._http.settled(chat.owner.token, "GET", f"/chats/{chat.id}/members")
        marks = {one["user"]["id"]: one["read_seq"] for one in members.body.get("items", [])}
        self._notes("member_ok", **about, mark=marks.get(who.id, 0))

    async def _leave(self, chat: Chat, who: Person) -> None:
        """Removes a person, by themselves or another; `ev` is the place of the stream after it."""
        about = {"chat": chat.id, "who": who.id, "action": "leave"}
        self._notes("member_req", **about)
        token = self._chance.choice([chat.owner, who]).token
        await self._http.settled(token, "DELETE", f"/chats/{chat.id}/members/{who.id}")
        done = self._notes.now()
        view = await self._http.settled(chat.owner.token, "GET", f"/chats/{chat.id}")
        self._notes("member_ok", **about, ev=view.body["at_ev"], done=done)

    async def revoke(self, devices: Sequence[Device]) -> None:
        """Ends sessions, until the run is over."""
        while not self.is_over.is_set():
            await asyncio.sleep(self._chance.expovariate(self._pace / 8))
            device = self._chance.choice(devices)
            session = device.session
            path = f"/users/me/sessions/{session}"
            answer = await self._http.settled(device.person.token, "DELETE", path)
            if answer.outcome == "ok":
                self._notes("revoke_ok", session=session, user=device.person.id)

    async def register(self, address: str) -> Person | None:
        """Registers a person; a letter must follow. `None` when only a repeat was answered."""
        body = {"email": address, "password": PASSWORD, "name": address.partition("@")[0]}
        answer = await self._http.settled("", "POST", "/auth/register", body)
        self._notes("effect_req", to=address)
        if answer.outcome != "ok":
            return None
        return Person(answer.body["user"]["id"], address, answer.body["access_token"])

    async def newcomers(self) -> None:
        """Registers people, until the run is over."""
        while not self.is_over.is_set():
            await asyncio.sleep(self._chance.expovariate(self._pace / 4))
            await self.register(f"{uuid.uuid4().hex[:12]}@example.org")
