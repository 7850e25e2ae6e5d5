"""Tests that the cost of input from outside is linear: eight times the bytes, eight times the work.

A parser is one entry of `PARSERS` with its worst inputs: each repeats a part after a beginning, as often as fits.
"""

import contextlib
import math
import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import pytest

from messenger.features.messages import text as grammar
from messenger.features.people.names import finding, spelling
from messenger.kernel import codec
from messenger.kernel.errors import AppError
from messenger.kernel.paging import from_cursor
from messenger.kernel.signing import Seals
from messenger.realtime import longpoll

FACTOR = 8
SLACK = 2.8
ROUNDS = 3
LEAST_S = 0.01
"""The shortest time to measure: a parser that takes less is called several times."""


class Worst(NamedTuple):
    """Describes an input: `start`, then `part` repeatedly, then `end`; `size` bytes or characters at 1x."""

    size: int
    part: Any
    start: Any = b""
    end: Any = b""

    def times(self, factor: int) -> Any:
        """Returns the input at a multiple of its length."""
        room = self.size * factor - len(self.start) - len(self.end)
        return self.start + self.part * (room // len(self.part)) + self.end


def _texts(size: int, *parts: str) -> list[Worst]:
    return [Worst(size, part, "", "") for part in parts]


DEEP = b"[" * 33
JSON = [
    Worst(16_384, b'\\"', DEEP + b'"'),
    Worst(16_384, b"\\", DEEP + b'"'),
    Worst(16_384, b'"', DEEP),
    Worst(16_384, b'"[",', b"[", b'"]"]'),
    Worst(16_384, b"[]"),
    Worst(16_384, b"["),
    Worst(16_384, b"[" * 32 + b"]" * 32),
    Worst(16_384, b'{"":[]},', b"[", b"{}]"),
]
PEOPLE = [(f"Имя {number}", number) for number in range(20)]
TEXTS = [
    *_texts(
        2000,
        "@",
        "@ ",
        "@Имя 1 ",
        "@Имя 1x",
        "*",
        "*a ",
        "***a ",
        "_a",
        "*_~~||`a ",
        "\\",
        "\\*",
        "`` ``` ` ",
        "||a|| ",
    ),
    *_texts(
        2000, "[", "[a](", "[a](https://", "https://", "https://a.b) ", "> a\n", "\n", "\u200b", "😀*a* ", "слово "
    ),
    *_texts(2000, "\u0301_", "```\n", "```\nx\n```\n", "```a \t\n", "\n \t \t```"),
    *(
        Worst(2000, part, start, "x")
        for start, part in [("a", "\n"), ("a_", "\u0301"), ("[a](https://a", "("), ("```", " ")]
    ),
    *(Worst(250, part, "https://a/", "") for part in (")", "]}", ".", "_", "_—")),
]

NAMES = _texts(
    500,
    "a",
    "a ",
    "й",
    "йa ",
    "\u0301",
    "a\u0301",
    "\u200d",
    "a\u200d",
    "ل\u200c",
    "ل\u064b\u200c",
    "क्\u200d",
    "👩\u200d",
    "ﷺ",
    "'",
    "\u3164",
)


def _read(text: str) -> None:
    """Parses a text that mentions 20 people at its longest, and fewer when it is shorter."""
    entities = grammar.parse(grammar.normalise(text), PEOPLE[: len(text) // 800])
    grammar.plain(text, entities)
    grammar.is_empty(text)


PARSERS: dict[str, tuple[Callable[[Any], Any], list[Worst]]] = {
    "check_depth": (codec.check_depth, JSON),
    "decode": (lambda data: codec.decode(data, msgspec.Raw), JSON),
    "text": (_read, TEXTS),
    "name": (spelling.clean, NAMES),
    "words of a name": (finding.keys, NAMES),
    "search of people": (finding.queries, NAMES),
    "list cursor": (lambda text: from_cursor(text, 2), _texts(2048, "A", "Hx8f", "=", "\x1f", "é")),
    "poll cursor": (
        lambda text: longpoll._cursors(text, Seals(b"key")),
        [Worst(16_384, "kZGR", "gaF4", ""), *_texts(16_384, "A", "gYGB", "=", "é")],
    ),
}


def _cost(parse: Callable[[Any], Any], worst: Any) -> float:
    """Returns the CPU time (s) of one call, measured over enough calls to be measurable."""
    count = 1
    while True:
        began = time.process_time()
        for _ in range(count):
            with contextlib.suppress(AppError):
                parse(worst)
        spent = time.process_time() - began
        if spent >= LEAST_S:
            return spent / count
        count *= 2


CASES = [
    pytest.param(parse, worst, id=f"{name}-{place}")
    for name, (parse, worsts) in PARSERS.items()
    for place, worst in enumerate(worsts)
]


def is_linear(parse: Callable[[Any], Any], worst: Worst) -> bool:
    """Returns whether the cost grows with the length and not with its square.

    The square would be `FACTOR / SLACK` times too dear. Other programs only ever add to a measurement: the least of
    all rounds counts.
    """
    short = long = math.inf
    for _ in range(ROUNDS):
        short = min(short, _cost(parse, worst.times(1)))
        long = min(long, _cost(parse, worst.times(FACTOR)))
    return long < FACTOR * SLACK * short


@pytest.mark.parametrize(("parse", "worst"), CASES)
def test_a_parser_costs_no_more_than_its_input_is_long(parse: Callable[[Any], Any], worst: Worst) -> None:
    assert is_linear(parse, worst)


@pytest.mark.parametrize("seed", range(20))
def test_depth_is_what_counting_says(seed: int) -> None:
    """Over random brackets and strings: refused exactly when some place is deeper than 32."""
    dice = random.Random(seed)
    for _ in range(200):
        parts = dice.choices(
            ["[", "]", "{", "}", '""', '"[["', '"\\\\"', '"]\\"]"', "[" * 9, "]" * 9, "[]", "}{"], k=60
        )
        depth = deepest = 0
        for bracket in "".join(part for part in parts if '"' not in part):
            depth += 1 if bracket in "[{" else -1
            deepest = max(deepest, depth)
        try:
            codec.check_depth("".join(parts).encode())
        except AppError:
            assert deepest > codec.DEPTH_MAX
        else:
            assert deepest <= codec.DEPTH_MAX


def test_the_measure_notices_more_than_linear() -> None:
    def parse(text: str) -> list[int]:
        return [text.count("b", place) for place in range(0, len(text), 64)]

    assert not is_linear(parse, Worst(8192, "a", "", ""))
