"""Makes the words by which people are found.

The browser finds by the same words (`frontend/src/lib/search.ts`); both are tested by `tests/vectors/people.json`.
"""

import re
import unicodedata
from typing import Final

from messenger.kernel.characters import INVISIBLE, is_mark

WORDS_MAX: Final = 8
"""The most words of a query that are used; more of them find the same people."""
_APOSTROPHE: Final = re.compile("[`\u00b4\u02b9\u02bb-\u02bd\u2018\u2019\u201b]")
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_CYRILLIC: Final = "абвгдезийклмнопрстуфхцчшщъыьэюяж"
_LATIN: Final = dict(
    zip(
        _CYRILLIC,
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "ts",
            "ch",
            "sh",
            "sch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
            "zh",
        ],
        strict=True,
    )
)
_RU_KEYS: Final = "йцукенгшщзхъфывапролджэячсмитьбюехъжэбюе"
_EN_KEYS: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`{}:\"<>~"
_TO_LATIN: Final = str.maketrans(_LATIN)
_TO_EN: Final = str.maketrans(dict(reversed(list(zip(_RU_KEYS, _EN_KEYS, strict=True)))))
_TO_RU: Final = str.maketrans(_EN_KEYS, _RU_KEYS)
_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]")


def fold(text: str) -> str:
    """Returns the form in which text is compared: no case, no marks (save й's), ё as е, one apostrophe."""
    plain = _APOSTROPHE.sub("'", unicodedata.normalize("NFKD", text))  # before case: a letter in Fraktur has none
    lower = unicodedata.normalize("NFKD", plain.upper().lower()).replace("и\u0306", "й")
    return "".join(c for c in _INVISIBLE.sub("", lower) if not is_mark(c)).replace("ς", "σ")


def words(text: str) -> list[str]:
    """Returns the words of a text, folded.

    Words are runs of letters and digits, and single symbols; of a text of signs only, its parts between blanks.
    """
    folded = fold(text)
    found = [word for word in _WORD.findall(folded) if word[0] == "_" or unicodedata.category(word[0])[0] in "LNS"]
    return found or folded.split()


def keys(name: str) -> list[str]:
    """Returns the words that find a name: its words in Latin letters; й is typed as y and as i."""
    return list(dict.fromkeys(key for word in words(name) for key in _latin(word, word.replace("й", "и"))))


def queries(typed: str) -> list[list[str]]:
    """Returns the possible meanings of a query, as typed and on the other keyboard layout, each as words.

    A name matches when all words of one meaning begin keys of the name, in any order.
    """
    lower = unicodedata.normalize("NFC", typed).lower()
    meant = [lower, lower.translate(_TO_EN), lower.translate(_TO_RU)]
    found = [tuple(dict.fromkeys(_latin(*words(one))))[:WORDS_MAX] for one in meant]
    return [list(one) for one in dict.fromkeys(found) if one]


def _latin(*folded: str) -> list[str]:
    return [latin for word in folded if (latin := word.translate(_TO_LATIN))]
