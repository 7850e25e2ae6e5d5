"""Faults planted into our own functions: the random histories must find each of them (docs/guarantees.md)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.features.chats import store as chats
from messenger.features.messages import policy, sending
from messenger.features.messages import store as messages
from messenger.features.receipts import store as receipts
from messenger.realtime import catchup
from tests.features.test_states import Group

Plant = Callable[..., Any]
FAULTS: dict[str, tuple[Any, str, Callable[[Any], Plant]]] = {}
"""Name -> where, which function, and what is put around it."""


def fault(where: Any, name: str) -> Callable[[Callable[[Any], Plant]], Callable[[Any], Plant]]:
    """Plant the decorated wrapper around a function of ours."""

    def note(wrap: Callable[[Any], Plant]) -> Callable[[Any], Plant]:
        FAULTS[wrap.__name__] = where, name, wrap
        return wrap

    return note


@fault(messages, "insert_many")
def acknowledged_but_dropped(right: Any) -> Plant:
    return lambda sql, rows: right(sql, rows[1:]) if rows[1:] else None


@fault(sending, "_row")
def body_changed(right: Any) -> Plant:
    return lambda *args: right(*args) | {"text": "other words"}


@fault(sending, "_row")
def sender_changed(right: Any) -> Plant:
    def planted(wish: Any, seq: int, *args: Any) -> Any:
        row = right(wish, seq, *args)
        return row | {"sender_id": row["sender_id"] + 1}

    return planted


@fault(sending, "_known")
def answer_to_a_retry_forgotten(_right: Any) -> Plant:
    return lambda *_: {}


@fault(sending, "_row")
def duplicate_on_retry(right: Any) -> Plant:
    return lambda *args: right(*args) | {"cmid": None}


@fault(messages, "find_sent")
def id_shared_between_people(_right: Any) -> Plant:
    def planted(sql: Any, keys: Any) -> Any:
        ids = {cmid: sender for _, sender, cmid in keys}
        rows = sql.all(f"SELECT {messages.COLUMNS} FROM messages m WHERE cmid IS NOT NULL")
        return [_as_sent_by(row, ids[row.cmid]) for row in rows if row.cmid in ids]

    return planted


class _as_sent_by:  # noqa: N801
    """A row that claims to be somebody else's."""

    def __init__(self, row: Any, sender: int) -> None:
        self.__dict__ = {**row._mapping, "sender_id": sender}


@fault(sending, "digest")
def other_words_taken_for_a_repeat(_right: Any) -> Plant:
    return lambda *_: "same"


@fault(Tx, "number")
def hole_in_the_numbers(right: Any) -> Plant:
    def planted(tx: Any, wants: Any) -> Any:
        numbers = right(tx, wants)
        tx.run("UPDATE streams SET seq = seq + 1 WHERE kind = 'chat'")
        return numbers

    return planted


@fault(Tx, "number")
def number_reused(right: Any) -> Plant:
    def planted(tx: Any, wants: Any) -> Any:
        numbers = right(tx, wants)
        return {topic: one._replace(seq=max(1, one.seq - 1)) for topic, one in numbers.items()}

    return planted


@fault(messages, "list_from")
def history_out_of_order(right: Any) -> Plant:
    return lambda *args: list(reversed(right(*args)))


@fault(messages, "list_from")
def phantom(right: Any) -> Plant:
    return lambda *args: [*right(*args), *right(*args)[-1:]]


@fault(journal, "read_after")
def hole_on_resume(right: Any) -> Plant:
    def planted(*args: Any) -> Any:
        missed = right(*args)
        return missed._replace(rows=missed.rows[:1] + missed.rows[2:])

    return planted


@fault(journal, "read_after")
def reordered_delivery(right: Any) -> Plant:
    return lambda *args: right(*args)._replace(rows=list(reversed(right(*args).rows)))


@fault(journal, "read_after")
def double_delivery(right: Any) -> Plant:
    return lambda *args: right(*args)._replace(rows=[one for row in right(*args).rows for one in (row, row)])


@fault(catchup, "look")
def resume_ends_too_early(right: Any) -> Plant:
    def planted(*args: Any) -> Any:
        sight = right(*args)
        return sight._replace(missed=sight.missed._replace(rows=sight.missed.rows[:-1]))

    return planted


@fault(chats, "list_chat_ids")
def leak_to_a_stranger(_right: Any) -> Plant:
    return lambda sql, _user: [row.id for row in sql.all("SELECT id FROM chats")]


@fault(chats, "delete_member")
def leak_after_removal(_right: Any) -> Plant:
    return lambda *_: None


@fault(messages, "update_text")
def edit_lost(_right: Any) -> Plant:
    return lambda *_: True


@fault(policy, "may_delete")
def anybody_deletes(_right: Any) -> Plant:
    return lambda *_: None


@fault(messages, "mark_deleted")
def deletion_lost(_right: Any) -> Plant:
    return lambda *_: True


@fault(journal, "rewrite")
def deleted_words_told_on_resume(_right: Any) -> Plant:
    return lambda *_: None


@fault(receipts, "raise_marks")
def mark_going_back(_right: Any) -> Plant:
    def planted(sql: Any, marks: Any, now: int) -> Any:
        for (chat, user), seq in marks.items():
            sql.run(
                "INSERT INTO receipts VALUES (:chat, :user, :seq, :now)"
                " ON CONFLICT (chat_id, user_id) DO UPDATE SET seq = excluded.seq",
                {"chat": chat, "user": user, "seq": seq, "now": now},
            )
        return set(marks)

    return planted


@fault(messages, "count_unread")
def unread_one_too_few(right: Any) -> Plant:
    return lambda *args: {chat: count - 1 for chat, count in right(*args).items()}


@fault(messages, "count_unread")
def unread_counts_the_deleted(_right: Any) -> Plant:
    def planted(sql: Any, user: int, marks: Any) -> Any:
        found = {}
        for chat, seq in marks.items():
            where = "chat_id = :chat AND seq > :seq AND sender_id <> :user AND kind = 'text'"
            params = {"chat": chat, "seq": seq, "user": user}
            found[chat] = sql.first(f"SELECT count(*) FROM messages WHERE {where}", params)[0]
        return found

    return planted


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, function, wrap = FAULTS[name]
    monkeypatch.setattr(where, function, wrap(getattr(where, function)))
    budget = settings(Group.TestCase.settings, phases=[Phase.generate], print_blob=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Group, settings=budget)
