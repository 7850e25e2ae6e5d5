"""Tests the checker alone: a clean log has no breaks, and each planted break is named, with its witness."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.torture.check import Line, check
from tests.torture.notes import digest

ANN, BOB, EVE, CHAT, TOPIC = 1, 2, 3, 7, "chat:7"


def _clean() -> list[Line]:
    """Returns a clean log: ann and bob write; bob edits, ann deletes; eve comes and goes; bob's device receives all."""
    lines: list[Line] = []

    def add(what: str, **fields: Any) -> None:
        lines.append({"t": float(len(lines)), "what": what, **fields})

    def say(who: int, seq: int, text: str) -> None:
        about = {"device": f"{who}/0", "user": who, "chat": CHAT, "cmid": f"id{seq}", "digest": digest(text)}
        add("send", **about)
        add("send_ok", **about, seq=seq, sender=who)

    def hear(ev: int, type_: str, **fields: Any) -> None:
        told = {"device": "2/0", "user": BOB, "session": 20, "epoch": 1, "via": "live", "asked": 0}
        add("recv", **told, topic=TOPIC, chat=CHAT, ev=ev, type=type_, **fields)

    def message(ev: int, type_: str, place: tuple[int, int], who: int, text: str) -> None:
        said = {"kind": "text", "sender": who, "digest": digest(text), "deleted": not text}
        hear(ev, type_, seq=place[0], rev=place[1], **said)

    for who in (ANN, BOB, EVE):
        add("member_req", chat=CHAT, who=who, action="join")
    add("open", device="2/0", user=BOB, session=20, epoch=1, asked=0.0)
    add("loaded", device="2/0", user=BOB, topic=TOPIC, chat=CHAT, ev=0, epoch=1, mark=0)
    say(ANN, 1, "one")
    message(1, "message.created", (1, 1), ANN, "one")
    say(BOB, 2, "two")
    message(2, "message.created", (2, 1), BOB, "two")
    say(ANN, 3, "three")
    message(3, "message.created", (3, 1), ANN, "three")
    add("edit", device="2/0", user=BOB, chat=CHAT, seq=2, digest=digest("second"))
    add("edit_ok", device="2/0", user=BOB, chat=CHAT, seq=2, digest=digest("second"), rev=2)
    message(4, "message.edited", (2, 2), BOB, "second")
    add("del", device="1/0", user=ANN, chat=CHAT, seq=1, may=True)
    add("del_ok", device="1/0", user=ANN, chat=CHAT, seq=1, may=True)
    message(5, "message.deleted", (1, 2), ANN, "")
    add("read_set", device="2/0", user=BOB, chat=CHAT, seq=2)
    add("read_ok", device="2/0", user=BOB, chat=CHAT, seq=2, mark=2, asked=0)
    hear(6, "receipt.read", who=BOB, seq=2)
    hear(7, "receipt.read", who=BOB, seq=2)
    add("member_ok", chat=CHAT, who=EVE, action="leave", ev=7)
    add("revoke_ok", session=30, user=EVE)
    add("effect_req", to="ann@example.org")
    add("final", device="2/0", user=BOB, heads={TOPIC: 7})
    add("unread", user=BOB, chat=CHAT, mark=2, head=3, unread=1)
    for way in ("forward", "backward"):
        found = [(1, 2, ANN, "", True), (2, 2, BOB, "second", False), (3, 1, ANN, "three", False)]
        for seq, rev, who, text, deleted in found if way == "forward" else reversed(found):
            own = {"cmid": f"id{seq}"} if who == BOB else {}
            place = {"user": BOB, "chat": CHAT, "way": way, "asked": 99.0, "seq": seq, "rev": rev, "kind": "text"}
            add("history", **place, sender=who, digest=digest(text), deleted=deleted, **own)
        add("history_end", user=BOB, chat=CHAT, way=way, head=3)
    add("effect", to="ann@example.org", key="<1>")
    return lines


CHANGES: dict[str, tuple[str, Callable[[list[Line]], None]]] = {}


def change(code: str) -> Callable[[Callable[[list[Line]], None]], Callable[[list[Line]], None]]:
    """Registers a break of the clean log, and the code that must be named."""

    def note(break_it: Callable[[list[Line]], None]) -> Callable[[list[Line]], None]:
        CHANGES[break_it.__name__] = code, break_it
        return break_it

    return note


def _all(lines: list[Line], what: str, **fields: Any) -> list[Line]:
    return [one for one in lines if one["what"] == what and all(one.get(k) == v for k, v in fields.items())]


def _one(lines: list[Line], what: str, **fields: Any) -> Line:
    return _all(lines, what, **fields)[0]


def _drop(lines: list[Line], *gone: Line) -> None:
    lines[:] = [one for one in lines if all(one is not other for other in gone)]


@change("I1")
def accepted_and_lost(lines: list[Line]) -> None:
    _drop(lines, *_all(lines, "history", seq=3))


@change("I1")
def deleted_without_the_right(lines: list[Line]) -> None:
    for line in (*_all(lines, "del"), *_all(lines, "del_ok")):
        line["may"] = False


@change("I2")
def two_answers(lines: list[Line]) -> None:
    lines.append(_one(lines, "send_ok", seq=3) | {"seq": 4})


@change("I2")
def other_words_accepted(lines: list[Line]) -> None:
    for what in ("send", "send_ok"):
        lines.append(_one(lines, what, cmid="id3") | {"digest": digest("other")})


@change("I2")
def the_answer_is_another_persons(lines: list[Line]) -> None:
    _one(lines, "send_ok", seq=3)["sender"] = BOB


@change("I2")
def taken_for_a_repeat(lines: list[Line]) -> None:
    request = _one(lines, "send", cmid="id3")
    lines.append(request | {"what": "send", "cmid": "new", "digest": digest("new")})
    lines.append(
        request | {"what": "send_fail", "cmid": "new", "digest": digest("new"), "code": "idempotency.mismatch"}
    )


@change("I3")
def doubled(lines: list[Line]) -> None:
    lines.append(_one(lines, "history", seq=3) | {"seq": 4})


@change("I3")
def one_id_twice(lines: list[Line]) -> None:
    lines.append(_one(lines, "history", seq=2) | {"seq": 4, "digest": digest("second")})


@change("I4")
def two_authors(lines: list[Line]) -> None:
    _one(lines, "recv", ev=3)["sender"] = BOB


@change("I4")
def two_messages_at_one_place(lines: list[Line]) -> None:
    _one(lines, "recv", ev=3)["seq"] = 2


@change("I4")
def pages_out_of_order(lines: list[Line]) -> None:
    first, second = _all(lines, "history", way="forward")[:2]
    one, other = lines.index(first), lines.index(second)
    lines[one], lines[other] = second, first


@change("I5")
def a_gap(lines: list[Line]) -> None:
    _drop(lines, *_all(lines, "history", seq=2, way="backward"))


@change("I6")
def words_never_sent(lines: list[Line]) -> None:
    _one(lines, "history", seq=3)["digest"] = digest("invented")


@change("I6")
def words_of_the_server(lines: list[Line]) -> None:
    _one(lines, "recv", ev=3)["kind"] = "service"


@change("I7")
def into_the_past(lines: list[Line]) -> None:
    for line in lines:
        if line.get("cmid") in ("id1", "id3") or line.get("seq") in (1, 3):
            line["seq"] = {1: 3, 3: 1}.get(line.get("seq", 0), 0)


@change("I8")
def heard_after_leaving(lines: list[Line]) -> None:
    event = _one(lines, "recv", ev=7)
    lines.append(event | {"t": 90.0, "user": EVE, "device": "3/0", "ev": 8})


@change("I8")
def heard_by_a_stranger(lines: list[Line]) -> None:
    lines.append(_one(lines, "recv", ev=3) | {"user": 9, "device": "9/0"})


@change("I8")
def own_id_told_to_others(lines: list[Line]) -> None:
    _one(lines, "recv", ev=3)["cmid"] = "id3"


@change("I9")
def told_twice(lines: list[Line]) -> None:
    event = _one(lines, "recv", ev=4)
    lines.insert(lines.index(event) + 1, dict(event))


@change("I10")
def one_number_two_events(lines: list[Line]) -> None:
    lines.append(_one(lines, "recv", ev=6) | {"device": "2/1", "type": "message.edited", "rev": 5})


@change("I10")
def one_version_two_texts(lines: list[Line]) -> None:
    _one(lines, "history", seq=2)["digest"] = digest("two")


@change("I11")
def mark_back(lines: list[Line]) -> None:
    _one(lines, "recv", ev=7)["seq"] = 1


@change("I11")
def mark_not_taken(lines: list[Line]) -> None:
    _one(lines, "read_ok")["mark"] = 1


@change("I11")
def mark_ends_too_low(lines: list[Line]) -> None:
    _one(lines, "unread")["mark"] = 1


@change("I11")
def mark_above_all(lines: list[Line]) -> None:
    _one(lines, "unread")["mark"] = 3


@change("I12")
def a_hole_on_a_device(lines: list[Line]) -> None:
    _drop(lines, _one(lines, "recv", ev=3))


@change("I12")
def an_end_too_early(lines: list[Line]) -> None:
    _one(lines, "final")["heads"][TOPIC] = 8


@change("I13")
def version_back(lines: list[Line]) -> None:
    _one(lines, "recv", ev=4)["rev"] = 0


@change("I13")
def deleted_words_shown(lines: list[Line]) -> None:
    _one(lines, "history", seq=1)["digest"] = digest("one")


@change("I13")
def edit_lost(lines: list[Line]) -> None:
    for line in _all(lines, "history", seq=2):
        line |= {"rev": 1, "digest": digest("two")}


@change("I13")
def ends_in_two_versions(lines: list[Line]) -> None:
    _one(lines, "history", seq=3, way="backward")["rev"] = 2


@change("I14")
def refused_and_there(lines: list[Line]) -> None:
    line = _one(lines, "send_ok", seq=3)
    line |= {"what": "send_fail", "code": "chat.not_found"}


@change("I15")
def unread_miscounted(lines: list[Line]) -> None:
    _one(lines, "unread")["unread"] = 2


@change("I16")
def letter_twice(lines: list[Line]) -> None:
    lines.append(dict(_one(lines, "effect")))


@change("I16")
def letter_lost(lines: list[Line]) -> None:
    _drop(lines, _one(lines, "effect"))


@change("I17")
def epoch_alone(lines: list[Line]) -> None:
    lines.append(_one(lines, "open") | {"epoch": 2})


@change("I17")
def epoch_back(lines: list[Line]) -> None:
    lines.append(_one(lines, "open") | {"epoch": 0, "asked": 90.0})


@change("I17")
def epoch_raised_by_each_process(lines: list[Line]) -> None:
    lines.append({"t": 90.0, "what": "operator", "action": "restore", "since": 89.0})
    lines.append(_one(lines, "open") | {"t": 91.0, "epoch": 3})


@change("I13")
def amid_another_history(lines: list[Line]) -> None:
    for line in _all(lines, "history", seq=3):
        line["digest"] = digest("what the other history says here")


@change("I17")
def on_without_loading(lines: list[Line]) -> None:
    _one(lines, "recv", ev=7)["epoch"] = 2


@change("I18")
def told_after_the_end(lines: list[Line]) -> None:
    lines.append(_one(lines, "recv", ev=7) | {"session": 30, "t": _one(lines, "revoke_ok")["t"] + 5.5, "ev": 8})


@change("R16")
def an_answer_that_is_none(lines: list[Line]) -> None:
    lines.append({"t": 90.0, "what": "trouble", "status": 500, "code": "server.error", "asked": "GET /"})


def test_a_clean_log_is_clean() -> None:
    assert check(_clean()) == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_break_is_named_with_its_witness(name: str) -> None:
    code, break_it = CHANGES[name]
    lines = copy.deepcopy(_clean())
    break_it(lines)
    found = [one for one in check(lines) if one.code == code]
    assert found, name
    assert all(one.witness and set(map(id, one.witness)) <= set(map(id, lines)) for one in found)


def test_a_mark_at_the_head_of_a_join_is_no_break() -> None:
    """Both devices may have been away at the join, so that no line of theirs names the mark."""
    lines = _clean()
    _one(lines, "unread").update(mark=3, unread=0)
    assert [one.code for one in check(lines)] == ["I11"]
    lines.append({"t": 90.0, "what": "member_ok", "chat": CHAT, "who": BOB, "action": "join", "mark": 3})
    assert check(lines) == []


def test_what_comes_twice_while_a_stream_is_loaded_is_no_repeat() -> None:
    """A device that asks again on an open socket may receive events on their way, and the same once more."""
    lines = _clean()
    event = _one(lines, "recv", ev=4)
    place = lines.index(event)
    about = {"t": event["t"], "device": "2/0", "user": BOB}
    loaded = about | {"what": "loaded", "topic": TOPIC, "chat": CHAT, "ev": 4, "epoch": 1, "mark": 0}
    lines[place + 1 : place + 1] = [dict(event), loaded]
    lines.insert(place, about | {"what": "resync", "topics": [TOPIC], "reason": "asked"})
    assert check(lines) == []


def test_every_invariant_has_its_break() -> None:
    assert {code for code, _ in CHANGES.values()} >= {f"I{n}" for n in range(1, 19)}


def test_what_the_operator_gave_up_is_not_missed() -> None:
    """Changes confirmed between the copy and its restore may be missing afterwards; earlier ones may not."""
    lines = _clean()
    _drop(lines, *_all(lines, "history", seq=3), *_all(lines, "history_end"))
    at = _one(lines, "send_ok", seq=3)["t"]
    lines.append({"t": at + 0.5, "what": "operator", "action": "restore", "since": at - 0.5})
    assert "I1" not in {one.code for one in check(lines)}
    lines[-1] |= {"since": at + 0.2}
    assert "I1" in {one.code for one in check(lines)}


def test_one_epoch_is_two_histories_until_a_device_proves_it() -> None:
    """The number of a lost message now belongs to another one, and two answers of two processes may be reordered."""
    lines = _clean()
    restored = _one(lines, "final")["t"] + 0.5
    lost = _one(lines, "recv", ev=3) | {
        "t": restored - 0.3,
        "ev": 8,
        "device": "2/1",
        "seq": 4,
        "digest": digest("lost"),
    }
    said = {"device": "1/0", "user": ANN, "chat": CHAT, "cmid": "lost", "digest": digest("lost")}
    lines += [
        said | {"t": restored - 0.4, "what": "send"},
        said | {"t": restored - 0.3, "what": "send_ok", "seq": 4, "sender": ANN},
    ]
    lines.append(lost)
    lines.append({"t": restored, "what": "operator", "action": "restore", "since": restored - 0.45})
    new = lost | {"t": restored + 0.1, "device": "2/2", "digest": digest("new")}
    lines += [said | {"t": restored + 0.05, "what": "send", "cmid": "new", "digest": digest("new")}, new]
    lines += [_one(lines, "open") | {"t": restored + 0.2, "epoch": 2, "asked": restored + 0.2}]
    lines += [_one(lines, "open") | {"t": restored + 0.3, "epoch": 1, "asked": restored + 0.1}]
    lines.sort(key=lambda line: float(line["t"]))
    assert check(lines) == []
    _one(lines, "operator")["t"] = restored + 10
    assert {"I4", "I10"} <= {one.code for one in check(lines)}


def test_a_mark_at_a_head_that_was_rewound_is_not_missed() -> None:
    """Until the restore is over, people ask about heads that they had seen before it."""
    lines = _clean()
    read = _one(lines, "read_ok") | {"mark": 1}
    lines[lines.index(_one(lines, "read_ok"))] = read
    broken = check(lines)
    assert "I11" in {one.code for one in broken}
    asked = read["asked"] = read["t"] - 0.25
    lines += [{"t": asked - 0.25, "what": "operator", "action": "restore", "since": 0.0}]
    lines += [{"t": asked + 0.1, "what": "healed", "name": "restore"}]
    assert not [one for one in check(lines) if "and the mark is" in one.words]
    lines[-1]["t"] = asked - 0.1
    assert [one for one in check(lines) if "and the mark is" in one.words]
