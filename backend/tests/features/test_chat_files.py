"""Tests the list of a chat's files: kinds, pages, deletion, and who may read it."""

from typing import Any

import pytest

from tests.features.test_uploads import uploaded
from tests.hostile import saved, scene
from tests.world import Person, World

WAVE = b"RIFF\x24\0\0\0WAVEfmt "


def listed(who: Person, chat: int, query: str = "") -> Any:
    return who.get(f"/api/chats/{chat}/files{query}")


def walked(who: Person, chat: int, query: str) -> list[tuple[int, int]]:
    """Returns the places of all pages."""
    places, cursor = [], ""
    while cursor is not None:
        page = listed(who, chat, f"?{query}&cursor={cursor}")
        places += [(one["seq"], one["place"]) for one in page["items"]]
        cursor = page["page"]["next_cursor"]
    return places


def test_a_chat_lists_its_files_by_kind(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den, other = world.group(ann, bob), world.group(ann, bob)
    photo, sound = uploaded(ann, saved(scene(64, 48), "JPEG"), as_="photo"), uploaded(ann, WAVE)
    words = uploaded(ann, b"words", filename="words.txt")
    ann.say(other, "", files=[{"id": words["id"]}])
    sent = ann.say(den, "", files=[{"id": words["id"]}, {"id": photo["id"], "alt": "A scene"}, {"id": sound["id"]}])
    place = {"chat_id": den, "seq": sent["seq"], "sender_id": ann.id, "sent_at": sent["sent_at"]}
    photos = [place | {"place": 1, "file": photo | {"alt": "A scene"}}]
    assert listed(bob, den)["items"] == listed(bob, den, "?kind=media")["items"] == photos
    assert listed(bob, den, "?kind=file")["items"] == [place | {"place": 0, "file": words | {"alt": ""}}]
    assert listed(bob, den, "?kind=audio")["items"] == [place | {"place": 2, "file": sound | {"alt": ""}}]
    assert listed(bob, den, "?kind=voice") == {"items": [], "page": {"next_cursor": None}}


def test_pages_go_back_from_the_newest(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    file = {"id": uploaded(ann, b"words")["id"]}
    seqs = [ann.say(den, "", files=[file] * count)["seq"] for count in (1, 3, 2)]
    places = [(seqs[2], 1), (seqs[2], 0), (seqs[1], 2), (seqs[1], 1), (seqs[1], 0), (seqs[0], 0)]
    for limit in (1, 2, 4, 6, 7):
        assert walked(bob, den, f"kind=file&limit={limit}") == places
    ann.delete(f"/api/chats/{den}/messages/{seqs[1]}")
    assert walked(bob, den, "kind=file&limit=2") == [places[0], places[1], places[5]]


def test_pages_go_from_a_message_to_both_sides(world: World) -> None:
    ann, bob = world.people("ann", "bob")
    den = world.group(ann, bob)
    file = {"id": uploaded(ann, b"words")["id"]}
    seqs = [ann.say(den, "", files=[file] * count)["seq"] for count in (2, 1, 3, 2)]
    older, newer = [(seqs[0], 1), (seqs[0], 0)], [(seqs[2], n) for n in range(3)] + [(seqs[3], 0), (seqs[3], 1)]
    for limit in (1, 2, 3, 7):
        assert walked(bob, den, f"kind=file&before={seqs[1]}&limit={limit}") == older
        assert walked(bob, den, f"kind=file&after={seqs[1]}&limit={limit}") == newer
    assert walked(bob, den, f"kind=file&before={seqs[0]}") == walked(bob, den, f"kind=file&after={seqs[3]}") == []
    assert walked(bob, den, "kind=file&after=0") == walked(bob, den, "kind=file")[::-1]


def test_only_members_see_the_list(world: World) -> None:
    ann, bob, cat = world.people("ann", "bob", "cat")
    den = world.group(ann, bob)
    ann.say(den, "", files=[{"id": uploaded(ann, b"words")["id"]}])
    assert cat.get(f"/api/chats/{den}/files", 404)["code"] == "chat.not_found"
    ann.delete(f"/api/chats/{den}/members/{bob.id}")
    assert bob.get(f"/api/chats/{den}/files?kind=file", 404)["code"] == "chat.not_found"


@pytest.mark.parametrize(
    "query",
    [
        "kind=link",
        "kind=",
        "cursor=x",
        "cursor=MQ",
        "cursor=YR9i",
        "limit=0",
        "limit=201",
        "before=x",
        "after=-1",
        "before=1&after=1",
    ],
)
def test_pages_that_cannot_be_are_refused(world: World, query: str) -> None:
    ann = world.person("ann")
    saved_ones = ann.post("/api/chats", {"kind": "saved"}, 201)["id"]
    assert ann.get(f"/api/chats/{saved_ones}/files?{query}", 422)["code"] == "page.invalid"
