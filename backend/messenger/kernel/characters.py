"""The table of invisible characters, used for the text of messages and for names.

The browser has the same table (`frontend/src/lib/characters.ts`); both are tested by `tests/vectors/characters.json`.
"""

import re
import unicodedata
from typing import Final

MARKS_MAX: Final = 4
"""Marks over one letter that are shown; Hebrew and Vietnamese need three."""
INVISIBLE: Final = (
    "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb"
    "\\U0001bca0-\\U0001bca3\\U0001d159\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
"""The inside of a character class of `re`: controls, the characters that Unicode calls default ignorable, and letters
without a shape.

Blanks are not in it: `\\s` of `re` has them.
"""
_SHOWN: Final = re.compile(rf"[^\s{INVISIBLE}]")
_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]")


def is_blank(text: str) -> bool:
    """Returns whether a text shows nothing: it has only blanks, invisible characters, and marks without a letter."""
    return all(is_mark(found[0]) for found in _SHOWN.finditer(text))


def is_mark(char: str) -> bool:
    """Returns whether a character is drawn over, under or around the one before it."""
    return unicodedata.category(char)[0] == "M"


def clip_marks(text: str) -> str:
    """Returns the text with at most four marks on one letter."""
    kept: list[str] = []
    height = 0
    for char in text:
        if is_mark(char):
            height += 1
            if height > MARKS_MAX:
                continue
        elif not _INVISIBLE.match(char):
            height = 0
        kept.append(char)
    return "".join(kept)
