"""Checks read marks, unread counts and letters: I11, I15, I16."""

from collections import defaultdict
from collections.abc import Iterator

from messenger.features.messages.actions import UNREAD_MAX
from tests.torture.check.index import Age, Break, Index, Line

INTERRUPTS = {"kill", "power cut", "mail cut", "restore", "forgotten restore"}
"""Faults after which the server cannot know whether a letter was taken."""


def marks_only_rise(index: Index) -> Iterator[Break]:
    """Checks I11 during the run: on each device, and in each answer."""
    heard: dict[tuple[str, Age, int, int], Line] = {}
    for line in index.told("recv"):
        if line["type"] == "receipt.read":
            key = line["device"], index.age(line), line["chat"], line["who"]
            before = heard.get(key)
            heard[key] = line
            if before is not None and line["seq"] < before["seq"] and line["ev"] > before["ev"]:
                yield Break("I11", f"the mark of {line['who']} went back to {line['seq']}", [before, line])
    rewinds = _rewinds(index)
    for line in index.told("read_ok"):
        is_anew = any(line["asked"] <= end and began <= line["t"] for began, end in rewinds)
        if line["mark"] < line["seq"] and not is_anew:
            yield Break("I11", f"a mark at {line['seq']} was accepted, and the mark is {line['mark']}", [line])


def _rewinds(index: Index) -> list[tuple[float, float]]:
    """Returns when the operator rewound the history, and when people knew: until then they ask about lost heads."""
    acts, healed = ([line["t"] for line in index.told(what)] for what in ("operator", "healed"))
    return [(act, min((t for t in healed if t >= act), default=act)) for act in acts]


def _mark(line: Line) -> int:
    """Returns the message up to which a line says that its person has read."""
    mark: int = line["mark"] if "mark" in line else line.get("seq", 0)
    return mark


def marks_end_at_the_highest(index: Index) -> Iterator[Break]:
    """Checks I11 at the end: the highest accepted mark, set by a person, never above the head."""
    lower: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
    upper: defaultdict[tuple[int, int], int] = defaultdict(int)
    for line in index.told("read_ok", "read_set", "send_ok", "loaded", "history", "member_ok"):
        place = line["user"] if "user" in line else line["who"], line.get("chat", 0)
        if line["what"] in ("read_ok", "send_ok") and not index.is_lost(line):
            lower[place].append(line)
        is_own = line["what"] != "history" or line["sender"] == line["user"]
        if is_own:
            upper[place] = max(upper[place], _mark(line))
    for end in index.told("unread"):
        place = end["user"], end["chat"]
        accepted = max(lower[place], key=_mark, default=None)
        least = _mark(accepted) if accepted else 0
        if end["mark"] < least and accepted:
            yield Break("I11", f"a mark at {least} was accepted and ends at {end['mark']}", [accepted, end])
        if end["mark"] > min(end["head"], upper[place]):
            yield Break("I11", f"a mark ends at {end['mark']}, which was never set", [end])


def unread_is_counted_right(index: Index) -> Iterator[Break]:
    """Checks I15."""
    for end in index.told("unread"):
        places = [lines[0] for seq, lines in index.history[end["chat"]].items() if seq > end["mark"]]
        left = [one for one in places if one["kind"] == "text" and not one["deleted"] and one["sender"] != end["user"]]
        if index.history[end["chat"]] and min(len(left), UNREAD_MAX) != end["unread"]:
            yield Break("I15", f"{len(left)} are unread and {end['unread']} are said to be", [end, *left[:2]])


def letters_go_out_once(index: Index) -> Iterator[Break]:
    """Checks I16: every address gets its letter, and none twice; the key of a letter is its `Message-ID`."""
    came: defaultdict[str, list[Line]] = defaultdict(list)
    for line in index.told("effect"):
        came[line["key"]].append(line)
    spared = sum(line["name"] in INTERRUPTS for line in index.told("fault"))
    for letters in came.values():
        if len(letters) > 1 + spared:
            yield Break("I16", f"one letter to {letters[0]['to']} came {len(letters)} times", letters[:2])
    addresses = {line["to"] for line in index.told("effect")}
    for wanted in index.told("effect_req"):
        if wanted["to"] not in addresses and not index.is_lost(wanted):
            yield Break("I16", f"no letter came to {wanted['to']}", [wanted])


CHECKS = (marks_only_rise, marks_end_at_the_highest, unread_is_counted_right, letters_go_out_once)
