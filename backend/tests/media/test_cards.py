"""Tests link cards: fetched after the send, shown to all, removed, and gone with the last message that shows them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, Final

import pytest

from messenger.assembly import wiring
from messenger.db.tx import Tx
from messenger.features.cards import flows, jobs, policy, store
from messenger.features.messages import access
from messenger.features.messages.text import parse
from messenger.kernel import clock, codec
from messenger.kernel.ports.limits import Rate
from messenger.kernel.ports.web import address_of
from tests.hostile import saved, scene
from tests.inside import PATIENCE_S, Inside, Recorder, Within
from tests.outside import PATIENCE, Pages, Site, page, site

HEAD: Final = """<title>A page</title><meta property=og:description content='What it says'>
    <meta property=og:site_name content='The site'><meta property=og:image content='/picture.png'>"""
PICTURE: Final = page(saved(scene(1600, 900), "PNG"), "image/png")
WHOLE: Final[Pages] = {"/a": page(HEAD), "/picture.png": PICTURE, "/b": page("<title>Another</title>")}
LINK: Final = "look: http://site.example/a#there"


class Den:
    """A chat of ann, bob and eve (who joined last) on an application with an internet of its own."""

    def __init__(self, app: Inside, outside: Site) -> None:
        self.app, self.outside = app, outside
        self.chat, self.ids, self.tokens = 0, dict[str, int](), dict[str, str]()
        self.before = list[str]()

    async def fill(self) -> None:
        """Registers the people and makes the chat."""
        for name in ("ann", "bob", "eve", "out"):
            self.ids[name], self.tokens[name] = await self.app.person(name)
        people = {"kind": "group", "name": "den", "member_ids": [self.ids["bob"], self.ids["eve"]]}
        self.chat = (await self.app.call("POST", "/api/chats", people, self.tokens["ann"]))["id"]
        await self.app.idle()
        self.before = await self.stored()

    async def call(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """Calls a door of the chat as a person."""
        return await self.app.call(method, f"/api/chats/{self.chat}{path}", body, self.tokens[who])

    async def refused(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Returns the refusal of a door of the chat."""
        return await self.app.refused(method, f"/api/chats/{self.chat}{path}", body, self.tokens[who])

    async def say(self, text: str = LINK, who: str = "bob") -> int:
        """Sends a message and waits for its cards; returns its number."""
        seq: int = (await self.call(who, "POST", "/messages", {"text": text}))["seq"]
        await self.app.idle()
        return seq

    async def edit(self, seq: int, text: str) -> None:
        """Edits a message and waits for its cards."""
        await self.call("bob", "PATCH", f"/messages/{seq}", {"text": text})
        await self.app.idle()

    async def cards(self, seq: int, who: str = "ann") -> list[dict[str, Any]]:
        """Returns the cards of a message, which are the same by both ways to read it."""
        message = await self.call(who, "GET", f"/messages/{seq}")
        items = (await self.call(who, "GET", "/messages"))["items"]
        (paged,) = (one for one in items if one["seq"] == seq)
        assert message.get("parts") == paged.get("parts")
        found: list[dict[str, Any]] = message.get("parts", {}).get("cards", {}).get("items", [])
        return found

    async def picture(self, seq: int, card: dict[str, Any], who: str = "ann") -> Any:
        """Returns the answer to a request for the picture of a card."""
        path = f"/api/chats/{self.chat}/messages/{seq}/cards/{card['place']}/{card['picture']['id']}"
        return await self.app.http.get(path, headers={"authorization": f"Bearer {self.tokens[who]}"})

    async def stored(self) -> list[str]:
        """Returns the keys of pictures in the storage; tests share a bucket."""
        found = [one.key for one in await self.app.platform.storage.survey("", 1000)]
        return [key for key in found if key.startswith("cards/") and key not in self.before]

    async def rows(self, statement: str) -> list[Any]:
        """Returns the rows of a statement."""
        return list(await self.app.platform.db.read(lambda tx: tx.all(statement)))

    async def until(self, which: str, count: int) -> list[Any]:
        """Waits until only so many background jobs of a kind are left; returns their rows."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = await self.rows(f"SELECT * FROM outbox WHERE {which}")
            if len(found) <= count:
                return found
            await asyncio.sleep(0.01)
        raise TimeoutError(f"jobs are left: {found}")

    async def run(self, statement: str) -> None:
        """Runs a statement."""

        def write(tx: Tx) -> None:
            tx.run(statement)

        await self.app.platform.db.write(write)


async def told(device: Recorder, count: int) -> list[list[dict[str, Any]]]:
    """Waits for so many events, which may come later than answers; returns the cards of each that came."""
    return [one["data"]["cards"]["items"] for one in await device.until("cards.changed", count)]


def titles(cards: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Returns the place and title of each card."""
    return [(one["place"], one["title"]) for one in cards]


@pytest.fixture
def den(within: Within, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Returns `den(pages, **settings)`, which opens the chat with an internet of these pages."""

    @asynccontextmanager
    async def opened(pages: Pages = WHOLE, **settings: Any) -> AsyncIterator[Den]:
        for module, name, seconds in PATIENCE:
            monkeypatch.setattr(module, name, seconds)
        async with site(dict(pages)) as outside:
            monkeypatch.setattr(wiring, "make_web", lambda _: outside.fetcher())
            async with within(**{"cards": "on", "public_url": "https://chat.example.org", **settings}) as app:
                made = Den(app, outside)
                await made.fill()
                yield made

    return opened


def test_a_card_comes_after_the_message_and_shows_a_picture_of_ours(den: Any) -> None:
    async def scenario() -> None:
        async with den() as room:
            device = await room.app.socket(room.tokens["eve"])
            sent = await room.call("bob", "POST", "/messages", {"text": LINK})
            assert "parts" not in sent
            ((card,),) = [one["data"]["cards"]["items"] for one in await device.until("cards.changed")]
            picture = card.pop("picture")
            assert card == {
                "place": 0,
                "address": "http://site.example/a",
                "site": "The site",
                "title": "A page",
                "summary": "What it says",
            }
            assert (picture["width"], picture["height"]) == (800, 450)
            assert len(picture["thumbhash"]) > 20
            assert await room.cards(sent["seq"], "eve") == [{**card, "picture": picture}]
            (listed,) = (await room.call("eve", "GET", "/links"))["items"]
            assert (listed["seq"], listed["parts"]["cards"]["items"]) == (sent["seq"], await room.cards(sent["seq"]))
            shown = await room.picture(sent["seq"], {**card, "picture": picture}, "eve")
            assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
            assert (shown.content[:4], shown.content[8:12]) == (b"RIFF", b"WEBP")
            assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert room.outside.paths == ["/a", "/picture.png"]
            assert (await room.app.call("GET", "/api/server"))["cards"] == "on"

    asyncio.run(scenario())


def test_who_is_in_the_chat_sees_the_picture_and_no_other(den: Any) -> None:
    async def scenario() -> None:
        async with den() as room:
            seq = await room.say()
            (card,) = await room.cards(seq)
            assert (await room.picture(seq, card, "eve")).status_code == 200
            assert (await room.picture(seq, card, "out")).status_code == 404
            assert (await room.picture(seq, card | {"place": 1})).status_code == 404
            other = card["picture"] | {"id": "0" * 32}
            assert (await room.picture(seq, card | {"picture": other})).status_code == 404
            await room.call("ann", "DELETE", f"/members/{room.ids['eve']}")
            assert (await room.picture(seq, card, "eve")).status_code == 404
            assert await room.refused("eve", "DELETE", f"/messages/{seq}/cards/0") == (404, "chat.not_found")
            assert await room.refused("eve", "POST", f"/messages/{seq}/cards") == (404, "chat.not_found")

    asyncio.run(scenario())


def test_an_edit_shows_the_cards_of_its_own_links(den: Any) -> None:
    async def scenario() -> None:
        async with den() as room:
            device = await room.app.socket(room.tokens["ann"])
            seq = await room.say()
            await room.edit(seq, "http://site.example/b and http://site.example/a")
            assert titles(await room.cards(seq)) == [(0, "Another"), (1, "A page")]
            assert room.outside.paths == ["/a", "/picture.png", "/b"], "what is known is not asked for again"
            await room.edit(seq, "http://site.example/b")
            assert titles(await room.cards(seq)) == [(0, "Another")]
            assert await room.stored() == [], "the last use of the other card is gone"
            await room.edit(seq, "no link any more")
            assert await room.cards(seq) == []
            assert [titles(one) for one in await told(device, 4)] == [
                [(0, "A page")],
                [(0, "Another"), (1, "A page")],
                [(0, "Another")],
                [],
            ]
            assert await room.rows("SELECT 1 FROM cards") == await room.rows("SELECT 1 FROM card_uses") == []

    asyncio.run(scenario())


def test_after_the_deletion_of_everything_nothing_of_a_page_is_left(den: Any) -> None:
    async def scenario() -> None:
        async with den() as room:
            one, other, third = await room.say(), await room.say(LINK, "ann"), await room.say("http://site.example/b")
            (kept,) = await room.stored()
            assert room.outside.paths == ["/a", "/picture.png", "/b"]
            await room.edit(third, "http://site.example/b and http://site.example/a")
            await room.call("bob", "DELETE", f"/messages/{one}")
            await room.app.idle()
            assert titles(await room.cards(other)) == [(0, "A page")]
            assert await room.stored() == [kept]
            assert await room.cards(one) == []
            await room.call("ann", "POST", "/messages/delete", {"seqs": [other, third]})
            await room.app.idle()
            assert await room.stored() == []
            for table in ("cards", "card_uses", "journal", "messages", "message_versions"):
                rows = json.dumps([list(row) for row in await room.rows(f"SELECT * FROM {table}")], default=str)
                assert not any(word in rows for word in ("A page", "Another", "What it says", "site.example")), table

    asyncio.run(scenario())


def test_a_device_that_was_away_reads_no_card_of_a_deleted_message(den: Any) -> None:
    async def scenario() -> None:
        async with den() as room:
            view = await room.call("eve", "GET", "")
            cursor = {"chats": {str(room.chat): [view["at_ev"], view["at_seal"]]}}
            seq = await room.say()
            await room.edit(seq, "http://site.example/b and http://site.example/a")
            await room.call("bob", "DELETE", f"/messages/{seq}")
            await room.app.idle()
            rows = await room.rows(f"SELECT frame FROM journal WHERE kind = 'chat' AND id = {room.chat}")
            frames = [json.loads(row.frame) for row in rows]
            assert [one["data"]["cards"]["items"] for one in frames if one["type"] == "cards.changed"] == [[], []]
            assert cursor["chats"]

    asyncio.run(scenario())


def test_the_author_and_moderators_remove_a_card_for_good(den: Any) -> None:
    async def scenario() -> None:
        async with den() as room:
            device = await room.app.socket(room.tokens["eve"])
            seq = await room.say("http://site.example/a http://site.example/b")
            path = f"/messages/{seq}/cards"
            assert await room.refused("eve", "DELETE", f"{path}/0") == (403, "card.forbidden")
            assert await room.refused("out", "DELETE", f"{path}/0") == (404, "chat.not_found")
            assert await room.refused("bob", "DELETE", f"{path}/2") == (404, "card.not_found")
            assert await room.refused("bob", "DELETE", f"/messages/{seq + 9}/cards/0") == (404, "message.not_found")
            await room.call("bob", "DELETE", f"{path}/0")
            await room.call("bob", "DELETE", f"{path}/0")
            await room.app.idle()
            assert titles(await room.cards(seq)) == [(1, "Another")]
            assert await room.stored() == []
            await room.edit(seq, "still http://site.example/a http://site.example/b")
            assert titles(await room.cards(seq)) == [(1, "Another")]
            await room.call("ann", "DELETE", f"{path}/1")
            assert await room.cards(seq) == []
            heard = [titles(one) for one in await told(device, 3)]
            assert heard == [[(0, "A page"), (1, "Another")], [(1, "Another")], []]
            await room.edit(seq, "nothing")
            await room.edit(seq, "again http://site.example/a")
            assert titles(await room.cards(seq)) == [(0, "A page")], "a new link is another one"
            await room.call("bob", "DELETE", f"/messages/{seq}")
            assert await room.refused("bob", "DELETE", f"{path}/0") == (404, "card.not_found")

    asyncio.run(scenario())


def test_a_server_that_asks_on_request_asks_when_a_member_does(den: Any) -> None:
    async def scenario() -> None:
        async with den(cards="click") as room:
            device = await room.app.socket(room.tokens["ann"])
            seq = await room.say()
            assert (await room.cards(seq), room.outside.asked) == ([], [])
            await room.call("eve", "POST", f"/messages/{seq}/cards")
            await room.app.idle()
            assert titles(await room.cards(seq)) == [(0, "A page")]
            await room.edit(seq, "http://site.example/b http://site.example/a")
            assert titles(await room.cards(seq)) == [(1, "A page")], "a card that was asked for stays, none is added"
            none = await room.say("http://site.example/none")
            await room.call("eve", "POST", f"/messages/{none}/cards")
            await room.app.idle()
            assert (await told(device, 3))[-1] == [], "who asked hears that there is none"
            await room.call("bob", "DELETE", f"/messages/{seq}")
            assert await room.refused("eve", "POST", f"/messages/{seq}/cards") == (404, "message.not_found")

    asyncio.run(scenario())


def test_a_server_or_chat_without_cards_asks_nothing(den: Any) -> None:
    async def scenario() -> None:
        async with den(cards="off") as room:
            seq = await room.say()
            assert await room.refused("eve", "POST", f"/messages/{seq}/cards") == (403, "cards.off")
            assert (await room.cards(seq), room.outside.asked) == ([], [])

    async def of_a_chat() -> None:
        async with den() as room:
            device = await room.app.socket(room.tokens["eve"])
            assert await room.refused("eve", "PATCH", "", {"cards": False}) == (403, "chat.forbidden")
            view = await room.call("ann", "PATCH", "", {"cards": False})
            assert (view["cards"], view["name"]) == (False, "den")
            (changed,) = await device.until("chat.changed")
            assert changed["data"]["cards"] is False
            seq = await room.say()
            assert await room.refused("eve", "POST", f"/messages/{seq}/cards") == (403, "cards.off")
            assert (await room.cards(seq), room.outside.asked) == ([], [])
            assert (await room.call("ann", "PATCH", "", {"name": "other"}))["cards"] is False
            assert (await room.call("ann", "PATCH", "", {"cards": True}))["name"] == "other"
            assert titles(await room.cards(await room.say())) == [(0, "A page")]

    asyncio.run(scenario())
    asyncio.run(of_a_chat())


def test_a_page_that_says_nothing_gets_no_card(den: Any) -> None:
    pages: Pages = {
        "/empty": page("<p>words"),
        "/json": page("{}", "application/json"),
        "/script": page(HEAD.replace("/picture.png", "javascript:alert(1)")),
        "/svg": page(HEAD.replace("/picture.png", "/a.svg")),
        "/a.svg": page("<svg onload='alert(1)'/>", "image/svg+xml"),
        "/liar": page(HEAD.replace("/picture.png", "/liar.png")),
        "/liar.png": page("<svg onload='alert(1)'/>", "image/png"),
        "/broken": page(HEAD.replace("/picture.png", "/broken.png")),
        "/broken.png": page(b"\x89PNG\r\n\x1a\n", "image/png"),
        "/dot": page(HEAD.replace("/picture.png", "/dot.png")),
        "/dot.png": page(saved(scene(8, 8), "PNG"), "image/png"),
        "/inside": page(HEAD.replace("/picture.png", "http://127.0.0.1:80/a.png")),
        "/large": page(HEAD.replace("/picture.png", "/large.png")),
        "/large.png": page(b"\x89PNG\r\n\x1a\n" + bytes(6 * 1024**2), "image/png"),
    }

    async def scenario() -> None:
        async with den(pages) as room:
            for path in ("/none", "/empty", "/json"):
                assert await room.cards(await room.say(f"http://site.example{path}")) == [], path
            known = await room.rows("SELECT state, address, title FROM cards")
            assert [tuple(row) for row in known] == [("failed", "", "")] * 3
            for path in ("/script", "/svg", "/liar", "/broken", "/dot", "/inside", "/large"):
                ((card),) = await room.cards(await room.say(f"http://site.example{path}"))
                assert (card["title"], card["picture"]) == ("A page", None), path
            assert await room.stored() == []
            await room.app.platform.db.write(store.delete_failed, clock.now_ms() + 2 * 3_600_000)
            assert await room.rows("SELECT 1 FROM cards WHERE state = 'failed'") == []

    asyncio.run(scenario())


def test_a_page_is_asked_again_after_a_week(den: Any) -> None:
    async def scenario() -> None:
        async with den() as room:
            first = await room.say()
            (former,) = await room.stored()
            room.outside.pages["/a"] = page(HEAD.replace("A page", "Later"))
            assert titles(await room.cards(await room.say())) == [(0, "A page")]
            await room.run("UPDATE cards SET expires_at = 1")
            device = await room.app.socket(room.tokens["eve"])
            await room.call("bob", "POST", "/messages", {"text": LINK})
            await device.until("cards.changed")  # the deletion of the former picture is a job that waits for a day
            assert titles(await room.cards(first)) == [(0, "Later")]
            assert former in await room.stored(), "pages that show the former picture still may ask for it"
            await room.run("UPDATE outbox SET due_at = 0")
            room.app.platform.jobs.wake([])
            await room.app.idle()
            assert former not in await room.stored()
            await room.run("UPDATE cards SET expires_at = 1")
            room.outside.pages["/a"] = page("<p>gone")
            assert titles(await room.cards(await room.say())) == [(0, "Later")], "what it said stays"

    asyncio.run(scenario())


def test_a_message_that_changed_meanwhile_gets_no_card(den: Any) -> None:
    goes_on, is_asked = asyncio.Event(), asyncio.Event()

    async def waits(_: bytes, writer: asyncio.StreamWriter) -> None:
        is_asked.set()
        await goes_on.wait()
        writer.write(PICTURE)
        await writer.drain()

    async def scenario() -> None:
        async with den({"/a": page(HEAD), "/picture.png": waits}) as room:
            device = await room.app.socket(room.tokens["ann"])
            seq = (await room.call("bob", "POST", "/messages", {"text": LINK}))["seq"]
            await is_asked.wait()
            await room.call("bob", "DELETE", f"/messages/{seq}")
            goes_on.set()
            await room.app.idle()
            assert (await room.stored(), await told(device, 0)) == ([], [])
            assert await room.rows("SELECT 1 FROM cards") == []

    asyncio.run(scenario())


def test_two_messages_at_a_time_leave_room_for_other_jobs(den: Any) -> None:
    goes_on = asyncio.Event()

    async def waits(_: bytes, writer: asyncio.StreamWriter) -> None:
        await goes_on.wait()
        writer.write(page("<title>Slow</title>"))
        await writer.drain()

    async def scenario() -> None:
        slow: Pages = {f"/{n}": waits for n in range(6)}
        async with den(slow) as room:
            seqs = []
            for n in range(6):
                sent = await room.call("bob", "POST", "/messages", {"text": f"http://site.example/{n}"})
                seqs.append(sent["seq"])
            await room.app.person("another")  # their letter is a background job
            await room.until("job <> 'cards.fetch'", 0)
            assert len(room.outside.asked) <= jobs.AT_ONCE
            goes_on.set()
            await room.app.idle()
            assert [titles(await room.cards(seq)) for seq in seqs] == [[(0, "Slow")]] * 6

    asyncio.run(scenario())


def test_a_person_who_links_much_waits(den: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.CARDS, "rate", Rate(2, 1, 3600))

    async def scenario() -> None:
        async with den({"/": page("<title>Home</title>")}, rate_limits="on") as room:
            for n in range(3):
                await room.call("bob", "POST", "/messages", {"text": f"http://site{n}.example/"})
            await room.until(f"job = 'cards.fetch' AND due_at < {clock.now_ms() + 1_000_000}", 0)
            assert len(await room.until("1 = 1", 1)) == 1
            assert len(room.outside.asked) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.example https://b.example/ http://a.example", ["https://a.example/", "https://b.example/", "http://a.example/"]),
        ("https://a.example/1 https://a.example/1#b https://a.example/1?utm_source=c", ["https://a.example/1"]),
        ("https://a.example/?b=1&utm_medium=c&d=2&fbclid=e", ["https://a.example/?b=1&d=2"]),
        ("https://a.example/1 https://a.example/2 https://a.example/3 https://a.example/4", [f"https://a.example/{n}" for n in (1, 2, 3)]),
        ("https://chat.example.org/chat/1 ftp://a.example mailto:a@b.example https://user@a.example https://a.example:8443", []),
        ("||https://a.example|| [words](https://b.example)", ["https://b.example/"]),
        ("`https://a.example`", []),
        ("http://localhost http://10.0.0.1 http://[::1]", ["http://10.0.0.1/", "http://[::1]/"]),
    ],
)  # fmt: skip
def test_the_first_three_addresses_get_cards(text: str, found: list[str]) -> None:
    row = SimpleNamespace(entities=codec.encode_text(parse(text)))
    assert [str(one) for one in policy.addresses_of(access.links_of(row), "chat.example.org")] == found


FOR_ONE: Final = [
    "/reset/1", "/password-reset", "/a?token=1", "/join/invite/a", "/i/invitation", "/unsubscribe?u=1", "/confirm/a",
    "/verify-email", "/login?next=a", "/a/auth/b", "/activate", "/magic/a", "/oauth?b", "/a?sig=1", "/a?X-Amz-Signature=a",
    "/f/0123456789abcdef0123456789abcdef", "/f/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms",
    "/s/" + "q" * 32, "/a?k=AbC9-dE8_fG7hI6jK5lM4nO3pQ2rS1tU0v",
]  # fmt: skip
FOR_ALL: Final = [
    "/", "/the-quick-brown-fox-jumps-over-the-lazy-dog-2024", "/wiki/The_Quick_Brown_Fox_Jumps_Over_The_Lazy_Dog",
    "/watch?v=dQw4w9WgXcQ", "/author/anna", "/keynote/2026", "/a/tree/0123456789abcdef", "/monkey-business",
    "/%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80_%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80", "/2026/11/28/a-day-of-news-in-the-city-of-night.html",
]  # fmt: skip


@pytest.mark.parametrize("target", FOR_ONE)
def test_an_address_for_one_person_is_not_opened(target: str) -> None:
    assert policy.is_for_one(address_of(f"https://a.example{target}"))


@pytest.mark.parametrize("target", FOR_ALL)
def test_an_address_for_all_is_opened(target: str) -> None:
    assert not policy.is_for_one(address_of(f"https://a.example{target}"))
