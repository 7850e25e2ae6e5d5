"""Tests the grammar of text: the vectors that the browser shares, and properties of every text."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messenger.features.messages.text import is_empty, normalise, parse, plain
from tests.world import World

FOLDER = Path(__file__).parents[1] / "vectors"
VECTORS = json.loads((FOLDER / "markup.json").read_text())
EMPTY = json.loads((FOLDER / "empty.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[ascii(one["text"][:30]) for one in VECTORS])
def test_vectors(vector: dict[str, Any]) -> None:
    entities = parse(vector["text"], [(name, user_id) for name, user_id in vector["people"]])
    assert msgspec.to_builtins(entities) == vector["entities"]
    assert plain(vector["text"], entities) == vector["plain"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab _*~|`[]()>@\n\\😀яhtps:/.\u0301\u200b—", max_size=120))
def test_entities_are_nested_and_in_range(text: str) -> None:
    text = normalise(text)
    entities = parse(text, [("a", 1), ("a b", 2), ("a", 3)])
    units = len(text.encode("utf-16-le")) // 2
    open_ends: list[int] = []
    for one in entities:
        end = one.offset + one.length
        assert 0 <= one.offset < end <= units
        assert one.open + one.close <= one.length
        while open_ends and open_ends[-1] <= one.offset:
            open_ends.pop()
        assert not open_ends or end <= open_ends[-1]
        open_ends.append(end)
    plain(text, entities)
    assert normalise(text) == text


@pytest.mark.parametrize("text", EMPTY["empty"], ids=ascii)
def test_nothing_to_be_seen(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize("text", EMPTY["shown"], ids=ascii)
def test_something_to_be_seen(text: str) -> None:
    assert not is_empty(text)


def test_what_shows_nothing_is_refused_as_blank(world: World) -> None:
    ann, other, namesake = world.people("ann", "Kim", "Kim")
    den = world.group(ann, other, namesake)
    seq = ann.say(den, "@Kim, @Kim", mentions=[namesake.id, other.id])["seq"]
    with ann.device() as device:
        for text in EMPTY["empty"]:
            answers = [
                ann.post(f"/api/chats/{den}/messages", {"text": text}, 422),
                ann.patch(f"/api/chats/{den}/messages/{seq}", {"text": text}, 422),
                device.ask("message.edit", {"chat_id": den, "seq": seq, "text": text})["data"],
            ]
            assert [answer["errors"][0]["code"] for answer in answers] == ["blank"] * 3, ascii(text)
    assert [one["user_id"] for one in ann.history(den)[-1]["entities"]] == [namesake.id, other.id]
