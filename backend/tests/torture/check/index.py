"""Sorts the lines of all devices and of the driver into tables once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Line = dict[str, Any]
"""`t` (s, one clock for all) and `what` always, then the fields in `docs/guarantees.md`."""
Key = tuple[int, int, str]
Age = tuple[int, int]


class Break(NamedTuple):
    """Describes a broken invariant: its code, the fault in words, and the lines that show it."""

    code: str
    words: str
    witness: list[Line]


@dataclass
class Operation:
    """Describes one send with all its repeats: from its first request to its last answer."""

    user: int
    chat: int
    cmid: str
    digest: str
    requests: list[Line] = field(default_factory=list)
    oks: list[Line] = field(default_factory=list)
    fails: list[Line] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """Returns `ok`, `fail`, or `info` when the outcome cannot be known."""
        return "ok" if self.oks else "fail" if self.fails else "info"


class Index:
    """Holds tables over the lines.

    `history[chat][seq]` has every final line about a place, from all readers and both ways.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = list(lines)
        self.by_what: defaultdict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            self.by_what[line["what"]].append(line)
        self.operations: dict[tuple[int, int, str, str], Operation] = {}
        self.of_digest: dict[str, Operation] = {}
        self.edits: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
        self.deletions: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
        self.history: defaultdict[int, defaultdict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
        self.pages: defaultdict[tuple[int, int, str], list[Line]] = defaultdict(list)
        self.places: defaultdict[str, dict[tuple[Age, int], Line]] = defaultdict(dict)
        self._restored = [line["t"] for line in self.by_what["operator"] if "since" in line]
        self._epoch = max((line["epoch"] for line in self.by_what["open"]), default=1)
        self._sort()

    def told(self, *whats: str) -> list[Line]:
        """Returns lines of some kinds, in the order in which they were written."""
        if len(whats) == 1:
            return self.by_what[whats[0]]
        return [line for line in self.lines if line["what"] in whats]

    def is_lost(self, line: Line) -> bool:
        """Returns whether a restore may have undone a line, which was confirmed between the copy and the restore."""
        at = line.get("done", line["t"])
        return any(one["since"] <= at <= one["t"] for one in self.by_what["operator"] if "since" in one)

    def age(self, line: Line) -> Age:
        """Returns the history of a line: its epoch (without one: that of the end), and the number of restored copies.

        Between a restore and the first device that proves it, one epoch names two histories.
        """
        return line.get("epoch", self._epoch), bisect_right(self._restored, line["t"])

    @property
    def last_age(self) -> Age:
        """Returns the history at the end."""
        return self._epoch, len(self._restored)

    def _sort(self) -> None:
        for line in self.lines:
            what = line["what"]
            if what in ("send", "retry", "send_ok", "send_fail"):
                self._note_send(what, line)
            elif what in ("edit", "edit_ok"):
                self.edits[line["chat"], line["seq"]].append(line)
            elif what in ("del", "del_ok"):
                self.deletions[line["chat"], line["seq"]].append(line)
            elif what == "history":
                self.history[line["chat"]][line["seq"]].append(line)
                self.pages[line["user"], line["chat"], line["way"]].append(line)
        for line in self.lines:
            if line["what"] in ("history", "recv") and line.get("digest") in self.of_digest:
                self.places[line["digest"]].setdefault((self.age(line), line["seq"]), line)

    def _note_send(self, what: str, line: Line) -> None:
        key = line["user"], line["chat"], line["cmid"], line["digest"]
        operation = self.operations.setdefault(key, Operation(*key))
        self.of_digest.setdefault(line["digest"], operation)
        {"send_ok": operation.oks, "send_fail": operation.fails}.get(what, operation.requests).append(line)
