"""Runs random histories of a group: the unread count fits its plain definition, and a sender has read."""

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from messenger.db.tx import Tx
from tests.inside import Inside, Within

STEPS = 80


class Den:
    """Holds a group of ann, who owns it, bob, and eve, who comes and goes."""

    def __init__(self, app: Inside, dice: random.Random) -> None:
        self._app, self._dice = app, dice
        self._verbs: list[tuple[int, Callable[[str], Awaitable[None]]]] = [
            (8, self._say), (4, self._read), (2, self._mark), (3, self._delete), (2, self._edit), (2, self._rename), (2, self._come_or_go),
        ]  # fmt: skip

    async def open(self) -> None:
        """Makes the people and the group."""
        self.ids: dict[str, int] = {}
        self.tokens: dict[str, str] = {}
        for name in ("ann", "bob", "eve"):
            self.ids[name], self.tokens[name] = await self._app.person(name)
        self.members = {"ann", "bob"}
        body = {"kind": "group", "name": "den", "member_ids": [self.ids["bob"]]}
        self.chat = (await self._app.call("POST", "/api/chats", body, self.tokens["ann"]))["id"]

    async def _ask(self, name: str, method: str, path: str = "", body: Any = None) -> Any:
        return await self._app.call(method, f"/api/chats/{self.chat}{path}", body, self.tokens[name])

    async def step(self) -> None:
        """Lets a member do one random thing."""
        weights, verbs = zip(*self._verbs, strict=True)
        await self._dice.choices(verbs, weights)[0](self._dice.choice(sorted(self.members)))

    async def _say(self, name: str) -> None:
        body = {"text": "hello", "client_msg_id": str(uuid.UUID(int=self._dice.getrandbits(128), version=4))}
        for _ in range(self._dice.choice((1, 1, 2))):  # sometimes again, as after a lost answer
            await self._ask(name, "POST", "/messages", body)

    async def _read(self, name: str) -> None:
        head = (await self._ask(name, "GET"))["head_seq"]
        state = await self._ask(name, "PUT", "/read", {"seq": self._dice.randint(1, head + 1)})
        assert (state["read_seq"], state["unread"]) == await self._plain(name)

    async def _mark(self, name: str) -> None:
        head = (await self._ask(name, "GET"))["head_seq"]
        first = self._dice.choice([None, self._dice.randint(1, head + 1)])
        state = await self._ask(name, "PATCH", "/my", {"unread_from": first})
        assert (state["read_seq"], state["unread"]) == await self._plain(name)

    async def _delete(self, name: str) -> None:
        if seqs := await self._texts_of(name):
            await self._ask(name, "DELETE", f"/messages/{self._dice.choice(seqs)}")

    async def _edit(self, name: str) -> None:
        if seqs := await self._texts_of(name):
            await self._ask(name, "PATCH", f"/messages/{self._dice.choice(seqs)}", {"text": str(self._dice.random())})

    async def _rename(self, _name: str) -> None:
        await self._ask("ann", "PATCH", "", {"name": f"den {self._dice.random()}"})

    async def _come_or_go(self, _name: str) -> None:
        if "eve" in self.members:
            await self._ask("eve", "DELETE", f"/members/{self.ids['eve']}")
        else:
            await self._ask("ann", "POST", "/members", {"user_ids": [self.ids["eve"]]})
        self.members ^= {"eve"}

    async def _texts_of(self, name: str) -> list[int]:
        page = await self._ask(name, "GET", "/messages?limit=200")
        mine = {"sender_id": self.ids[name], "kind": "text", "deleted_at": None}
        return [one["seq"] for one in page["items"] if one | mine == one]

    async def _plain(self, name: str) -> tuple[int, int]:
        """Returns how far a member has read and how many messages are unread, by a look at each message."""
        user_id = self.ids[name]

        def look(tx: Tx) -> tuple[int, int]:
            at = {"chat": self.chat, "user": user_id}
            where = "WHERE chat_id = :chat AND user_id = :user"
            ((mark, joined, first),) = tx.all(f"SELECT read_seq, joined_seq, unread_from FROM members {where}", at)
            assert mark >= joined
            after = mark if first is None else first - 1
            assert joined <= after <= mark, "no message before the join is unread"
            later = tx.all(
                "SELECT seq, sender_id, kind, deleted_at FROM messages WHERE chat_id = :chat AND seq > :after",
                at | {"after": after},
            )
            own = [one.seq for one in later if (one.sender_id, one.kind) == (user_id, "text")]
            assert not [seq for seq in own if seq > mark], "a sender has read all before the message"
            return mark, sum(
                one.kind == "text" and one.deleted_at is None and one.sender_id != user_id for one in later
            )

        return await self._app.platform.db.read(look)

    async def check(self) -> None:
        """Compares the answers to each member with the definition."""
        for name in sorted(self.members):
            plain = await self._plain(name)
            view = await self._ask(name, "GET")
            assert (view["my"]["read_seq"], view["my"]["unread"]) == plain, name
            (listed,) = (await self._app.call("GET", "/api/chats", None, self.tokens[name]))["items"]
            assert (listed["my"]["read_seq"], listed["my"]["unread"]) == plain, name


@pytest.mark.parametrize("seed", range(3))
def test_unread_is_what_its_definition_says(within: Within, seed: int) -> None:
    async def scenario() -> None:
        async with within() as app:
            den = Den(app, random.Random(seed))
            await den.open()
            for _ in range(STEPS):
                await den.step()
                await den.check()

    asyncio.run(scenario())
