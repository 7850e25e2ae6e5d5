"""Plants faults into functions of the server, each with the invariant that it breaks (docs/guarantees.md)."""

import os
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from messenger.db import engine, journal, outbox, tx
from messenger.db.lanes import Lane, Outcome
from messenger.db.tx import Tx
from messenger.features.chats import store as chats
from messenger.features.messages import actions, policy, sending, writing
from messenger.features.messages import store as messages
from messenger.features.messages.actions import editing
from messenger.features.messages.errors import MessageForbidden
from messenger.features.reactions import store as reactions
from messenger.kernel.events import author_frame
from messenger.realtime import catchup, connection
from messenger.realtime.connection import Connection
from messenger.realtime.sockets import Sockets

Plant = Callable[..., Any]


class Fault(NamedTuple):
    """Describes a plant: module, function, wrapper, the code of the broken invariant, and the faults that reveal it."""

    where: Any
    function: str
    wrap: Callable[[Any], Plant]
    code: str
    needs: str


FAULTS: dict[str, Fault] = {}


def fault(
    where: Any, name: str, code: str, needs: str = ""
) -> Callable[[Callable[[Any], Plant]], Callable[[Any], Plant]]:
    """Registers the decorated wrapper for a function. `needs`: a fault of the driver that reveals it."""

    def note(wrap: Callable[[Any], Plant]) -> Callable[[Any], Plant]:
        FAULTS[wrap.__name__] = Fault(where, name, wrap, code, needs)
        return wrap

    return note


def plant(name: str) -> None:
    """Plants a fault into this process."""
    one = FAULTS[name]
    setattr(one.where, one.function, one.wrap(getattr(one.where, one.function)))


@fault(messages, "insert_many", "I1")
def acknowledged_but_dropped(right: Any) -> Plant:
    return lambda sql, rows: right(sql, rows[1:]) if rows[1:] else None


@fault(writing, "_row", "I6")
def body_changed(right: Any) -> Plant:
    return lambda *args: right(*args) | {"text": "other words"}


@fault(messages, "insert_many", "I4")
def sender_changed(right: Any) -> Plant:
    other = "SELECT max(user_id) FROM members WHERE chat_id = :chat AND user_id <> :user"

    def planted(sql: Any, rows: Any) -> None:
        for row in rows:
            found = sql.first(other, {"chat": row["chat_id"], "user": row["sender_id"]})
            right(sql, [dict(row) | {"sender_id": found[0] or row["sender_id"]}])

    return planted


@fault(sending, "find_known", "R16")
def answer_to_a_retry_forgotten(_right: Any) -> Plant:
    return lambda *_: {}


@fault(writing, "_row", "I3")
def duplicate_on_retry(right: Any) -> Plant:
    return lambda *args: right(*args) | {"cmid": None}


@fault(messages, "find_sent", "I2")
def id_shared_between_people(_right: Any) -> Plant:
    def planted(sql: Any, keys: Any) -> Any:
        ids = {cmid: sender for _, sender, cmid in keys}
        rows = sql.all(f"SELECT {messages.COLUMNS} FROM messages m WHERE cmid IS NOT NULL")
        return [_as_sent_by(row, ids[row.cmid]) for row in rows if row.cmid in ids]

    return planted


class _as_sent_by:  # noqa: N801
    """A row that claims to be another person's."""

    def __init__(self, row: Any, sender: int) -> None:
        self.__dict__ = {**row._asdict(), "sender_id": sender}


@fault(sending, "digest_of", "I2")
def other_words_taken_for_a_repeat(_right: Any) -> Plant:
    return lambda *_: "same"


@fault(Tx, "number", "I5")
def hole_in_the_numbers(right: Any) -> Plant:
    def planted(tx: Any, wants: Any) -> Any:
        numbers = right(tx, wants)
        tx.run("UPDATE streams SET seq = seq + 1 WHERE kind = 'chat'")
        return numbers

    return planted


@fault(Tx, "number", "R16")
def number_reused(right: Any) -> Plant:
    def planted(tx: Any, wants: Any) -> Any:
        numbers = right(tx, wants)
        return {topic: one._replace(seq=max(1, one.seq - 1)) for topic, one in numbers.items()}

    return planted


@fault(messages, "list_from", "I4")
def history_out_of_order(right: Any) -> Plant:
    return lambda *args: list(reversed(right(*args)))


@fault(messages, "list_from", "I4")
def phantom(right: Any) -> Plant:
    return lambda *args: [*right(*args), *right(*args)[-1:]]


@fault(journal, "read_after", "I12")
def hole_on_resume(right: Any) -> Plant:
    def planted(*args: Any) -> Any:
        missed = right(*args)
        return missed._replace(rows=missed.rows[:1] + missed.rows[2:])

    return planted


@fault(journal, "read_after", "I9")
def reordered_delivery(right: Any) -> Plant:
    return lambda *args: right(*args)._replace(rows=list(reversed(right(*args).rows)))


@fault(journal, "read_after", "I9")
def double_delivery(right: Any) -> Plant:
    return lambda *args: right(*args)._replace(rows=[one for row in right(*args).rows for one in (row, row)])


@fault(catchup, "look", "I12")
def resume_ends_too_early(right: Any) -> Plant:
    def planted(*args: Any) -> Any:
        sight = right(*args)
        return sight._replace(missed=sight.missed._replace(frames=sight.missed.frames[:-1]))

    return planted


@fault(chats, "list_chat_ids", "I8")
def leak_to_a_stranger(_right: Any) -> Plant:
    return lambda sql, _user: [row.id for row in sql.all("SELECT id FROM chats")]


@fault(chats, "delete_member", "I8")
def leak_after_removal(_right: Any) -> Plant:
    return lambda *_: True


@fault(messages, "update_text", "I13")
def edit_lost(_right: Any) -> Plant:
    return lambda *_: True


@fault(policy, "may_delete", "I1")
def anybody_deletes(_right: Any) -> Plant:
    return lambda *_: None


@fault(messages, "mark_deleted", "I13")
def deletion_lost(_right: Any) -> Plant:
    return lambda *_: None


@fault(journal, "rewrite", "I13")
def deleted_words_told_on_resume(_right: Any) -> Plant:
    return lambda *_: None


@fault(chats, "raise_marks", "I11")
def mark_going_back(_right: Any) -> Plant:
    def planted(sql: Any, marks: Any) -> Any:
        for (chat, user), seq in marks.items():
            sql.run(
                "UPDATE members SET read_seq = :seq, shown_seq = :seq WHERE chat_id = :chat AND user_id = :user",
                {"chat": chat, "user": user, "seq": seq},
            )
        return set(marks)

    return planted


class Counted(NamedTuple):
    """A row of `count_unread`."""

    chat_id: int
    user_id: int
    ev: int
    unread: int
    mentions: int


@fault(messages, "count_unread", "I15")
def unread_one_too_few(right: Any) -> Plant:
    return lambda *args: [row._replace(unread=row.unread - 1) for row in map(Counted._make, right(*args))]


@fault(messages, "count_unread", "I15")
def unread_counts_the_deleted(_right: Any) -> Plant:
    def planted(sql: Any, wants: Any) -> Any:
        where = "chat_id = :chat AND seq > :seq AND sender_id <> :user AND kind = 'text'"
        found = []
        for chat, user, _, seq in wants:
            params = {"chat": chat, "seq": seq, "user": user}
            count = sql.first(f"SELECT count(*) FROM messages WHERE {where}", params)[0]
            ev = sql.first("SELECT ev FROM streams WHERE kind = 'chat' AND id = :chat", {"chat": chat})[0]
            found.append(Counted(chat, user, ev, count, 0))
        return found

    return planted


@fault(reactions, "write_tallies", "I19")
def one_too_many_chose(right: Any) -> Plant:
    return lambda sql, chosen, now: right(sql, {kind: people + 1 for kind, people in chosen.items()}, now)


@fault(reactions, "delete_reactions", "I19")
def taken_back_and_kept(right: Any) -> Plant:
    return lambda sql, choices: right(sql, sorted(choices)[1:]) if choices[1:] else None


INSIDE = tuple(FAULTS)
"""Faults that random histories inside one process find (`tests/faults/test_planted.py`)."""

# The other faults need sockets, killed processes or time.


@fault(engine, "_pragmas", "I1", "power cut")
def nothing_is_synced(right: Any) -> Plant:
    return lambda writes: [*right(writes), "synchronous=OFF"]


@fault(engine, "_pragmas", "I1", "power cut")
def commits_are_not_synced(right: Any) -> Plant:
    return lambda writes: [*right(writes), "synchronous=NORMAL"]


@fault(engine, "_open_postgres", "I1", "kill postgresql")
def commits_are_not_awaited(right: Any) -> Plant:
    os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    return lambda *args, **more: right(*args, **more)


@fault(Lane, "_once", "I1")
def answered_and_undone(right: Any) -> Plant:
    def planted(self: Any, function: Any) -> Any:
        self.turn = getattr(self, "turn", 0) + 1
        if self.turn % 9:
            return right(self, function)
        with self._engine.connect() as conn:
            conn.begin()
            tx = Tx(conn, self._hooks)
            outcome = Outcome(function(tx), tx.finish(), tx.woken)
            conn.rollback()
        return outcome

    return planted


@fault(Tx, "number", "I7")
def neighbours_change_places(right: Any) -> Plant:
    def planted(tx: Any, wants: Any) -> Any:
        return {topic: one._replace(seq=((one.seq - 1) ^ 1) + 1) for topic, one in right(tx, wants).items()}

    return planted


@fault(actions, "send_many", "I14")
def refused_but_written(right: Any) -> Plant:
    def planted(tx: Any, wishes: Any) -> Any:
        answers = right(tx, wishes)
        return [
            MessageForbidden() if wish.text.endswith("7") else one for wish, one in zip(wishes, answers, strict=True)
        ]

    return planted


@fault(tx, "_envelope", "I8")
def own_id_told_to_all(right: Any) -> Plant:
    def planted(emitted: Any, ev: int, at: str) -> Any:
        envelope = right(emitted, ev, at)
        if not emitted.extra:
            return envelope
        return msgspec.structs.replace(envelope, frame=author_frame(envelope.frame, emitted.extra))

    return planted


@fault(Connection, "deliver", "I9")
def told_twice(right: Any) -> Plant:
    def planted(self: Any, topic: Any, ev: int, data: bytes) -> None:
        right(self, topic, ev, data)
        right(self, topic, ev, data)

    return planted


@fault(Connection, "deliver", "I12")
def one_in_ten_not_told(right: Any) -> Plant:
    return lambda self, topic, ev, data: right(self, topic, ev, data) if ev % 10 else None


@fault(connection, "write", "I9")
def told_backwards(right: Any) -> Plant:
    def planted(connections: Any) -> None:
        for one in connections:
            one.pending.reverse()
        right(connections)

    return planted


@fault(Connection, "deliver", "I10")
def devices_disagree(right: Any) -> Plant:
    def planted(self: Any, topic: Any, ev: int, data: bytes) -> None:
        right(self, topic, ev, data.replace(b'"rev":1,', b'"rev":9,') if self.actor.session_id % 2 else data)

    return planted


@fault(editing, "tell", "I13")
def edits_told_too_low(right: Any) -> Plant:
    def planted(tx: Any, event: Any, view: Any, cmid: Any) -> None:
        view.rev -= 1
        right(tx, event, view, cmid)
        view.rev += 1

    return planted


@fault(chats, "raise_marks", "I11")
def marks_forgotten(_right: Any) -> Plant:
    return lambda *_: set()


@fault(Sockets, "end_session", "I18", "revocation")
def ended_sessions_go_on(_right: Any) -> Plant:
    return lambda *_: None


@fault(journal, "epoch", "I17", "kill")
def epoch_by_the_clock(right: Any) -> Plant:
    began = time.time_ns() // 1_000_000  # ms: a server is killed and restarted within a second
    return lambda sql: right(sql) + began % 1_000_000


@fault(catchup, "look", "I17", "restore")
def other_epochs_go_on(right: Any) -> Plant:
    def look(tx: Tx, actor: Any, topics_of: Any, cursors: Any, *most: int) -> Any:
        heads = {str(topic): ev for topic, ev in journal.heads(tx, list(topics_of(tx, actor))).items()}
        streams = {text: heads.get(text, 0) for text in cursors.streams}
        return right(tx, actor, topics_of, type(cursors)(journal.epoch(tx), streams), *most)

    return look


@fault(catchup, "look", "I17", "restored dump")
def other_epochs_go_on_after_a_dump(right: Any) -> Plant:
    return other_epochs_go_on(right)


@fault(catchup, "_judge", "I9", "forgotten restore")
def seals_prove_nothing(_right: Any) -> Plant:
    return lambda *_: ("", 0)


@fault(journal, "raise_epoch", "I17", "forgotten restore")
def each_proof_raises_the_epoch(_right: Any) -> Plant:
    def planted(sql: Any, *_: int) -> int:
        time.sleep(0.3)  # so that others, also of the other process, are on their way with the same proof
        sql.run("UPDATE facts SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'epoch'")
        return journal.epoch(sql)

    return planted


@fault(outbox, "stage", "I16")
def letters_lost(_right: Any) -> Plant:
    return lambda *_: []


@fault(outbox, "finish", "I16")
def letters_repeated(_right: Any) -> Plant:
    return lambda *_: None
