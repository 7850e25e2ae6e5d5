"""Tests who listened to a voice message: doors, rights, events, the part, large chats, and what a deletion leaves."""

import asyncio
from typing import Any

import pytest

from messenger.features.media.making import sounds
from messenger.kernel import events
from tests.features.test_uploads import Uploader, settled, uploaded
from tests.inside import Within
from tests.recordings import recording
from tests.world import Person, World

pytestmark = pytest.mark.skipif(not sounds.HAS_AV, reason="web-messenger[media] is not installed")


def said(world: World, *more: Person) -> tuple[Person, Person, int, int]:
    """Returns an author, a listener, their chat, and the number of a voice message in it."""
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob, *more)
    voice = uploaded(ann, recording(1), as_="voice")
    return ann, bob, den, ann.say(den, "", files=[{"id": voice["id"]}])["seq"]


def listen(who: Person, chat: int, seq: int, status: int = 204) -> Any:
    return who.put(f"/api/chats/{chat}/messages/{seq}/listened", None, status)


def by(who: Person, chat: int, seq: int) -> list[int] | None:
    """Returns who listened, as a person sees it in both views of a message."""
    view = who.get(f"/api/chats/{chat}/messages/{seq}")
    assert view == next(one for one in who.history(chat) if one["seq"] == seq)
    found: dict[str, list[int]] | None = view.get("parts", {}).get("listened")
    return found["by"] if found else None


def test_author_and_listener_hear_of_it_once(world: World) -> None:
    eve = world.person("eve")
    ann, bob, den, seq = said(world, eve)
    assert [by(who, den, seq) for who in (ann, bob, eve)] == [None] * 3
    with ann.device() as author, bob.device() as listener, eve.device() as other:
        for _ in range(2):
            assert listen(bob, den, seq) is None
        heard = {"chat_id": den, "seq": seq, "user_id": bob.id}
        assert author.expect("voice.listened")["data"] == heard
        assert listener.expect("voice.listened")["data"] == heard
        listen(eve, den, seq)
        for device in (author, other):
            assert device.expect("voice.listened")["data"] == heard | {"user_id": eve.id}
        for device in (author, listener, other):
            device.settle()
        seen = [*author.seen, *listener.seen, *other.seen]
        assert len([one for one in seen if one["type"] == "voice.listened"]) == 4, "a repeat is no event"
    assert [by(who, den, seq) for who in (ann, bob, eve)] == [[bob.id, eve.id], [bob.id], [eve.id]]


def test_one_s_own_voice_changes_nothing(world: World) -> None:
    ann, _, den, seq = said(world)
    with ann.device() as device:
        listen(ann, den, seq)
        assert all(one["type"] != "voice.listened" for one in device.settle())
    assert by(ann, den, seq) is None


def test_who_may_not_read_may_not_listen(world: World) -> None:
    eve = world.person("eve")
    ann, bob, den, seq = said(world)
    assert listen(eve, den, seq, 404)["code"] == "chat.not_found"
    assert listen(bob, den, seq + 9, 404)["code"] == "message.not_found"
    words = ann.say(den, "words")["seq"]
    file = ann.say(den, "", files=[{"id": uploaded(ann, b"words")["id"]}])["seq"]
    for other in (words, file):
        assert listen(bob, den, other, 422)["code"] == "receipt.no_voice"
    ann.delete(f"/api/chats/{den}/members/{bob.id}")
    assert listen(bob, den, seq, 404)["code"] == "chat.not_found"
    ann.delete(f"/api/chats/{den}/messages/{seq}")
    assert listen(ann, den, seq, 404)["code"] == "message.not_found"


def test_large_chats_and_deletions(within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large chat only the listener hears of it and sees it; a deletion forgets who listened."""

    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, bobs) = await app.person("ann"), await app.person("bob")
            body = {"kind": "group", "name": "den", "member_ids": [bob]}
            chat = (await app.call("POST", "/api/chats", body, token))["id"]
            uploader, data = Uploader(app, token), recording(1)
            place = await uploader.begin(len(data), as_="voice")
            await uploader.patch(place, 0, data)
            await settled(app)
            files = [{"id": (await uploader.look(place))["file"]["id"]}]
            seqs = [
                (await app.call("POST", f"/api/chats/{chat}/messages", {"text": "", "files": files}, token))["seq"]
                for _ in range(2)
            ]
            author, listener = await app.socket(token), await app.socket(bobs)

            async def listen(seq: int) -> list[Any]:
                path = f"/api/chats/{chat}/messages/{seq}"
                await app.call("PUT", f"{path}/listened", None, bobs)
                seen = await app.call("GET", path, None, token), await app.call("GET", path, None, bobs)
                return [one["parts"].get("listened") for one in seen]

            assert await listen(seqs[0]) == [{"by": [bob]}, {"by": [bob]}]
            assert (await author.until("voice.listened"))[0]["topic"] == f"user:{ann}"
            monkeypatch.setattr(events, "CROWD", 1)
            assert await listen(seqs[1]) == [None, {"by": [bob]}]
            heard = await listener.until("voice.listened", 2)
            assert [one["topic"] for one in heard] == [f"user:{bob}"] * 2
            assert len(await author.until("voice.listened")) == 1
            for seq in seqs:
                await app.call("DELETE", f"/api/chats/{chat}/messages/{seq}", None, token)
            assert await app.platform.db.read(lambda tx: tx.all("SELECT * FROM listened")) == []

    asyncio.run(scenario())
