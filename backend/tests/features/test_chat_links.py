"""Tests the list of a chat's links: pages, edits, deletion, and who may read it."""

from typing import Any

import pytest

from tests.world import Person, World

SITE = "https://site.example/a"


def listed(who: Person, chat: int, query: str = "") -> Any:
    return who.get(f"/api/chats/{chat}/links{query}")


def seqs(who: Person, chat: int, limit: int = 50) -> list[int]:
    """Returns the messages of all pages."""
    found, cursor = list[int](), ""
    while cursor is not None:
        page = listed(who, chat, f"?limit={limit}&cursor={cursor}")
        assert len(page["items"]) <= limit
        found += [one["seq"] for one in page["items"]]
        cursor = page["page"]["next_cursor"]
    return found


@pytest.mark.parametrize(
    "text", [SITE, f"HTTPS{SITE[5:]}", f"see [the site]({SITE})", f"> {SITE}", f"||no|| {SITE}", f"{SITE} ||{SITE}||"]
)
def test_a_message_that_leads_to_the_web_is_listed(world: World, text: str) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    sent = ann.say(den, text)
    (item,) = listed(bob, den)["items"]
    assert item == bob.get(f"/api/chats/{den}/messages/{sent['seq']}")


@pytest.mark.parametrize("text", ["no link", f"`{SITE}`", f"||{SITE}||", "[write](mailto:ann@site.example)", "@ann"])
def test_a_message_that_leads_nowhere_is_not(world: World, text: str) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    ann.say(den, text)
    assert listed(bob, den) == {"items": [], "page": {"next_cursor": None}}


def test_pages_go_back_from_the_newest_and_follow_edits_and_deletions(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den, other = world.group(ann, bob), world.group(ann, bob)
    ann.say(other, SITE)
    first, plain, third, fourth = (ann.say(den, text)["seq"] for text in (SITE, "plain", f"to {SITE}", SITE))
    for limit in (1, 2, 3, 4):
        assert seqs(bob, den, limit) == [fourth, third, first]
    bob.put(f"/api/chats/{den}/messages/{third}/reactions/👍", None)
    ann.patch(f"/api/chats/{den}/messages/{plain}", {"text": f"now {SITE}"})
    ann.patch(f"/api/chats/{den}/messages/{third}", {"text": "without"})
    assert seqs(bob, den) == [fourth, plain, first]
    assert bob.get(f"/api/chats/{den}/messages/{third}")["parts"]["reactions"], "the edit keeps its other parts"
    ann.patch(f"/api/chats/{den}/messages/{third}", {"text": SITE})
    ann.delete(f"/api/chats/{den}/messages/{fourth}")
    assert seqs(bob, den, 2) == [third, plain, first]


def test_only_members_see_the_links(world: World) -> None:
    ann, bob, cat = world.people("ann", "bob", "cat")
    den = world.group(ann, bob)
    ann.say(den, SITE)
    assert cat.get(f"/api/chats/{den}/links", 404)["code"] == "chat.not_found"
    ann.delete(f"/api/chats/{den}/members/{bob.id}")
    assert bob.get(f"/api/chats/{den}/links", 404)["code"] == "chat.not_found"


@pytest.mark.parametrize("query", ["cursor=x", "cursor=YR9i", "cursor=MQ8y", "limit=0", "limit=201"])
def test_pages_that_cannot_be_are_refused(world: World, query: str) -> None:
    ann = world.person("ann")
    saved = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    assert ann.get(f"/api/chats/{saved}/links?{query}", 422)["code"] == "page.invalid"
