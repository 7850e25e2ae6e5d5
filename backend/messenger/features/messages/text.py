"""Parses message text: entities over the text as typed. `docs/message-text.md` describes the grammar.

The browser has the same grammar (`frontend/src/lib/markup.ts`); both are tested by `tests/vectors/markup.json`.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Literal, NamedTuple

import msgspec

from messenger.kernel.characters import INVISIBLE, is_blank, is_mark

ENTITIES_MAX: Final = 100
DEPTH_MAX: Final = 4

Type = Literal["bold", "italic", "strike", "code", "pre", "spoiler", "quote", "link", "mention", "escape"]


class Entity(msgspec.Struct, frozen=True, omit_defaults=True):
    """A range of the text, markers included, in UTF-16 code units; `open` and `close` of them are hidden."""

    type: Type
    offset: int
    length: int
    open: int = 0
    close: int = 0
    lang: str | None = None
    href: str | None = None
    user_id: int | None = None


class Found(NamedTuple):
    """An entity by characters: `start` to `end`, with `open` and `close` characters of markers."""

    type: Type
    start: int
    end: int
    open: int = 0
    close: int = 0
    lang: str | None = None
    href: str | None = None
    user_id: int | None = None


People = Sequence[tuple[str, int]]
"""The names of those whom the sender mentions with their user ids, in the order of their `@Name` in the text."""

_MARKERS: Final[dict[str, Type]] = {
    "**": "bold",
    "*": "italic",
    "_": "italic",
    "~~": "strike",
    "||": "spoiler",
}
_STARS: Final = ("**", "*")
_JOINERS: Final = "\u200c\u200d"
_FENCE_OPEN: Final = re.compile(r"(?<![^\n])```([\w.+#-]{0,20})[ \t]*\n", re.ASCII)
_FENCE_CLOSE: Final = re.compile(r"\n[ \t]*```[ \t]*(?![^\n])")
_WEB: Final = r"[hH][tT][tT][pP][sS]?://(?![!-$&-/:-@\\\]^`{-~])"
"""The beginning of an address: a host does not begin with a sign of ASCII, except `%`, `[` and `_`."""
_MAIL: Final = r"[mM][aA][iI][lL][tT][oO]:(?=[^\s()<>])"
_NO_URL: Final = (
    '\\s<>"«»\u00ad\u061c\u180e\u2000-\u200b\u200e\u200f\u2014\u2016-\u2018\u201a-\u206f\u2800\u3164\ufeff\uffa0'
    "\u3001-\u3003\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff65"
)
"""The characters that end an address.

These are blanks, invisible characters, quotes, signs of East Asian sentences, and a dash, except in `Foo_—_bar`.
"""
_TOKEN: Final = re.compile(
    r"(?P<backslashes>\\+)"
    r"|(?P<code>(?<!`)(?P<ticks>`{2,3})(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)|`[^`\n]+`)"
    rf"|(?P<label>\[[^\[\]\n]{{1,200}}\]\((?={_WEB}|{_MAIL}))"
    rf"|(?P<url>{_WEB}(?:[^{_NO_URL}]|(?<=_)—){{1,2000}})"
    r"|(?P<marker>(?<!\*)\*\*\*(?!\*)|\*\*|~~|\|\||\*|_)"
    r"|(?P<at>@+)"
)
_SIGN: Final = re.compile(r"[\\`\[*~|_@>]|[hH][tT][tT][pP]")
"""The characters that every entity begins with; a text without any needs no parsing."""
_BRACKET: Final = re.compile(r"[()<>\s]")
_WORD: Final = re.compile(r"\w")
_SHOWN_START: Final = re.compile(rf"[\s*_~|>\\]*(?:(?![{INVISIBLE}])[^\W_]|[!-);:=?+,./\U0001f300-\U0001faff-])")
"""A sign or letter that no marker hides: most messages begin with one."""
_COVERED: Final = re.compile(r"[^ ]")
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ufeff\ud800-\udfff]")
"""The characters that a stored text has none of; those that end a line become `\\n`, the others nothing."""
_ESCAPED: Final = frozenset("*_~|`[]@>")
_TRAILING: Final = frozenset(".,;:!?'*~|\u2019\u2010\u2011\u2012\u2013\u2014\u2015" + _JOINERS)
_TARGET_MAX: Final = 2000


def normalise(text: str) -> str:
    """Returns the text as it is stored: line ends `\\n`, no control or overriding characters, no empty edges."""
    if _HIDDEN.search(text) is not None:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
        text = _HIDDEN.sub("", text)
    return text.strip("\n").rstrip()


def is_empty(text: str) -> bool:
    """Returns whether a message would show nothing: without its markers it is blank."""
    if _SHOWN_START.match(text):
        return False
    text = normalise(text)
    return is_blank(text) or is_blank(_bare(text.encode("utf-16-le"), parse(text)))


def parse(text: str, people: People = ()) -> list[Entity]:
    """Returns the entities of a text, outer before inner, properly nested, at most 100.

    The n-th mention of a name is the n-th of `people` with this name, and beyond them the last. Linear in the length of
    the text.
    """
    if _SIGN.search(text) is None:
        return []
    reading = _Reading(text, people)
    reading.blocks()
    found = sorted(reading.found, key=lambda one: (one.start, -one.end))
    return _in_code_units(text, found[:ENTITIES_MAX])


def plain(text: str, entities: list[Entity]) -> str:
    """Returns the text without its markers, for previews; spoilers are blocked out."""
    units = bytearray(text.encode("utf-16-le", "surrogatepass"))
    for one in entities:
        if one.type == "spoiler":
            inner = slice(2 * (one.offset + one.open), 2 * (one.offset + one.length - one.close))
            words = units[inner].decode("utf-16-le", "replace")
            units[inner] = _COVERED.sub(lambda char: "▒" * (1 + (char[0] > "\uffff")), words).encode("utf-16-le")
    return _bare(units, entities)


def _bare(units: bytes | bytearray, entities: list[Entity]) -> str:
    """Returns the text without its markers; `units` are UTF-16, little end first."""
    markers = [(one.offset, one.offset + one.open) for one in entities]
    markers += [(one.offset + one.length - one.close, one.offset + one.length) for one in entities]
    kept = bytearray()
    at = 0
    for start, end in sorted(markers):
        kept += units[2 * at : 2 * start]
        at = max(at, end)
    return (kept + units[2 * at :]).decode("utf-16-le", "replace")


class _Reading:
    """One pass over a text: the entities found so far, and the markers that are open in the line."""

    def __init__(self, text: str, people: People) -> None:
        self.found: list[Found] = []
        self._text = text
        self._names = _names(text, people)
        self._ids: dict[str, list[int]] = {}
        for name, user_id in reversed(people):
            self._ids.setdefault(name, []).append(user_id)
        self._opened: list[tuple[str, int]] = []
        self._pairs: dict[int, int] | None = None

    def blocks(self) -> None:
        """Reads fences, and the lines between them."""
        position = 0
        while (fence := _FENCE_OPEN.search(self._text, position)) is not None:
            close = _FENCE_CLOSE.search(self._text, fence.end() - 1)
            if close is None:
                break
            self._lines(position, fence.start())
            closed = close.end() - max(close.start(), fence.end())
            self.found.append(Found("pre", fence.start(), close.end(), len(fence[0]), closed, fence[1] or None))
            position = close.end()
        self._lines(position, len(self._text))

    def _lines(self, start: int, end: int) -> None:
        """Reads the lines between two fences; a quote is one line that begins with `> `."""
        while start < end and not self._is_full():
            stop = self._text.find("\n", start, end)
            stop = end if stop < 0 else stop
            if self._text.startswith("> ", start) and stop > start + 2:
                self.found.append(Found("quote", start, stop, 2))
                start += 2
            self._inline(start, stop)
            start = stop + 1

    def _inline(self, position: int, stop: int) -> None:
        """Reads one line."""
        self._opened, self._pairs = [], None
        while not self._is_full() and (token := _TOKEN.search(self._text, position, stop)) is not None:
            start, position = token.span()
            match token.lastgroup:
                case "marker":
                    self._marker(token[0], start, stop)
                case "url":
                    position = self._url(token[0], start)
                case "label":
                    position = self._labelled(start, position, stop)
                case "at":
                    position = self._mention(start, position)
                case "code" | "ticks":
                    ticks = len(token["ticks"] or "`")
                    self.found.append(Found("code", start, position, ticks, ticks))
                case _:
                    position = self._backslashes(start, position, stop)

    def _is_full(self) -> bool:
        """Returns whether later entities cannot be among the first 100 any more: no open marker began before them."""
        return len(self.found) >= ENTITIES_MAX and not self._opened

    def _marker(self, marker: str, start: int, stop: int) -> None:
        """Closes the nearest open marker of this kind, or opens one; `snake_case` and `2 * 3` stay as they are."""
        text, end = self._text, start + len(marker)
        before, after = text[start - 1 : start], text[end : min(end + 1, stop)]
        if after and is_mark(after):  # a keycap emoji
            return
        if before and not before.isspace() and not _is_word(after) and self._close(marker, start):
            return
        parts = _STARS if marker == "***" else (marker,)
        is_open = any(kind in parts for kind, _ in self._opened)
        if is_open or not after or after.isspace() or _ends_word(text, start):
            return
        if len(self._opened) + len(parts) <= DEPTH_MAX:
            self._opened += zip(parts, (start, start + 2), strict=False)

    def _close(self, marker: str, start: int) -> bool:
        """Ends the entity that the nearest open marker of this kind began; markers opened inside it stay as typed."""
        if marker == "***":
            inner = next((kind for kind, _ in reversed(self._opened) if kind in _STARS), None)
            if inner is None or not self._close(inner, start):
                return False
            self._close(marker[len(inner) :], start + len(inner))
            return True
        place = max((place for place, (kind, _) in enumerate(self._opened) if kind == marker), default=-1)
        if place < 0:
            return False
        kept, first = place, self._opened[place][1]
        other = next((kind for kind in _STARS if kind != marker), "")
        if marker in _STARS and (other, first + len(marker)) in self._opened:
            # Both were opened by one `***`: the one that ends first is the inner one.
            self._opened[place] = (other, first)
            kept, first = place + 1, first + len(other)
        if start <= first + len(marker):
            return False
        del self._opened[kept:]
        self.found.append(Found(_MARKERS[marker], first, start + len(marker), len(marker), len(marker)))
        return True

    def _backslashes(self, start: int, end: int, stop: int) -> int:
        """Handles backslashes: a marker after one is plain text, as is the backslash before one.

        Other backslashes are plain text themselves.
        """
        if end == stop or self._text[end] not in _ESCAPED:
            return end
        end += (end - start) % 2
        self.found += (Found("escape", at, at + 2, 1) for at in range(start, end, 2))
        return end

    def _url(self, url: str, start: int) -> int:
        """Reads an address in a sentence, without the sentence's punctuation and brackets."""
        is_italic = any(kind == "_" for kind, _ in self._opened)
        end = _url_end(url, is_italic=is_italic)
        host = url.index("/") + 2
        if end <= host:
            return start + host
        self.found.append(Found("link", start, start + end, href=url[:end]))
        return start + end

    def _labelled(self, start: int, target: int, stop: int) -> int:
        """Reads `[words](address)` up to the bracket that belongs to the one before the address."""
        if self._pairs is None:
            self._pairs = _pairs(self._text, start, stop)
        end = self._pairs.get(target - 1, -1)
        if not 0 < end - target <= _TARGET_MAX:
            return start + 1
        close = end + 1 - (target - 2)
        self.found.append(Found("link", start, end + 1, 1, close, href=self._text[target:end]))
        return end + 1

    def _mention(self, start: int, end: int) -> int:
        """Reads the longest name after one of the `@`."""
        for at in range(start, end):
            name = self._names.get(at)
            if name is not None and not _ends_word(self._text, at):
                ids = self._ids[name]
                user_id = ids.pop() if len(ids) > 1 else ids[0]
                self.found.append(Found("mention", at, at + 1 + len(name), user_id=user_id))
                return at + 1 + len(name)
        return end


def _names(text: str, people: People) -> dict[int, str]:
    """Returns where each `@Name` of these people is in the text; the longest name of a place."""
    names: dict[int, str] = {}
    for name in sorted({name for name, _ in people if name}, key=len):
        at = text.find(f"@{name}")
        while at >= 0:
            end = at + 1 + len(name)
            if not _is_word(text[end : end + 1]):
                names[at] = name
            at = text.find(f"@{name}", at + 1)
    return names


def _pairs(text: str, start: int, stop: int) -> dict[int, int]:
    """Returns round brackets that belong together, by place; blanks and angle brackets part them."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACKET.finditer(text, start, stop):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] != ")":
            opened.clear()
        elif opened:
            pairs[opened.pop()] = found.start()
    return pairs


def _url_end(url: str, *, is_italic: bool) -> int:
    """Returns where an address ends.

    Trailing punctuation, brackets without a partner and the `_` that ends an italic are not part of it.
    """
    unpaired = {pair[1]: url.count(pair[1]) - url.count(pair[0]) for pair in ("()", "[]", "{}")}
    end = len(url)
    while end:
        last = url[end - 1]
        if unpaired.get(last, 0) > 0:
            unpaired[last] -= 1
        elif last == "_" and is_italic:
            is_italic = False
        elif last not in _TRAILING:
            break
        end -= 1
    return end


def _is_word(char: str) -> bool:
    """Returns whether a character is part of a word: a letter, a digit, `_`, a mark, or a joiner of letters."""
    return bool(char) and (_WORD.match(char) is not None or char in _JOINERS or is_mark(char))


def _ends_word(text: str, end: int) -> bool:
    """Returns whether a word ends here.

    Marks and joiners belong to the character before them, and emoji are no words.
    """
    at = end - 1
    while at >= 0 and text[at] > "\x7f" and (text[at] in _JOINERS or unicodedata.category(text[at]) in ("Mn", "Mc")):
        at -= 1
    return at >= 0 and _WORD.match(text[at]) is not None


def _in_code_units(text: str, found: list[Found]) -> list[Entity]:
    """Converts characters to UTF-16 code units, which differ where the text has astral characters (emoji)."""
    if not found:
        return []
    if text.isascii() or all(c < "\U00010000" for c in text):
        return [Entity(f.type, f.start, f.end - f.start, f.open, f.close, f.lang, f.href, f.user_id) for f in found]
    units = [0, *accumulate(2 if c >= "\U00010000" else 1 for c in text)]
    return [
        Entity(f.type, units[f.start], units[f.end] - units[f.start], f.open, f.close, f.lang, f.href, f.user_id)
        for f in found
    ]
