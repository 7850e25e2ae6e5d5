"""Tests pages of the largest rows: their bytes are bounded, since each is held until it is read; no row is left out."""

import json
from typing import Any

import pytest

from messenger.kernel.paging import PAGE_MAX_BYTES
from tests.world import Person, World

MESSAGES = 40
LARGEST = "🦊" * 15_990
"""Almost the longest text of a message: four bytes a character."""


@pytest.fixture
def world(serve: Any) -> World:
    """Starts a server without rate limits."""
    return World(serve(RATE_LIMITS="off"))


def _within(answer: dict[str, Any]) -> dict[str, Any]:
    """Checks that a page has some items and no more bytes than allowed."""
    assert answer["items"]
    size = sum(len(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode()) for one in answer["items"])
    assert size <= PAGE_MAX_BYTES, (size, len(answer["items"]))
    return answer


def _paged(person: Person, path: str) -> list[list[Any]]:
    """Returns the items of all pages of a list with cursors."""
    pages, cursor = [], ""
    while cursor is not None:
        answer = _within(person.get(path, limit=200, cursor=cursor))
        pages.append(answer["items"])
        cursor = answer["page"]["next_cursor"]
    return pages


def test_pages_of_the_largest_messages(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    for n in range(MESSAGES):
        ann.say(chat, f"{n} {LARGEST}")
    path = f"/api/chats/{chat}/messages"
    everything = list(range(1, MESSAGES + 1))
    forward, place, goes_on = [], 0, True
    while goes_on:
        answer = _within(bob.get(path, after=place, limit=200))
        forward += [one["seq"] for one in answer["items"]]
        place, goes_on = answer["page"]["after"], answer["page"]["has_after"]
    assert forward == everything
    back, goes_on = [], True
    place = MESSAGES + 1
    while goes_on:
        answer = _within(bob.get(path, before=place, limit=200))
        back += [one["seq"] for one in reversed(answer["items"])]
        place, goes_on = answer["page"]["before"], answer["page"]["has_before"]
    assert back[::-1] == everything
    for around in (1, 20, MESSAGES, "newest", "first_unread"):
        answer = _within(bob.get(path, around=around, limit=200))
        seqs, page = [one["seq"] for one in answer["items"]], answer["page"]
        anchor = {"newest": MESSAGES, "first_unread": 1}.get(str(around), around)
        assert anchor in seqs
        assert seqs == list(range(seqs[0], seqs[-1] + 1))
        assert (page["before"], page["after"]) == (seqs[0], seqs[-1])
        assert (page["has_before"], page["has_after"]) == (seqs[0] > 1, seqs[-1] < MESSAGES)


def test_pages_of_the_largest_versions(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    chat = world.direct(ann, bob)
    path = f"/api/chats/{chat}/messages/{ann.say(chat, LARGEST)['seq']}"
    for rev in range(2, MESSAGES + 1):
        ann.patch(path, {"text": f"{rev} {LARGEST}"})
    pages = _paged(bob, f"{path}/history")
    assert [one["rev"] for page in pages for one in page] == list(range(1, MESSAGES + 1))
    assert len(pages) == 3


def test_a_list_of_chats_with_the_largest_last_messages(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    chats = [world.group(ann, bob) for _ in range(MESSAGES)]
    for chat in chats:
        ann.say(chat, LARGEST)
    pages = _paged(bob, "/api/chats")
    assert [one["id"] for page in pages for one in page] == chats[::-1]
    assert len(pages) == 3
