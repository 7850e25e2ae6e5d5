"""Checks the notes of devices: I8 to I10, I12, I13, I17, I18."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from tests.torture.check.index import Age, Break, Index, Line

SESSION_S = 5.0
"""I18: how long an ended session may still receive events."""


def no_person_sees_beyond_their_window(index: Index) -> Iterator[Break]:
    """Checks I8: no event from after the leaving while a person is surely out, and no chat that they were never in.

    Surely out: from a confirmed leaving to the next request to join. A commit in between may be on either side.
    """
    changes: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in index.lines:
        is_step = line["what"] == "member_req" and line["action"] == "join"
        if is_step or (line["what"] == "member_ok" and line["action"] == "leave"):
            changes[line["chat"], line["who"]].append(line)
    for line in index.told("recv", "history"):
        chat = line.get("chat")
        if not chat:
            continue
        if line.get("cmid") and line.get("sender") != line["user"]:
            yield Break("I8", "a client_msg_id was sent to a person who is not its author", [line])
        steps = changes[chat, line["user"]]
        before = bisect_left(steps, line["t"], key=lambda step: float(step["t"]))
        last = steps[before - 1] if before else None
        if last is None:
            yield Break("I8", f"{line['user']} was never in chat {chat}", [line])
        elif (
            last["what"] == "member_ok"
            and not index.is_lost(last)
            and (line["what"] == "history" or line["ev"] > last["ev"])
        ):
            yield Break("I8", f"{line['user']} had left chat {chat} when this happened", [last, line])


def order_and_completeness_on_a_device(index: Index) -> Iterator[Break]:
    """Checks I9, I12 and I17: each stream on each device rises by one from its loading to its head."""
    places: dict[tuple[str, str], Line] = {}
    floors: dict[tuple[str, str], int] = {}
    for line in index.told("loaded", "dropped", "resync", "recv", "final"):
        device = line["device"]
        if line["what"] in ("dropped", "resync"):
            for topic in line["topics"]:
                places.pop((device, topic), None)
                floors.pop((device, topic), None)
        elif line["what"] == "loaded":
            places[device, line["topic"]], floors[device, line["topic"]] = line, line["ev"]
        elif line["what"] == "recv":
            at = device, line["topic"]
            before = places.get(at)
            if at not in floors:  # it is being loaded: events on their way may come once more
                places[at] = line
            elif line["ev"] > floors[at]:
                yield from _step(before, line)
                places[at] = line
        else:
            for topic, head in line["heads"].items():
                before = places.get((device, topic))
                if before is None or before["ev"] < head:
                    words = f"{topic} ends at {head} and {device} is at {before['ev'] if before else 'no place'}"
                    yield Break("I12", words, [*([before] if before else []), line])


def everything_gets_well(index: Index) -> Iterator[Break]:
    """Checks I12: after the last fault, every request gets its answer and every device its missed events."""
    for line in index.told("stuck"):
        yield Break("I12", f"it took too long until this was true: {line['wish']}", [line])


def _step(before: Line | None, line: Line) -> Iterator[Break]:
    if before is None:
        return
    if before["epoch"] != line["epoch"]:
        yield Break("I17", "an event of another epoch came before the stream was loaded anew", [before, line])
    elif line["ev"] <= before["ev"]:
        yield Break("I9", f"{line['topic']} went from {before['ev']} to {line['ev']}", [before, line])
    elif line["ev"] > before["ev"] + 1:
        yield Break("I12", f"{line['topic']} has a hole between {before['ev']} and {line['ev']}", [before, line])


def all_see_the_same(index: Index) -> Iterator[Break]:
    """Checks I10: one event for a number, the same text for a version."""
    events: dict[tuple[Age, str, int], Line] = {}
    versions: dict[tuple[Age, int, int, int], Line] = {}
    for line in index.told("recv", "history"):
        age = index.age(line)
        if line["what"] == "recv":
            before = events.setdefault((age, line["topic"], line["ev"]), line)
            if any(before.get(name) != line.get(name) for name in ("type", "seq", "rev", "sender")):
                yield Break("I10", f"{line['ev']} of {line['topic']} is two events", [before, line])
        if line.get("digest"):
            before = versions.setdefault((age, line["chat"], line["seq"], line["rev"]), line)
            if before["digest"] != line["digest"]:
                words = f"version {line['rev']} of {line['chat']}/{line['seq']} says two things"
                yield Break("I10", words, [before, line])


def versions_never_go_back(index: Index) -> Iterator[Break]:
    """Checks I13 on each device; deleted texts are not shown again."""
    last: dict[tuple[str, Age, int, int], Line] = {}
    gone = {place: line for place, lines in index.deletions.items() for line in lines if line["what"] == "del_ok"}
    for line in index.told("recv", "history"):
        if not line.get("seq") or "rev" not in line:
            continue
        place = line["chat"], line["seq"]
        if line["what"] == "recv" and line["type"].startswith("message."):
            at = line["device"], index.age(line), *place
            before = last.get(at)
            last[at] = line
            if before is not None and (line["rev"] < before["rev"] or (before["deleted"] and line["digest"])):
                yield Break("I13", f"{place[0]}/{place[1]} went back to an earlier version", [before, line])
        done = gone.get(place)
        if done and line["digest"] and line.get("asked", 0) > done["t"] and not index.is_lost(done):
            yield Break("I13", f"the deleted words of {place[0]}/{place[1]} were shown", [done, line])


def histories_end_the_same(index: Index) -> Iterator[Break]:
    """Checks I13 at the end: the histories of all readers agree, and contain every accepted edit."""
    final: dict[tuple[int, int], Line] = {}
    for line in index.told("history"):
        before = final.setdefault((line["chat"], line["seq"]), line)
        if (before["rev"], before["digest"]) != (line["rev"], line["digest"]):
            yield Break("I13", "the history ends in two versions", [before, line])
    for place, edits in index.edits.items():
        end = final.get(place)
        for ok in edits if end else ():
            if end and ok["what"] == "edit_ok" and not index.is_lost(ok):
                is_other = end["rev"] == ok["rev"] and end["digest"] != ok["digest"]
                if end["rev"] < ok["rev"] or is_other:
                    yield Break("I13", f"an accepted edit of {place[0]}/{place[1]} is gone", [ok, end])


def devices_end_with_the_history(index: Index) -> Iterator[Break]:
    """Checks I13 at the end: the last event of a message on a device, after loading the chat, has its last version."""
    last: defaultdict[tuple[str, str], dict[int, Line]] = defaultdict(dict)
    for line in index.told("recv", "loaded"):
        if line["what"] == "loaded":
            last[line["device"], line["topic"]].clear()
        elif line["type"].startswith("message."):
            last[line["device"], line["topic"]][line["seq"]] = line
    for end in index.told("final"):
        for topic in end["heads"]:
            for seq, line in last[end["device"], topic].items():
                found = index.history[line["chat"]].get(seq)
                if found and (found[0]["rev"], found[0]["digest"]) != (line["rev"], line["digest"]):
                    words = f"{line['chat']}/{seq} ends otherwise on {end['device']} than in the history"
                    yield Break("I13", words, [line, found[0]])


def the_epoch_rises_by_the_operator(index: Index) -> Iterator[Break]:
    """Checks I17."""
    newest: Line | None = None
    acts: list[Line] = []
    for line in index.told("open", "operator"):
        if line["what"] == "operator":
            acts.append(line)
            continue
        if newest is None or line["epoch"] == newest["epoch"]:
            newest = newest or line
        elif line["epoch"] < newest["epoch"]:
            if line["asked"] > newest["t"]:  # else the answers of two processes were reordered on their way
                yield Break("I17", f"the epoch fell from {newest['epoch']} to {line['epoch']}", [newest, line])
        else:
            if line["epoch"] > newest["epoch"] + max(1, len(acts)):
                words = f"the epoch rose from {newest['epoch']} to {line['epoch']} for less"
                yield Break("I17", words, [newest, *acts, line])
            if not acts:
                words = f"the epoch rose from {newest['epoch']} to {line['epoch']} and no operator did anything"
                yield Break("I17", words, [newest, line])
            newest, acts = line, []


def ended_sessions_hear_nothing(index: Index) -> Iterator[Break]:
    """Checks I18. A session end that a restored copy undid does not count, and its number is used again."""
    ended = {line["session"]: line for line in index.told("revoke_ok") if not index.is_lost(line)}
    for line in index.told("recv"):
        end = ended.get(line["session"])
        if end is not None and line["t"] > end["t"] + SESSION_S:
            yield Break("I18", f"session {line['session']} received something after its end", [end, line])


CHECKS = (
    no_person_sees_beyond_their_window,
    order_and_completeness_on_a_device,
    everything_gets_well,
    all_see_the_same,
    versions_never_go_back,
    histories_end_the_same,
    devices_end_with_the_history,
    the_epoch_rises_by_the_operator,
    ended_sessions_hear_nothing,
)
