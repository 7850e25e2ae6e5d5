"""Tests that the state before plus the events is the state after.

Records what one device receives; the client plays the record with its own store. The committed records are beside this
file; `REPLAYS=write` writes them anew.
"""

import asyncio
import base64
import itertools
import json
import os
import re
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from messenger.assembly import wiring
from messenger.kernel import clock
from tests.hostile import saved
from tests.hostile import scene as picture
from tests.inside import Inside, Recorder, inside
from tests.outside import PATIENCE, Pages, page, site

FOLDER = Path(__file__).parent
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""An image of one pixel."""
START = 1_767_225_600_000
"""The first of January 2026: recorded times do not depend on the day of the test."""


@pytest.fixture(autouse=True)
def seconds() -> Iterator[None]:
    """Moves the clock a second on for each verb."""
    Stage.now = START
    clock.replace_source(lambda: Stage.now)
    yield
    clock.replace_source(None)


class Stage:
    """Records Ann's device; Ann and the others act over REST."""

    now = START

    def __init__(self, app: Inside) -> None:
        self.app = app
        self.people: dict[str, tuple[int, str]] = {}
        self.numbers = itertools.count(1)

    async def person(self, name: str) -> int:
        """Registers a person, and returns the id."""
        Stage.now += 1000
        self.people[name] = await self.app.person(name)
        return self.people[name][0]

    async def do(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """Does one verb of a person."""
        Stage.now += 1000
        return await self.app.call(method, f"/api{path}", body, self.people[name][1])

    async def say(self, name: str, chat: int, text: str, **more: Any) -> int:
        """Sends a message, and returns its seq."""
        cmid = str(uuid.UUID(int=next(self.numbers)))
        sent = await self.do(name, "POST", f"/chats/{chat}/messages", {"text": text, "client_msg_id": cmid, **more})
        return int(sent["seq"])

    async def picture(self, name: str, path: str) -> None:
        """Sets the avatar of a person or a chat, and waits until it is shown."""
        Stage.now += 1000
        head = {"authorization": f"Bearer {self.people[name][1]}", "content-type": "image/png"}
        answer = await self.app.http.put(f"/api{path}", content=PICTURE, headers=head)
        view = f"/api{path.removesuffix('/avatar')}"
        for _ in range(1000):
            if (await self.app.call("GET", view, token=self.people[name][1]))["avatar"] == answer.json()["avatar"]:
                return
            await asyncio.sleep(0.01)
        raise TimeoutError(f"the avatar of {path} did not come")

    async def snapshot(self) -> dict[str, Any]:
        """Returns the state that a client of Ann would load anew."""
        token = self.people["ann"][1]
        me = await self.app.call("GET", "/api/users/me", token=token)
        chats = await self.app.call("GET", "/api/chats?limit=200", token=token)
        page = chats["page"]
        snapshot: dict[str, Any] = {"me": me, "chats": chats["items"], "messages": {}, "members": {}}
        streams = {f"chat:{one['id']}": one["at_ev"] for one in chats["items"]}
        snapshot["cursors"] = {"epoch": page["epoch"], "streams": {**streams, f"user:{me['id']}": page["user_ev"]}}
        for chat in chats["items"]:
            path = f"/api/chats/{chat['id']}"
            messages = await self.app.call("GET", f"{path}/messages?around=newest&limit=200", token=token)
            members = await self.app.call("GET", f"{path}/members?limit=200", token=token)
            snapshot["messages"][str(chat["id"])] = messages["items"]
            snapshot["members"][str(chat["id"])] = members["items"]
        return snapshot


async def _conversation(stage: Stage, chat: int, _group: int) -> None:
    """Sends, answers, edits, deletes and reads messages of two people."""
    first = await stage.say("bob", chat, "Привет, **Анна**")
    await stage.say("ann", chat, "hello", reply_to=first)
    second = await stage.say("bob", chat, "a mistaek")
    third = await stage.say("bob", chat, "and one that goes")
    await stage.do("bob", "PATCH", f"/chats/{chat}/messages/{second}", {"text": "a mistake"})
    await stage.do("bob", "DELETE", f"/chats/{chat}/messages/{third}")
    await stage.do("ann", "PUT", f"/chats/{chat}/read", {"seq": second})
    await stage.do("ann", "PATCH", f"/chats/{chat}/my", {"pin": 5, "unread_from": first})
    await stage.say("bob", chat, "once more")
    mine = await stage.say("ann", chat, "mine")
    await stage.do("bob", "PUT", f"/chats/{chat}/read", {"seq": mine})
    await stage.do("ann", "DELETE", f"/chats/{chat}/messages/{mine}")
    await stage.say("bob", chat, "unread at the end")


async def _people(stage: Stage, chat: int, group: int) -> None:
    """Changes a group: names, roles, members."""
    bob, kate = stage.people["bob"][0], stage.people["kate"][0]
    await stage.do("ann", "PATCH", f"/chats/{group}", {"name": "The den"})
    await stage.do("ann", "POST", f"/chats/{group}/members", {"user_ids": [kate]})
    await stage.say("kate", group, "thanks")
    await stage.do("ann", "PATCH", f"/chats/{group}/members/{bob}", {"role": "admin"})
    await stage.do("bob", "PATCH", "/users/me", {"name": "Robert"})
    await stage.do("ann", "PATCH", "/users/me", {"name": "Anna"})
    await stage.do("bob", "DELETE", f"/chats/{group}/members/{kate}")
    await stage.say("bob", group, "quiet again")


async def _pictures(stage: Stage, chat: int, group: int) -> None:
    """Sets, changes and removes avatars: the other person's, Ann's, the group's."""
    await stage.picture("bob", "/users/me/avatar")
    await stage.picture("ann", "/users/me/avatar")
    await stage.picture("ann", f"/chats/{group}/avatar")
    await stage.picture("bob", "/users/me/avatar")
    await stage.picture("ann", f"/chats/{group}/avatar")
    await stage.do("ann", "DELETE", "/users/me/avatar")
    await stage.do("ann", "DELETE", f"/chats/{group}/avatar")
    await stage.picture("ann", f"/chats/{group}/avatar")
    await stage.say("bob", chat, "nice")


async def _coming_and_going(stage: Stage, chat: int, group: int) -> None:
    """Adds Ann to one chat, and lets her leave another."""
    ann = stage.people["ann"][0]
    other = (await stage.do("kate", "POST", "/chats", {"kind": "group", "name": "new", "member_ids": [ann]}))["id"]
    await stage.say("kate", other, "welcome")
    await stage.do("kate", "POST", "/chats", {"kind": "direct", "user_id": ann})
    await stage.do("ann", "POST", "/chats", {"kind": "saved"})
    await stage.say("bob", group, "before the end")
    await stage.do("bob", "DELETE", f"/chats/{group}/members/{ann}")
    await stage.say("bob", group, "nobody hears")


async def _clearing(stage: Stage, chat: int, group: int) -> None:
    """Deletes several messages of Bob at once, and one of Ann."""
    seqs = [await stage.say("bob", chat, f"word {n}") for n in range(4)]
    mine = await stage.say("ann", chat, "mine", reply_to=seqs[0])
    await stage.do("bob", "PATCH", f"/chats/{chat}/messages/{seqs[2]}", {"text": "other words"})
    await stage.do("bob", "POST", f"/chats/{chat}/messages/delete", {"seqs": [seqs[0], seqs[2], mine]})
    await stage.do("ann", "POST", f"/chats/{chat}/messages/delete", {"seqs": [mine]})
    unread = [await stage.say("bob", group, f"unread {n}") for n in range(3)]
    await stage.do("bob", "POST", f"/chats/{group}/messages/delete", {"seqs": unread[1:]})


async def _reactions(stage: Stage, chat: int, group: int) -> None:
    """Sets reactions of both to old and new messages, which are edited and deleted later; removes some."""
    old = 1
    new = await stage.say("ann", group, "what do you say?")
    gone = await stage.say("bob", chat, "and one that goes")

    async def react(name: str, method: str, chat_id: int, seq: int, emoji: str) -> None:
        await stage.do(name, method, f"/chats/{chat_id}/messages/{seq}/reactions/{emoji}")

    await react("bob", "PUT", chat, old, "👍")
    await react("ann", "PUT", chat, old, "👍")
    await react("ann", "PUT", chat, old, "🎉")
    await react("bob", "DELETE", chat, old, "👍")
    await react("ann", "PUT", chat, gone, "😢")
    await stage.do("bob", "PATCH", f"/chats/{chat}/messages/{old}", {"text": "an older word, edited"})
    await stage.do("bob", "DELETE", f"/chats/{chat}/messages/{gone}")
    await react("bob", "PUT", group, new, "❤️")
    await react("ann", "PUT", group, new, "❤️")
    await react("ann", "DELETE", group, new, "❤️")
    await react("bob", "PUT", group, new, "🔥")
    await react("bob", "DELETE", group, new, "❤️")


async def _mentions(stage: Stage, chat: int, group: int) -> None:
    """Mentions Ann: says it, edits it in and out, deletes it alone and at once; Ann reads a part."""
    named = {"mentions": [stage.people["ann"][0]]}
    first = await stage.say("bob", group, "@ann, come", **named)
    second = await stage.say("bob", group, "plain")
    await stage.do("bob", "PATCH", f"/chats/{group}/messages/{second}", {"text": "@ann, you too", **named})
    await stage.do("ann", "PUT", f"/chats/{group}/read", {"seq": first})
    await stage.do("bob", "PATCH", f"/chats/{group}/messages/{first}", {"text": "never mind"})
    gone = [await stage.say("bob", group, f"{n} @ann", **named) for n in range(4)]
    await stage.do("bob", "DELETE", f"/chats/{group}/messages/{gone[0]}")
    await stage.do("bob", "POST", f"/chats/{group}/messages/delete", {"seqs": gone[1:3]})
    await stage.say("bob", chat, "@ann here", **named)
    await stage.say("ann", chat, "mine")
    await stage.say("bob", chat, "and @ann there", **named)
    await stage.do("ann", "PATCH", f"/chats/{chat}/my", {"unread_from": 2})


async def _cards(stage: Stage, chat: int, group: int) -> None:
    """Links to pages: their cards come, change with an edit, are removed, and go with their message."""
    both = await stage.say("bob", group, "http://site.example/a and http://site.example/b")
    await stage.app.idle()
    edited = await stage.say("bob", chat, "http://site.example/a")
    await stage.app.idle()
    gone = await stage.say("ann", chat, "http://site.example/b")
    await stage.app.idle()
    await stage.do("ann", "DELETE", f"/chats/{group}/messages/{both}/cards/0")
    await stage.do("bob", "PATCH", f"/chats/{chat}/messages/{edited}", {"text": "http://site.example/b"})
    await stage.app.idle()
    await stage.do("ann", "DELETE", f"/chats/{chat}/messages/{gone}")
    await stage.do("ann", "PATCH", f"/chats/{group}", {"cards": False})


SCENES: list[Callable[[Stage, int, int], Awaitable[None]]] = [
    _conversation,
    _people,
    _pictures,
    _coming_and_going,
    _clearing,
    _reactions,
    _mentions,
    _cards,
]
PAGES: Pages = {
    "/a": page("<title>A page</title><meta property=og:image content='/a.png'>"),
    "/a.png": page(saved(picture(200, 100), "PNG"), "image/png"),
    "/b": page("<title>Another</title><meta name=description content='What it says'>"),
}


async def _play(
    scene: Callable[[Stage, int, int], Awaitable[None]], folder: Path, patch: pytest.MonkeyPatch
) -> dict[str, Any]:
    for module, name, seconds in PATIENCE:
        patch.setattr(module, name, seconds)
    async with site(dict(PAGES)) as outside:
        patch.setattr(wiring, "make_web", lambda _: outside.fetcher())
        async with inside(folder, cards="on") as app:
            return await _played(scene, Stage(app))


async def _played(scene: Callable[[Stage, int, int], Awaitable[None]], stage: Stage) -> dict[str, Any]:
    for name in ("ann", "bob", "kate"):
        await stage.person(name)
    bob = stage.people["bob"][0]
    chat = (await stage.do("ann", "POST", "/chats", {"kind": "direct", "user_id": bob}))["id"]
    owner = "bob" if scene is _coming_and_going else "ann"
    other = stage.people["ann" if owner == "bob" else "bob"][0]
    body = {"kind": "group", "name": "den", "member_ids": [other]}
    group = (await stage.do(owner, "POST", "/chats", body))["id"]
    await stage.say("bob", chat, "an older word")
    before = await stage.snapshot()
    device = await stage.app.socket(stage.people["ann"][1])
    await scene(stage, chat, group)
    after = await stage.snapshot()
    events = await _heard(device, before["cursors"]["streams"], after["cursors"]["streams"])
    return {"before": before, "events": events, "after": after}


async def _heard(device: Recorder, before: dict[str, int], after: dict[str, int]) -> list[dict[str, Any]]:
    """Returns every event up to the cursors, as the device received them."""
    for _ in range(500):
        events = [frame for frame in device.frames if frame.get("ev")]
        told = {(frame["topic"], frame["ev"]) for frame in events}
        if all((topic, after[topic]) in told for topic, ev in before.items() if after.get(topic, ev) > ev):
            await asyncio.sleep(0.2)  # streams that are new to the device have no position to wait for
            return [frame for frame in device.frames if frame.get("ev")]
        await asyncio.sleep(0.01)
    raise TimeoutError("not every event came")


def _unsealed(record: Any) -> Any:
    """Returns the record without seals, which differ on each server."""
    if isinstance(record, list):
        return [_unsealed(one) for one in record]
    if isinstance(record, dict):
        return {name: _unsealed(value) for name, value in record.items() if name not in ("seal", "at_seal")}
    return record


def _lasting(record: dict[str, Any]) -> str:
    """Returns the record with small numbers for ids and avatars, and one address for letters."""
    text = json.dumps(_unsealed(record), ensure_ascii=False, indent=1, sort_keys=True)
    names: dict[str, str] = {}
    pictures: dict[str, str] = {}
    text = re.sub(r"\b\d{12,16}\b", lambda found: names.setdefault(found[0], str(101 + len(names))), text)
    text = re.sub(r"[0-9a-f]{32}@", "somebody@", text)
    return (
        re.sub(r"\b[0-9a-f]{32}\b", lambda found: pictures.setdefault(found[0], f"{len(pictures):032x}"), text) + "\n"
    )


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.strip("_"))
def test_events_lead_to_the_state_that_is_loaded_anew(
    scene: Callable[[Stage, int, int], Awaitable[None]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = _lasting(asyncio.run(_play(scene, tmp_path, monkeypatch)))
    path = FOLDER / f"{scene.__name__.strip('_')}.json"
    if os.environ.get("REPLAYS") == "write":
        path.write_text(recorded)
    assert recorded == path.read_text(), "the events changed: run with REPLAYS=write, then the client's tests"
