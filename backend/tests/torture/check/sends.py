"""Checks sends and the history: I1 to I7, I14, and impossible answers."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from tests.torture.check.index import Age, Break, Index, Line, Operation

MISMATCH = "idempotency.mismatch"


def no_accepted_message_is_lost(index: Index) -> Iterator[Break]:
    """Checks I1."""
    for operation in index.operations.values():
        for ok in operation.oks[:1]:
            found = index.history[operation.chat].get(ok["seq"], [])
            right = [line for line in found if _is_it(index, operation, line)]
            if not right and not index.is_lost(ok) and index.history[operation.chat]:
                words = f"message {ok['seq']} of chat {operation.chat} was accepted and is not in the history"
                yield Break("I1", words, [operation.requests[0], ok, *found[:1]])


def _is_it(index: Index, operation: Operation, line: Line) -> bool:
    """Returns whether a final line is the message of an operation: its text, a later one, or a tombstone."""
    place = operation.chat, line["seq"]
    if line["sender"] != operation.user:
        return False
    if line["deleted"]:
        return any(one["may"] for one in index.deletions[place])
    return line["digest"] in {operation.digest, *(edit["digest"] for edit in index.edits[place])}


def answers_are_stable(index: Index) -> Iterator[Break]:
    """Checks I2."""
    first: dict[tuple[int, int, str], Line] = {}
    words_of: defaultdict[tuple[int, int, str], set[str]] = defaultdict(set)
    for operation in index.operations.values():
        words_of[operation.user, operation.chat, operation.cmid].add(operation.digest)
    for operation in index.operations.values():
        for ok in operation.oks:
            before = first.setdefault((operation.user, operation.chat, operation.cmid), ok)
            if (before["seq"], before["digest"]) != (ok["seq"], ok["digest"]):
                if not index.is_lost(before):
                    yield Break("I2", "one client_msg_id was answered in two ways", [before, ok])
            elif ok["sender"] != operation.user:
                yield Break("I2", "the answer names another person's message", [operation.requests[0], ok])
        for fail in operation.fails:
            if fail["code"] == MISMATCH and len(words_of[operation.user, operation.chat, operation.cmid]) == 1:
                yield Break("I2", "a send was taken for the repeat of another", [operation.requests[0], fail])


def one_send_is_one_message(index: Index) -> Iterator[Break]:
    """Checks I3."""
    for digest, places in index.places.items():
        ages: dict[Age, Line] = {}
        for (age, seq), line in places.items():
            before = ages.setdefault(age, line)
            if before["seq"] != seq:
                words = f"one send of {index.of_digest[digest].user} is two messages, {before['seq']} and {seq}"
                yield Break("I3", words, [index.of_digest[digest].requests[0], before, line])
    own: dict[tuple[int, int, str], Line] = {}
    for line in index.told("history"):
        if line.get("cmid"):
            before = own.setdefault((line["user"], line["chat"], line["cmid"]), line)
            if before["seq"] != line["seq"]:
                yield Break("I3", "two messages carry one client_msg_id", [before, line])


def one_place_is_one_message(index: Index) -> Iterator[Break]:
    """Checks I4."""
    for pages in index.pages.values():
        for one, other in pairwise(pages):
            rises = one["seq"] < other["seq"] if one["way"] == "forward" else one["seq"] > other["seq"]
            if not rises:
                yield Break("I4", "the pages of the history do not rise strictly", [one, other])
    at: dict[tuple[Age, int, int], Line] = {}
    for line in index.told("history", "recv", "send_ok"):
        if line.get("sender") and line.get("seq"):
            place = index.age(line), line["chat"], line["seq"]
            before = at.setdefault(place, line)
            if before["sender"] != line["sender"] and not index.is_lost(before):
                yield Break("I4", f"place {line['seq']} of chat {line['chat']} has two authors", [before, line])
    taken: dict[tuple[Age, int, int], tuple[Operation, Line]] = {}
    for digest, places in index.places.items():
        operation = index.of_digest[digest]
        for (age, seq), line in places.items():
            first, before = taken.setdefault((age, operation.chat, seq), (operation, line))
            if first is not operation:
                yield Break("I4", f"place {seq} of chat {operation.chat} has two messages", [before, line])


def numbers_are_dense(index: Index) -> Iterator[Break]:
    """Checks I5."""
    for end in index.told("history_end"):
        found = index.pages[end["user"], end["chat"], end["way"]]
        seqs = sorted({line["seq"] for line in found})
        missing = next((place for place, seq in enumerate(seqs, 1) if place != seq), len(seqs) + 1)
        if missing <= end["head"]:
            words = f"the history of chat {end['chat']}, read {end['way']}, has no {missing}"
            yield Break("I5", words, [*(line for line in found if abs(line["seq"] - missing) == 1), end])


def nothing_is_made_up(index: Index) -> Iterator[Break]:
    """Checks I6."""
    for line in index.told("history", "recv"):
        if line.get("kind") != "text" or not line["digest"]:
            if line.get("kind") == "service" and line["digest"]:
                yield Break("I6", "a line of the server has words of a person", [line])
            continue
        operation = index.of_digest.get(line["digest"])
        said = operation is not None and (operation.user, operation.chat) == (line["sender"], line["chat"])
        edits = index.edits[line["chat"], line["seq"]]
        edited = any((one["digest"], one["user"]) == (line["digest"], line["sender"]) for one in edits)
        if not said and not edited:
            yield Break("I6", f"{line['sender']} never sent the message at {line['chat']}/{line['seq']}", [line])


class Sent(NamedTuple):
    """Describes a message with a place: its first request, its number, and its lines."""

    asked_at: float
    seq: int
    request: Line
    ok: Line | None


def order_is_that_of_real_time(index: Index) -> Iterator[Break]:
    """Checks I7: by request time, against the largest number accepted so far."""
    for sent in _sent_by_chat(index).values():
        sent.sort(key=lambda one: one.asked_at)
        answers = sorted(((one.ok["t"], one.seq, one.ok) for one in sent if one.ok), key=itemgetter(0))
        place, highest, newest = 0, 0, None
        for one in sent:
            while place < len(answers) and answers[place][0] < one.asked_at:
                if answers[place][1] > highest:
                    _, highest, newest = answers[place]
                place += 1
            if newest is not None and one.seq <= highest:
                words = f"{one.seq} was sent after {highest} had been accepted"
                yield Break("I7", words, [newest, one.request, *([one.ok] if one.ok else [])])


def _sent_by_chat(index: Index) -> dict[int, list[Sent]]:
    """Returns accepted sends, and unanswered sends that are in the history."""
    chats: defaultdict[int, list[Sent]] = defaultdict(list)
    for operation in index.operations.values():
        request = operation.requests[0]
        if operation.oks and not index.is_lost(operation.oks[0]):
            chats[operation.chat].append(Sent(request["t"], operation.oks[0]["seq"], request, operation.oks[0]))
        elif not operation.oks:
            seqs = [seq for age, seq in index.places[operation.digest] if age == index.last_age]
            chats[operation.chat] += [Sent(request["t"], seq, request, None) for seq in seqs]
    return chats


def what_was_refused_is_absent(index: Index) -> Iterator[Break]:
    """Checks I14. A send that a restored copy undid may be refused when it is repeated."""
    for operation in index.operations.values():
        if operation.outcome == "fail":
            kept = [line for line in index.places[operation.digest].values() if not index.is_lost(line)]
            for line in kept[:1]:
                words = f"a send was refused with {operation.fails[-1]['code']} and is message {line['seq']}"
                yield Break("I14", words, [operation.requests[0], operation.fails[-1], line])


def answers_are_in_the_contract(index: Index) -> Iterator[Break]:
    """Checks R16: a server in trouble answers 429 or 503; every other error is a fault."""
    for line in index.told("trouble"):
        yield Break("R16", f"the server answered {line['status']} {line['code']}", [line])


CHECKS = (
    no_accepted_message_is_lost,
    answers_are_stable,
    one_send_is_one_message,
    one_place_is_one_message,
    numbers_are_dense,
    nothing_is_made_up,
    order_is_that_of_real_time,
    what_was_refused_is_absent,
    answers_are_in_the_contract,
)
