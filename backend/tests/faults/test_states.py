"""Runs random histories of a group: the guarantees hold after each step (docs/guarantees.md)."""

import asyncio
import tempfile
import uuid
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from messenger.features.sessions import actions as accounts
from messenger.features.sessions import tokens
from messenger.features.sessions.actions import Device, Door, Newcomer
from tests.inside import Inside, Recorder, inside

NAMES = ("ann", "bob", "eve")
people, guests, places = st.sampled_from(NAMES), st.sampled_from(NAMES[1:]), st.integers(0, 99)


@dataclass
class Said:
    """Keeps the model's view of a message: every text it had, the reactions, and whether it was deleted."""

    who: str
    cmid: str
    texts: list[str] = field(default_factory=list)
    is_deleted: bool = False
    chosen: set[tuple[str, str]] = field(default_factory=set)


class Group(RuleBasedStateMachine):
    """Runs three people and a group on a real SQLite file; ann owns the group and never leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.loop, self.stack = asyncio.new_event_loop(), AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.said: dict[int, Said] = {}
        self.ids: dict[str, int] = {}
        self.tokens: dict[str, str] = {}
        self.members = set(NAMES)
        self.marks = dict.fromkeys(NAMES, 0)
        self.joined = dict.fromkeys(NAMES, 0)
        self.unread_from: dict[str, int | None] = dict.fromkeys(NAMES)
        self.cursors: dict[str, dict[str, Any]] = {}
        self.app: Inside

    async def _open(self) -> None:
        self.app = await self.stack.enter_async_context(inside(Path(self.folder.name)))

    async def _register(self, name: str) -> None:
        newcomer = Newcomer(name, f"{name}@example.org", "no hash", "en", None, None, None)
        platform = self.app.platform
        signed = await platform.db.write(accounts.register, newcomer, Door("open", ""), Device("", "", False))
        assert signed
        self.ids[name] = signed.user.id
        self.tokens[name] = tokens.make_access(platform.config.secret_key, signed.user.id, signed.session_id, 600)

    async def _visit(self, name: str) -> Recorder:
        device = await self.app.socket(self.tokens[name], **self.cursors[name])
        device.session.closed()
        return device

    def _call(self, name: str, method: str, path: str, body: Any = None, *expected: int) -> Any:
        headers = {"authorization": f"Bearer {self.tokens[name]}"}
        answer = self.loop.run_until_complete(self.app.http.request(method, path, json=body, headers=headers))
        assert answer.status_code in (expected or (200,)), (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def _ask(self, name: str, method: str, path: str, body: Any = None, *expected: int) -> Any:
        """Calls an endpoint of the group; a person who is no member gets 404."""
        allowed = expected if name in self.members else (404,)
        return self._call(name, method, f"/api/chats/{self.chat}{path}", body, *allowed)

    def _head(self) -> int:
        return int(self._ask("ann", "GET", "")["head_seq"])

    def _pick(self, place: int) -> tuple[int, Said]:
        seq = sorted(self.said)[place % len(self.said)]
        return seq, self.said[seq]

    def _chosen(self) -> list[tuple[int, str, str]]:
        return sorted((seq, *one) for seq, said in self.said.items() if not said.is_deleted for one in said.chosen)

    @initialize()
    def begin(self) -> None:
        self.loop.run_until_complete(self._open())
        for name in NAMES:
            self.loop.run_until_complete(self._register(name))
        body = {"kind": "group", "name": "den", "member_ids": [self.ids["bob"], self.ids["eve"]]}
        self.chat = self._call("ann", "POST", "/api/chats", body, 201)["id"]
        for name in NAMES:
            chats = self._call(name, "GET", "/api/chats")
            streams = {
                f"chat:{self.chat}": chats["items"][0]["at_ev"],
                f"user:{self.ids[name]}": chats["page"]["user_ev"],
            }
            self.cursors[name] = {"epoch": chats["page"]["epoch"], "streams": streams}
            self.marks[name] = self.joined[name] = chats["items"][0]["my"]["read_seq"]

    @rule(who=people)
    def send(self, who: str) -> None:
        said = Said(who, str(uuid.uuid4()), [f"word {len(self.said)}"])
        sent = self._ask(who, "POST", "/messages", {"text": said.texts[0], "client_msg_id": said.cmid}, 201)
        if who in self.members:
            assert sent["seq"] == self._head(), "I7"
            self.said[sent["seq"]] = said
            self.marks[who] = sent["seq"]

    @precondition(lambda self: self.said)
    @rule(place=places, is_other=st.booleans())
    def retry(self, place: int, is_other: bool) -> None:
        seq, said = self._pick(place)
        body = {"text": "other" if is_other else said.texts[0], "client_msg_id": said.cmid}
        again = self._call(said.who, "POST", f"/api/chats/{self.chat}/messages", body, 409 if is_other else 200)
        assert is_other or again["seq"] == seq, "I2"

    @precondition(lambda self: self.said)
    @rule(who=people, place=places)
    def borrow(self, who: str, place: int) -> None:
        """Sends with another person's id, which belongs to its sender: here it names another message."""
        _, lent = self._pick(place)
        if who == lent.who:
            return
        said = Said(who, lent.cmid, [f"borrowed {len(self.said)}"])
        known = next((seq for seq, one in self.said.items() if (one.who, one.cmid) == (who, said.cmid)), None)
        body = {"text": said.texts[0], "client_msg_id": said.cmid}
        if known:
            self._call(who, "POST", f"/api/chats/{self.chat}/messages", body, 409)
            return
        sent = self._ask(who, "POST", "/messages", body, 201)
        if who in self.members:
            self.said[sent["seq"]] = said
            self.marks[who] = sent["seq"]

    @precondition(lambda self: self.said)
    @rule(other=people, place=places, is_own=st.booleans())
    def edit(self, other: str, place: int, is_own: bool) -> None:
        seq, said = self._pick(place)
        who = said.who if is_own else other
        may = who == said.who and not said.is_deleted
        text = f"{said.texts[0]} edit {len(said.texts)}"
        self._ask(who, "PATCH", f"/messages/{seq}", {"text": text}, 200 if may else 403)
        if may and who in self.members:
            said.texts.append(text)

    @precondition(lambda self: self.said)
    @rule(other=people, place=places, is_own=st.booleans())
    def delete(self, other: str, place: int, is_own: bool) -> None:
        seq, said = self._pick(place)
        who = said.who if is_own else other
        may = who in (said.who, "ann")
        self._ask(who, "DELETE", f"/messages/{seq}", None, 204 if may else 403)
        said.is_deleted = said.is_deleted or (may and who in self.members)

    @precondition(lambda self: self.said)
    @rule(who=people, picks=st.lists(places, min_size=1, max_size=4))
    def delete_many(self, who: str, picks: list[int]) -> None:
        chosen = dict(self._pick(place) for place in picks)
        answer = self._ask(who, "POST", "/messages/delete", {"seqs": [*chosen]}, 200)
        if who in self.members:
            mine = sorted(seq for seq, said in chosen.items() if who in (said.who, "ann"))
            assert answer["deleted"] == mine, "I14"
            for seq in mine:
                self.said[seq].is_deleted = True

    @precondition(lambda self: self.said)
    @rule(who=people, place=places, emoji=st.sampled_from("👍🎉"), on=st.booleans())
    def react(self, who: str, place: int, emoji: str, on: bool) -> None:
        seq, said = self._pick(place)
        path = f"/messages/{seq}/reactions/{emoji}"
        self._ask(who, "PUT" if on else "DELETE", path, None, 404 if said.is_deleted else 200)
        if who in self.members and not said.is_deleted:
            (said.chosen.add if on else said.chosen.discard)((who, emoji))

    @precondition(lambda self: self._chosen())
    @rule(place=places)
    def take_back(self, place: int) -> None:
        """Takes back a reaction that is there: of those that `react` names few are."""
        chosen = self._chosen()
        seq, who, emoji = chosen[place % len(chosen)]
        self._ask(who, "DELETE", f"/messages/{seq}/reactions/{emoji}", None, 200)
        if who in self.members:
            self.said[seq].chosen.discard((who, emoji))

    @rule(who=people, seq=st.integers(1, 40))
    def read(self, who: str, seq: int) -> None:
        state = self._ask(who, "PUT", "/read", {"seq": seq}, 200)
        if who in self.members:
            self.marks[who] = max(self.marks[who], min(seq, self._head()))
            assert state["read_seq"] == self.marks[who], "I11"

    @rule(who=people, first=st.none() | st.integers(1, 40))
    def mark_unread(self, who: str, first: int | None) -> None:
        state = self._ask(who, "PATCH", "/my", {"unread_from": first}, 200)
        if who in self.members:
            begins = self.joined[who] + 1
            self.unread_from[who] = None if first is None else max(begins, min(first, self._head()))
            self.marks[who] = max(self.marks[who], (self.unread_from[who] or 1) - 1)
            assert (state["unread_from"], state["read_seq"]) == (self.unread_from[who], self.marks[who]), "R8"

    @rule(who=guests)
    def leave_or_join(self, who: str) -> None:
        if who in self.members:
            self._ask(who, "DELETE", f"/members/{self.ids[who]}", None, 204)
            self.members.remove(who)
        else:
            self.marks[who] = self.joined[who] = self._head()
            self.unread_from[who] = None
            self._ask("ann", "POST", "/members", {"user_ids": [self.ids[who]]}, 200)
            self.members.add(who)

    @rule()
    def reopen(self) -> None:
        self.loop.run_until_complete(self.stack.aclose())
        self.loop.run_until_complete(self._open())

    @rule(who=people)
    def resume(self, who: str) -> None:
        """Checks I9, I10, I12, I13: all missed events, once, in order, and no deleted text."""
        device = self.loop.run_until_complete(self._visit(who))
        streams, topic = self.cursors[who]["streams"], f"chat:{self.chat}"
        lost = [frame["data"] for frame in device.frames if frame["type"] == "resync"]
        assert lost == ([] if who in self.members else [{"topics": [topic], "reason": "not_member"}]), "I8"
        for frame in device.frames:
            if frame.get("ev"):
                streams[frame["topic"]] += 1
                assert frame["ev"] == streams[frame["topic"]], "I9"
            if frame["type"] in ("message.created", "message.edited") and frame["data"]["kind"] == "text":
                said, text = self.said[frame["data"]["seq"]], frame["data"]["text"]
                assert text == "" if said.is_deleted else text in said.texts, "I10, I13"
                assert frame["data"]["sender_id"] == self.ids[said.who], "I6"
        # Not the first one on a slow machine: a ping may come before.
        ready = next(frame["data"]["streams"] for frame in device.frames if frame["type"] == "ready")
        assert {name: ev for name, ev in streams.items() if name in ready} == ready, "I12"

    @invariant()
    def history_is_what_was_said(self) -> None:
        """Checks I1, I3, I4, I5, I6, I14, I19: no gaps, each message once, with its last text and reactions."""
        if not self.tokens:
            return
        for who in self.members:
            page = self._ask(who, "GET", "/messages?after=0&limit=200", None, 200)["items"]
            assert [one["seq"] for one in page] == list(range(1, len(page) + 1)), "I5"
            found = {one["seq"]: (one["sender_id"], one["text"]) for one in page if one["kind"] == "text"}
            assert found == {
                seq: (self.ids[one.who], "" if one.is_deleted else one.texts[-1]) for seq, one in self.said.items()
            }, "I1, I3, I6, I13"
            for one in page:
                self._check_reactions(who, one)

    def _check_reactions(self, who: str, view: dict[str, Any]) -> None:
        said = self.said.get(view["seq"])
        shown = view.get("parts", {}).get("reactions")
        if said is None or said.is_deleted or shown is None:
            assert shown is None, "I13"
            assert said is None or said.is_deleted or not said.chosen, "I19"
            return
        counts = {one["emoji"]: one["count"] for one in shown["counts"]}
        assert counts == Counter(emoji for _, emoji in said.chosen), "I19"
        assert {(who, emoji) for emoji in shown["mine"]} == {one for one in said.chosen if one[0] == who}, "I19"

    @invariant()
    def unread_is_exact(self) -> None:
        """Checks I11, I15."""
        for who in self.members if self.tokens else ():
            view = self._ask(who, "GET", "", None, 200)
            after = (self.unread_from[who] or self.marks[who] + 1) - 1
            left = [s for s, one in self.said.items() if s > after and one.who != who and not one.is_deleted]
            found = view["my"]["read_seq"], view["my"]["unread"]
            assert found == (self.marks[who], len(left)), f"I11, I15: {who}"

    def teardown(self) -> None:
        self.loop.run_until_complete(self.stack.aclose())
        self.loop.close()
        self.folder.cleanup()


TestGroup = Group.TestCase
TestGroup.settings = settings(
    max_examples=12,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
