"""Cleans names before they are stored: removes invisible characters."""

import re
import unicodedata
from typing import Final

import idna

from messenger.kernel.characters import INVISIBLE, clip_marks, is_mark

_JOINER: Final = re.compile("([\u200c\u200d])[\u200c\u200d]*")
_UNSEEN: Final = re.compile(rf"(?![\u200c\u200d])[{INVISIBLE}]")
_VIRAMA: Final = 9
"""The combining class of the signs that join two letters of an Indic script."""


def clean(name: str) -> str:
    """Returns a name as it is stored: in NFC, one blank between words, without invisible characters, few marks on a
    letter.

    Joiners stay where they change how the letters around them look: in Persian, in Indic scripts, in emoji.
    """
    text = _JOINER.sub(r"\1", _UNSEEN.sub("", name))
    kept: list[str] = []
    for at, char in enumerate(text):
        is_lone = is_mark(char) and (not kept or kept[-1].isspace())
        if not is_lone and (char not in "\u200c\u200d" or _is_needed(text, at)):
            kept.append(char)
    return " ".join(clip_marks(unicodedata.normalize("NFC", "".join(kept))).split())


def _is_needed(text: str, at: int) -> bool:
    """Returns whether the joiner at a place changes how the text looks."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if before and after and unicodedata.category(before)[0] == unicodedata.category(after)[0] == "S":
        return text[at] == "\u200d"
    if after and unicodedata.combining(after) == _VIRAMA:
        return bool(before)
    try:
        return idna.valid_contextj(text, at)
    except ValueError:
        return False  # beside a character that this Unicode version does not know
