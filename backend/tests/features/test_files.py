"""Tests files in messages: sending, the part, rights at each read, forwarding, deletion, and what is left after it."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from messenger.features.media.actions import uploads
from messenger.features.media.wire import FileWish
from messenger.features.messages.actions import SendWish, send_many
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from tests.database import everything_in, statements
from tests.features.test_uploads import (
    Uploader,
    begin,
    begun,
    body,
    kept,
    moved_clock,
    patch,
    read,
    settled,
    until,
    uploaded,
)
from tests.hostile import saved, scene
from tests.inside import Within, inside
from tests.world import PASSWORD, Person, World, client

__all__ = ["moved_clock"]

CANARY = "canary"


def shown(message: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = message["parts"]["files"]["items"]
    return items


def test_a_message_holds_files_from_its_beginning(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    first, second = uploaded(ann, b"one", filename="1.txt"), uploaded(ann, b"two", filename="2.txt")
    with bob.device() as device:
        wanted = [{"id": second["id"], "alt": "The second"}, {"id": first["id"]}]
        sent = ann.say(den, "", files=wanted)
        heard = device.expect("message.created")["data"]
    assert shown(sent) == [second | {"alt": "The second"}, first | {"alt": ""}]
    assert heard["parts"] == sent["parts"]
    assert shown(bob.history(den)[-1]) == shown(sent)
    assert shown(bob.get(f"/api/chats/{den}/messages/{sent['seq']}")) == shown(sent)
    assert shown(bob.get(f"/api/chats/{den}")["last_message"]) == shown(sent)
    assert (sent["kind"], sent["text"]) == ("text", "")
    assert bob.get(f"/api/chats/{den}")["my"]["unread"] == 1
    assert read(bob, second).content == b"two"
    with ann.device() as device:
        data = {
            "chat_id": den,
            "text": "with words",
            "client_msg_id": str(uuid.uuid4()),
            "files": [{"id": first["id"]}],
        }
        acked = device.ask("message.send", data)["data"]
        assert shown(acked) == [first | {"alt": ""}]
        again = device.ask("message.send", data)["data"]
        assert again == acked
        assert device.ask("message.send", data | {"files": []})["data"]["code"] == "idempotency.mismatch"


def test_files_that_cannot_be_sent_are_refused_and_nothing_is_written(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    file = uploaded(ann, b"words")
    path = f"/api/chats/{den}/messages"
    before = len(ann.history(den))

    def refused(who: Person, files: Any, status: int) -> str:
        code: str = who.post(path, {"text": "", "files": files}, status)["code"]
        return code

    assert refused(ann, [{"id": 1}], 404) == "file.not_found"
    assert refused(bob, [{"id": file["id"]}], 404) == "file.not_found"
    assert refused(ann, [{"id": file["id"]}] * 11, 422) == "validation.failed"
    assert refused(ann, [{"id": file["id"], "alt": "x" * 1025}], 422) == "validation.failed"
    assert refused(ann, [], 422) == "validation.failed"
    assert len(ann.history(den)) == before
    assert ann.delete(f"/api/files/{file['id']}") is None, "no message holds it"


def test_one_wish_does_not_spoil_its_neighbours(within: Within) -> None:
    async def scenario() -> None:
        async with within() as app:
            (ann, token), (bob, _) = await app.person("ann"), await app.person("bob")
            chat = (await app.call("POST", "/api/chats", {"kind": "direct", "user_id": bob}, token))["id"]
            uploader = Uploader(app, token)
            place = await uploader.begin(5)
            await uploader.patch(place, 0, b"words")
            file_id = (await uploader.look(place))["file"]["id"]
            await app.call("POST", f"/api/chats/{chat}/messages", {"text": "", "files": [{"id": file_id}]}, token)
            await settled(app)

            def wish(who: int, *files: int) -> SendWish:
                wanted = [FileWish(one) for one in files]
                return SendWish(Actor(who, 1), chat, "on", str(uuid.uuid4()), None, (), 100, wanted)

            wishes = [wish(ann), wish(ann, file_id), wish(ann, 1), wish(bob, file_id, file_id), wish(bob)]
            answers = await app.platform.db.write(send_many, wishes)
            assert [getattr(one, "code", "sent") for one in answers] == [
                "sent",
                "sent",
                "file.not_found",
                "sent",
                "sent",
            ]
            rows = await app.platform.db.read(lambda tx: tx.all("SELECT uses, unused_since FROM files"))
            assert rows == [(4, None)]
            await app.kept()  # the upkeep after the start has statements of its own, and so has the sweep of jobs
            await settled(app)
            await app.platform.jobs.close()
            with statements(app.platform.db._writes) as one:
                await app.platform.db.write(send_many, [wish(ann, file_id)])
            with statements(app.platform.db._writes) as many:
                await app.platform.db.write(send_many, [wish(ann, file_id) for _ in range(20)])
            assert len(one) == len(many)

    asyncio.run(scenario())


def test_a_file_is_read_by_those_who_see_a_message_with_it_and_by_no_other(world: World) -> None:
    ann, bob, eve, kim = world.people("ann", "bob", "eve", "kim")
    den, pair = world.group(ann, bob, eve), world.direct(bob, kim)
    file = uploaded(ann, b"words")
    assert [read(who, file).status_code for who in (ann, bob, eve, kim)] == [200, 404, 404, 404]
    sent = ann.say(den, "", files=[{"id": file["id"]}])
    assert [read(who, file).status_code for who in (ann, bob, eve, kim)] == [200, 200, 200, 404]
    ann.delete(f"/api/chats/{den}/members/{eve.id}")
    assert read(eve, file).status_code == 404, "a former member"
    assert read(eve, file, range="bytes=0-1", if_none_match=f'"{"0" * 64}"').status_code == 404
    forwarded = bob.say(pair, "look", files=[{"id": file["id"]}])
    assert read(kim, file).content == b"words"
    eve.post(f"/api/chats/{world.direct(eve, kim)}/messages", {"text": "", "files": [{"id": file["id"]}]}, 404)
    ann.delete(f"/api/chats/{den}/messages/{sent['seq']}")
    assert [read(who, file).status_code for who in (ann, bob, kim)] == [200, 200, 200], "the other message holds it"
    assert ann.delete(f"/api/files/{file['id']}", 409)["code"] == "file.in_use"
    bob.delete(f"/api/chats/{pair}/messages/{forwarded['seq']}")
    assert [read(who, file).status_code for who in (ann, bob, kim)] == [200, 404, 404]


def test_an_ended_session_reads_nothing(world: World) -> None:
    ann = world.person("ann")
    file = uploaded(ann, b"words")
    other = world.again(ann)
    assert read(other, file).status_code == 200
    ann.delete(f"/api/users/me/sessions/{other.tokens['session_id']}")
    assert read(other, file).status_code == 401
    assert read(ann, file).status_code == 200
    place = begun(ann, 100_000)
    assert patch(other, place, 0, body(100_000)).status_code == 401


@pytest.mark.parametrize(("said", "v"), [("file", "o"), ("photo", "s")])
def test_a_cookie_reads_files_and_nothing_else(world: World, said: str, v: str) -> None:
    ann = world.person("ann")
    file = uploaded(ann, saved(scene(64, 48), "PNG"), as_=said)
    path = f"/api/files/{file['id']}/{v}"
    login = {"email": ann.email, "password": PASSWORD, "transport": "cookie"}
    browser = client(world.server)
    signed = browser.post("/api/auth/login", json=login)
    cookie = signed.cookies["files"]
    told = next(one for one in signed.headers.get_list("set-cookie") if one.startswith("files="))
    assert {"HttpOnly", "Path=/api", "SameSite=strict", "Max-Age=86400"} <= set(told.split("; "))
    browser.cookies.clear()
    shown = {"cookie": f"files={cookie}"}
    whole = browser.get(path, headers=shown, follow_redirects=True)
    sizes = {"o": file["size"]} | {one["v"]: one["size"] for one in file.get("variants", [])}
    assert (whole.status_code, len(whole.content)) == (200, sizes[v])
    assert browser.head(path, headers=shown).status_code in (200, 302)
    refused = [
        browser.get("/api/users/me", headers=shown),
        browser.delete(f"/api/files/{file['id']}", headers=shown),
        browser.get("/api/users/me/storage", headers=shown),
        browser.get(path, headers=shown | {"sec-fetch-site": "cross-site"}),
        browser.get(path, headers={"authorization": f"Bearer {cookie}"}),
        browser.get(path, headers=shown | {"authorization": "Bearer x"}),
        browser.get("/api/users/me", headers={"authorization": f"Bearer {cookie}"}),
        browser.get(path, headers={"cookie": f"files={signed.json()['access_token']}"}),
        browser.get(path, headers={"cookie": "files=x"}),
        browser.get(path),
    ]
    assert {answer.status_code for answer in refused} == {401}
    token = {"authorization": f"Bearer {signed.json()['access_token']}"}
    assert browser.post("/api/auth/logout", headers=token).status_code == 204
    assert browser.get(path, headers=shown).status_code == 401, "it ends with its session"


def test_an_upload_for_a_chat_is_refused_early(world: World) -> None:
    ann, eve = world.people("ann", "eve")
    den = world.group(ann)
    assert begun(ann, 5, chat=str(den))
    answer = begin(eve, 5, chat=str(den))
    assert (answer.status_code, answer.json()["code"]) == (404, "chat.not_found")


def test_words_may_be_taken_from_a_message_with_files(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    file = uploaded(ann, b"words")
    sent = ann.say(den, "caption", files=[{"id": file["id"]}])
    path = f"/api/chats/{den}/messages/{sent['seq']}"
    assert ann.patch(path, {"text": ""})["text"] == ""
    assert shown(bob.get(path)) == shown(sent)
    plain = ann.say(den, "plain")["seq"]
    ann.patch(f"/api/chats/{den}/messages/{plain}", {"text": ""}, 422)


def test_what_files_show_may_be_said_anew(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    wanted = [{"id": uploaded(ann, data)["id"], "alt": "old"} for data in (b"one", b"two")]
    sent = ann.say(den, "caption", files=wanted)
    path = f"/api/chats/{den}/messages/{sent['seq']}"
    with bob.device() as device:
        edited = ann.patch(path, {"alts": ["first", "old"]})
        heard = device.expect("message.edited")["data"]
    assert [one["alt"] for one in shown(edited)] == ["first", "old"]
    assert (edited["text"], edited["rev"]) == ("caption", 2)
    assert heard["parts"] == edited["parts"]
    assert [one["alt"] for one in shown(bob.get(path))] == ["first", "old"]
    assert ann.patch(path, {"alts": ["first", "old"]})["rev"] == 2, "nothing changed"
    assert ann.patch(path, {})["rev"] == 2
    assert ann.patch(path, {"alts": ["one"]}, 422)["code"] == "validation.failed"
    assert ann.patch(path, {"alts": ["x" * 1025, ""]}, 422)["code"] == "validation.failed"
    assert bob.patch(path, {"alts": ["mine", "mine"]}, 403)["code"] == "message.forbidden"
    both = ann.patch(path, {"text": "other", "alts": ["", "second"]})
    assert (both["text"], [one["alt"] for one in shown(both)]) == ("other", ["", "second"])
    assert "parts" not in ann.patch(path, {"text": "third"})
    ann.delete(path)
    assert ann.patch(path, {"alts": ["", ""]}, 403)["code"] == "message.forbidden"


def test_after_a_deletion_no_byte_and_no_name_is_left(tmp_path: Path, moved_clock: Callable[[int], None]) -> None:
    """After the last message with a file was deleted, the folder, the quota and every table are as before."""

    async def scenario() -> None:
        async with inside(tmp_path, access_token_ttl=86_400) as app:
            (_, token), (bob, _) = await app.person("ann"), await app.person("bob")
            den = (await app.call("POST", "/api/chats", {"kind": "group", "name": "den", "member_ids": [bob]}, token))[
                "id"
            ]
            ann = Uploader(app, token)
            path = f"/api/chats/{den}/messages"
            place = await ann.begin(100_000, filename=f"{CANARY}.txt", filetype=f"text/{CANARY}")
            await ann.patch(place, 0, body(100_000))
            file = (await ann.look(place))["file"]
            assert file["name"] == f"{CANARY}.txt"
            wanted = [{"id": file["id"], "alt": CANARY}]
            seqs = [(await app.call("POST", path, {"text": CANARY, "files": wanted}, token))["seq"] for _ in range(3)]
            await until(app, lambda: len(kept(tmp_path)) == 1)
            await app.call("DELETE", f"{path}/{seqs[0]}", None, token)
            moved_clock(3_600_000 * 2)
            await settled(app)
            assert len(kept(tmp_path)) == 1, "two messages hold it"
            await app.call("POST", f"{path}/delete", {"seqs": seqs[1:]}, token)
            moved_clock(3_600_000 * 4)
            await until(app, lambda: kept(tmp_path) == [])
            storage = await app.call("GET", "/api/users/me/storage", token=token)
            assert (storage["used"], storage["reserved"]) == (0, 0)
            moved_clock(3 * 86_400_000)
            await app.platform.db.write(uploads.forget, clock.now_ms())
            assert CANARY not in everything_in(f"sqlite:///{tmp_path}/messenger.db")

    asyncio.run(scenario())
