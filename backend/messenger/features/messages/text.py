"""The grammar of message text: entities over the words as typed. `docs/message-text.md` describes it.

The browser has the same grammar (`frontend/src/lib/markup.ts`); both are tested by `tests/vectors/markup.json`.
"""

import re
from collections.abc import Mapping
from itertools import accumulate
from typing import Final, Literal, NamedTuple

import msgspec

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


_MARKERS: Final[dict[str, Type]] = {
    "**": "bold",
    "*": "italic",
    "_": "italic",
    "~~": "strike",
    "||": "spoiler",
}
_FENCE_OPEN: Final = re.compile(r"^```([A-Za-z0-9+#-]{0,20})\n", re.MULTILINE)
_FENCE_CLOSE: Final = re.compile(r"\n```[ \t]*$", re.MULTILINE)
_TOKEN: Final = re.compile(
    r"(?P<escape>\\[*_~|`\[\]\\@>])"
    r"|(?P<code>`[^`\n]+`)"
    r"|(?P<link>\[(?P<label>[^\[\]\n]{1,200})\]\((?P<target>(?:https?://|mailto:)[^\s()<>]{1,2000})\))"
    r"|(?P<url>https?://[^\s<>\"«»]{1,2000})"
    r"|(?P<marker>\*\*|~~|\|\||\*|_)"
    r"|(?P<at>@)"
)
_SIGN: Final = re.compile(r"[\\`\[*~|_@>]|http")
"""What every entity begins with; a text without any is done at once."""
_WORD: Final = re.compile(r"\w")
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ud800-\udfff]")
_TRAILING: Final = ".,;:!?'*_~|…"


def normalise(text: str) -> str:
    """The words as they are stored: line ends `\\n`, no control or overriding characters, no empty edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _HIDDEN.sub("", text).strip("\n").rstrip()


def parse(text: str, names: Mapping[str, int] = {}) -> list[Entity]:
    """The entities of a text, outer before inner, properly nested, at most 100.

    `names`: the names of those the sender mentions with their user ids. Linear in the length of the text.
    """
    if _SIGN.search(text) is None:
        return []
    found: list[Found] = []
    position = 0
    while (fence := _FENCE_OPEN.search(text, position)) is not None:
        close = _FENCE_CLOSE.search(text, fence.end() - 1)
        if close is None:
            break
        _lines(text, position, fence.start(), names, found)
        opened, closed = len(fence.group()), len(close.group())
        found.append(Found("pre", fence.start(), close.end(), opened, closed, lang=fence[1] or None))
        position = close.end()
    _lines(text, position, len(text), names, found)
    found.sort(key=lambda one: (one.start, -one.end))
    return _in_code_units(text, found[:ENTITIES_MAX])


def plain(text: str, entities: list[Entity]) -> str:
    """The words without their markers, for previews; spoilers are blocked out."""
    units = text.encode("utf-16-le", "surrogatepass")
    hidden: set[int] = set()
    blocked: set[int] = set()
    for one in entities:
        end = one.offset + one.length
        hidden.update(range(one.offset, one.offset + one.open), range(end - one.close, end))
        if one.type == "spoiler":
            blocked.update(range(one.offset + one.open, end - one.close))
    kept = bytearray()
    for place in range(len(units) // 2):
        if place not in hidden:
            unit = units[2 * place : 2 * place + 2]
            kept += "▒".encode("utf-16-le") if place in blocked and unit != b" \0" else unit
    return kept.decode("utf-16-le", "replace")


def _lines(text: str, start: int, end: int, names: Mapping[str, int], found: list[Found]) -> None:
    """Entities of the lines between two fences; a quote is one line that begins with `> `."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text.startswith("> ", start) and stop > start + 2:
            found.append(Found("quote", start, stop, 2))
            _inline(text, start + 2, stop, names, found)
        else:
            _inline(text, start, stop, names, found)
        start = stop + 1


def _inline(text: str, start: int, stop: int, names: Mapping[str, int], found: list[Found]) -> None:
    opened: list[tuple[str, int]] = []
    position = start
    while (token := _TOKEN.search(text, position, stop)) is not None:
        position = token.end()
        kind = token.lastgroup if token.lastgroup not in ("label", "target") else "link"
        if kind == "marker":
            _marker(text, token, stop, opened, found)
        elif kind == "url":
            end = _url_end(token.group())
            position = token.start() + end
            found.append(Found("link", token.start(), position, href=text[token.start() : position]))
        elif kind == "link":
            tail = token.end() - token.end("label")
            found.append(Found("link", token.start(), token.end(), 1, tail, href=token["target"]))
        elif kind == "at":
            position = _mention(text, token.start(), stop, names, found)
        elif kind == "code":
            found.append(Found("code", token.start(), token.end(), 1, 1))
        else:
            found.append(Found("escape", token.start(), token.end(), 1))


def _marker(text: str, token: re.Match[str], stop: int, opened: list[tuple[str, int]], found: list[Found]) -> None:
    """Close the nearest open marker of this kind, or open one; word rules keep `snake_case` and `2 * 3` as they are."""
    marker, start, end = token.group(), token.start(), token.end()
    before, after = text[start - 1 : start] if start else "", text[end:stop][:1]
    places = [place for place, (other, _) in enumerate(opened) if other == marker]
    if places and before and not before.isspace() and not _WORD.match(after):
        first = opened[places[-1]][1]
        if start > first + len(marker):
            del opened[places[-1] :]
            found.append(Found(_MARKERS[marker], first, end, len(marker), len(marker)))
            return
    if not places and len(opened) < DEPTH_MAX and after and not after.isspace() and not _WORD.match(before):
        opened.append((marker, start))


def _url_end(url: str) -> int:
    """Where an address ends that stands in a sentence: no trailing punctuation, brackets in pairs."""
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _TRAILING or (last in ")]" and _is_unpaired(url[:end], last)):
            end -= 1
        else:
            break
    return end


def _is_unpaired(url: str, bracket: str) -> bool:
    return url.count(bracket) > url.count("(" if bracket == ")" else "[")


def _mention(text: str, at: int, stop: int, names: Mapping[str, int], found: list[Found]) -> int:
    if at and _WORD.match(text[at - 1]):
        return at + 1
    for name in sorted(names, key=lambda name: (-len(name), name)):
        end = at + 1 + len(name)
        if name and end <= stop and text.startswith(name, at + 1) and not _WORD.match(text[end : end + 1]):
            found.append(Found("mention", at, end, user_id=names[name]))
            return end
    return at + 1


def _in_code_units(text: str, found: list[Found]) -> list[Entity]:
    """From characters to UTF-16 code units, which differ where the text has astral characters (emoji)."""
    if not found:
        return []
    if text.isascii() or all(c < "\U00010000" for c in text):
        return [Entity(f.type, f.start, f.end - f.start, f.open, f.close, f.lang, f.href, f.user_id) for f in found]
    units = [0, *accumulate(2 if c >= "\U00010000" else 1 for c in text)]
    return [
        Entity(f.type, units[f.start], units[f.end] - units[f.start], f.open, f.close, f.lang, f.href, f.user_id)
        for f in found
    ]
