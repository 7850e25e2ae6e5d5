"""Tests the table of invisible characters with the vectors that the browser shares."""

import json
import re
from pathlib import Path

import pytest

from messenger.kernel.characters import INVISIBLE, clip_marks, is_blank

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "characters.json").read_text())


def test_the_table_holds_what_cannot_be_seen() -> None:
    table = re.compile(f"[{INVISIBLE}]")
    listed = {code for first, last in VECTORS["invisible"] for code in range(first, last + 1)}
    assert {code for code in range(0x110000) if table.match(chr(code))} == listed


@pytest.mark.parametrize("text", VECTORS["blank"], ids=ascii)
def test_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", VECTORS["seen"], ids=ascii)
def test_seen(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(("piled", "clipped"), VECTORS["clipped"], ids=ascii)
def test_piled_marks_are_clipped(piled: str, clipped: str) -> None:
    assert clip_marks(piled) == clipped
