"""Makes one run: people, devices, faults in turn, recovery, the final reading, and the checker's result."""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.torture.check import Break, Index, Line, check
from tests.torture.device import Device, Poller, Socket
from tests.torture.ground import ARMED, Ground
from tests.torture.notes import Notes, digest
from tests.torture.people import Chat, Http, Person
from tests.torture.work import Work


@dataclass(frozen=True)
class Plan:
    """Sets the size of a run.

    `faults`: names, in turn, `gap` seconds apart; empty: none. `plant`: a fault of the server.
    """

    seed: int = 1
    seconds: float = 10
    people: int = 5
    groups: int = 2
    devices: int = 2
    pace: float = 6
    faults: Sequence[str] = ()
    gap: float = 1.0
    healed_s: float = 60
    """The longest time of each part of the recovery."""
    even: bool = False
    """Whether every step is as likely as any other: for short runs."""
    repeats: bool = True
    """Whether the faults begin again after the last one."""
    cuts: bool = True
    """Whether devices lose their connections by themselves."""
    plant: str = ""


class Outcome:
    """Holds the notes of a run and its breaks."""

    def __init__(self, plan: Plan, lines: list[Line]) -> None:
        self.plan, self.lines = plan, lines
        self.breaks: list[Break] = check(lines)

    @property
    def codes(self) -> set[str]:
        """Returns the broken invariants."""
        return {one.code for one in self.breaks}

    def sends(self) -> dict[str, int]:
        """Returns how many sends were accepted, refused, or never answered."""
        return dict(sorted(Counter(one.outcome for one in Index(self.lines).operations.values()).items()))

    def counts(self) -> dict[str, int]:
        """Returns the number of lines of each kind, faults by name."""
        kinds = Counter(line["what"] for line in self.lines if line["what"] != "fault")
        return dict(
            sorted((kinds + Counter(f"fault: {one['name']}" for one in self.lines if one["what"] == "fault")).items())
        )


Opening = Callable[[Path, Notes, int, str], AbstractContextManager[Ground]]


def play(opening: Opening, plan: Plan, log: Path | None = None) -> Outcome:
    """Runs a plan on a ground of its own."""
    notes = Notes(log)
    with (
        tempfile.TemporaryDirectory() as folder,
        opening(Path(folder), notes, plan.seed, plan.plant) as ground,
    ):
        asyncio.run(Run(plan, ground, notes, Path(folder)).whole())
    notes.close()
    return Outcome(plan, notes.lines)


class Run:
    """Makes a run on a running ground."""

    def __init__(self, plan: Plan, ground: Ground, notes: Notes, folder: Path) -> None:
        self._folder = folder
        self._plan, self._ground, self._notes = plan, ground, notes
        self._chance = random.Random(plan.seed)
        self._http = Http(notes, ground.straight, self._chance)
        self._work = Work(notes, self._http, self._chance, plan.pace, even=plan.even, cuts=plan.cuts)
        ground.on_restored = self._work.forget

    async def whole(self) -> None:
        """Does everything from the first account to the last line."""
        await self._settle_in()
        (self._folder / ARMED).touch()
        self._http.urls = self._ground.urls
        work = self._work
        lives = [asyncio.create_task(device.live()) for device in work.devices]
        acts = [asyncio.create_task(work.act(device)) for device in work.devices]
        acts += [asyncio.create_task(work.move(chat)) for chat in work.chats[: self._plan.groups]]
        acts += [asyncio.create_task(work.newcomers()), asyncio.create_task(work.revoke(work.devices))]
        await self._break_things()
        work.is_over.set()
        self._http.urls = self._ground.straight
        await self._await("every request answered", *acts)
        await self._await("the last words said", work.part())
        for device in work.devices:
            device.is_over = True
            await device.cut()
        await self._await("every connection ended", *lives)
        await self._await("every device complete", *(device.finish() for device in work.devices))
        await self._await("every history read", self._look())
        await self._await_letters()
        self._http.close()

    async def _await(self, wish: str, *works: Awaitable[None]) -> None:
        """Waits for the end of some work; cancels and notes work that does not end."""
        tasks = [asyncio.ensure_future(work) for work in works]
        _, left = await asyncio.wait(tasks, timeout=self._plan.healed_s)
        for task in left:
            task.cancel()
        if left:
            self._notes("stuck", wish=wish, count=len(left))
        await asyncio.gather(*left, return_exceptions=True)
        for task in set(tasks) - left:
            task.result()

    async def _settle_in(self) -> None:
        work, plan = self._work, self._plan
        for number in range(plan.people):
            person = await work.register(f"person{number}@example.org")
            assert person, "the first accounts are made without any fault"
            work.people.append(person)
        for number in range(plan.groups):
            owner = work.people[number % len(work.people)]
            work.chats.append(await self._begin_chat(owner, [one for one in work.people if one is not owner], "group"))
        for one, other in zip(work.people, work.people[1:], strict=False):
            work.chats.append(await self._begin_chat(one, [other], "direct"))
        for person in work.people:
            for number in range(plan.devices):
                kind = Poller if number % 3 == 1 else Socket
                name = f"{person.email.partition('@')[0]}/{number}"
                device: Device = kind(name, person, self._http, self._notes, self._chance)
                work.devices.append(device)
                await device.sign_in()

    async def _begin_chat(self, owner: Person, others: list[Person], kind: str) -> Chat:
        body = (
            {"kind": "group", "name": "den", "member_ids": [one.id for one in others]}
            if kind == "group"
            else {"kind": "direct", "user_id": others[0].id}
        )
        answer = await self._http.settled(owner.token, "POST", "/chats", body)
        for one in (owner, *others):  # no device exists yet to see anything before this line
            self._notes("member_req", chat=answer.body["id"], who=one.id, action="join")
        return Chat(answer.body["id"], owner, {owner.id, *(one.id for one in others)})

    async def _break_things(self) -> None:
        """Makes faults in turn, each at least once, until the time is over."""
        loop, plan = asyncio.get_running_loop(), self._plan
        ends = loop.time() + plan.seconds
        turn = 0
        while loop.time() < ends or turn < len(plan.faults):
            await asyncio.sleep(plan.gap)
            if plan.faults and (plan.repeats or turn < len(plan.faults)):
                name = plan.faults[turn % len(plan.faults)]
                turn += 1
                self._notes("fault", name=name)
                await self._ground.faults[name]()
                self._notes("healed", name=name)

    async def _look(self) -> None:
        """Reads the final state of all people: counts, and the history in both directions."""
        for chat in self._work.chats:
            for person in self._work.people:
                view = await self._http.settled(person.token, "GET", f"/chats/{chat.id}")
                if view.outcome != "ok":
                    continue
                for way in ("forward", "backward"):
                    await self._read(person, chat.id, way, view.body["head_seq"])
                self._notes(
                    "unread",
                    user=person.id,
                    chat=chat.id,
                    mark=view.body["my"]["read_seq"],
                    head=view.body["head_seq"],
                    kind=view.body["kind"],
                    unread=view.body["my"]["unread"],
                )

    async def _read(self, person: Person, chat: int, way: str, head: int) -> None:
        place = 0 if way == "forward" else head + 1
        side = "after" if way == "forward" else "before"
        for _ in range(head // 100 + 2):  # a page that leads nowhere must not hold the run
            asked = self._notes.now()
            path = f"/chats/{chat}/messages?{side}={place}&limit=200"
            answer = await self._http.settled(person.token, "GET", path)
            items = answer.body.get("items", [])
            for one in items if way == "forward" else reversed(items):
                cmid = {"cmid": one["client_msg_id"]} if "client_msg_id" in one else {}
                self._notes(
                    "history", user=person.id, chat=chat, way=way, asked=asked, seq=one["seq"], rev=one["rev"],
                    sender=one["sender_id"], kind=one["kind"], digest=digest(one["text"]),
                    deleted=one["deleted_at"] is not None, **cmid,
                )  # fmt: skip
            if not items:
                break
            place = items[-1 if way == "forward" else 0]["seq"]
        self._notes("history_end", user=person.id, chat=chat, way=way, head=head)

    async def _await_letters(self) -> None:
        """Waits until every letter has come, and a little longer for duplicates."""
        wanted = {line["to"] for line in self._notes.lines if line["what"] == "effect_req"}
        letters = self._ground.catcher.letters
        for _ in range(100):
            if wanted <= {letter["To"] for letter in letters}:
                break
            await asyncio.sleep(0.1)
        for letter in letters:
            self._notes("effect", to=letter["To"], key=letter["Message-ID"])
