"""Tests names and the search for people; the browser searches by the same vectors."""

import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messenger.features.people.names import finding, spelling
from messenger.kernel.characters import is_blank
from tests.world import Person, World

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "people.json").read_text())


@pytest.fixture(scope="module")
def kept() -> dict[str, Person]:
    """Returns people by name, created once."""
    return {}


def finds(reader: Person, query: str) -> set[int]:
    """Returns everyone who is found, on every page: other tests register people of the same names."""
    found: set[int] = set()
    cursor: str | None = ""
    while cursor is not None:
        page = reader.get("/api/users", query=query, limit=200, cursor=cursor)
        found |= {one["id"] for one in page["items"]}
        cursor = page["page"]["next_cursor"]
    return found


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_people_are_found_by_the_words_of_their_names(world: World, vector: dict[str, Any]) -> None:
    person = world.person(vector["name"])
    found = {query for query in vector["found"] + vector["missed"] if person.id in finds(person, query)}
    assert found == set(vector["found"])


def test_a_new_name_is_found_and_the_former_is_not(world: World) -> None:
    mark = f"м{time.time_ns()}"
    ann = world.person(f"Анна {mark}")
    ann.patch("/api/users/me", {"name": f"Водкина-{mark}"})
    assert ann.id in finds(ann, f"водкина {mark}")
    assert ann.id not in finds(ann, f"анна {mark}")
    assert ann.id in finds(ann, ann.email.upper())
    assert len(finds(ann, "  ")) > 1, "a blank query finds all people"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("An\u200bna", "Anna"),
        ("\ufeffAn\u00adna\u2060\u3164 ", "Anna"),
        ("\u0301Anna\u200f \u0301 B", "Anna B"),
        ("e\u200b\u0301", "é"),
        ("z" + "\u0301" * 20, "ź" + "\u0301" * 4),
        ("A\ufe0fnn\U000e0061a", "Anna"),
        ("A\u200dn\u200cna", "Anna"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("علی\u200c\u200c\u200dرضا\u200c", "علی\u200cرضا"),
        ("क्\u200dष", "क्\u200dष"),
        ("র\u200d্যাচেল", "র\u200d্যাচেল"),
        ("👩\u200d💻 Kim", "👩\u200d💻 Kim"),
        ("  Мария   Анна ", "Мария Анна"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_leaves_names(world: World, typed: str, name: str) -> None:
    person = world.person(typed)
    assert person.name == name
    den = person.post("/api/chats", {"kind": "group", "name": typed}, 201)
    assert den["name"] == name
    assert spelling.clean(name) == name


@pytest.mark.parametrize(
    "name", ["\u3164", "\u115f\u1160", "\uffa0 \u2800", "\u0301", "\ufe0f", "\u200b", "\u200d\u200c", " ", "a\u2066b", "a\nb"],
    ids=ascii,
)  # fmt: skip
def test_a_name_that_cannot_be_seen_is_none(world: World, name: str) -> None:
    ann = world.person("ann")
    assert ann.patch("/api/users/me", {"name": name}, 422)["errors"][0]["loc"] == ["body", "name"]
    ann.post("/api/chats", {"kind": "group", "name": name}, 422)


@given(st.text(max_size=64))
@example("İstanbul ŉ ǰ ﷺ ß ΑΣ ΑΣΑ й\u0306")
@example("𝔄𝕊 Ⓑ ℌ")
def test_a_name_is_found_by_itself_and_by_its_words(text: str) -> None:
    name = spelling.clean(text)
    assert spelling.clean(name) == name == unicodedata.normalize("NFC", name)
    if is_blank(name):
        return
    known = finding.keys(name)
    for typed in [name, *finding.words(name), " ".join(reversed(finding.words(name)))]:
        meant = finding.queries(typed)
        found = any(all(any(key.startswith(word) for key in known) for word in one) for one in meant)
        assert found or not known, typed


def test_people_are_asked_for_by_their_ids(world: World) -> None:
    ann, bob, eve = world.people("ann", "bob", "eve")
    found = ann.get("/api/users", ids=f"{bob.id},{eve.id},{bob.id},{2**53 - 1}")
    assert sorted(one["id"] for one in found["items"]) == sorted([bob.id, eve.id])
    assert found["items"] == [ann.get(f"/api/users/{one['id']}") for one in found["items"]], "each is found alone, too"
    assert found["page"]["next_cursor"] is None
    assert ann.get("/api/users", ids=",".join(map(str, range(1, 101))))["items"] == []
    for wrong in (",".join(map(str, range(1, 102))), "x", "1,", "1;2", "-1", "٣"):
        ann.get("/api/users", 422, ids=wrong)
