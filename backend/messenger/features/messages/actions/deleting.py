"""Deletes messages: their text leaves every table and every kept event; tombstones stay."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.access import Seat
from messenger.features.media.actions import uses
from messenger.features.messages import policy, store, views
from messenger.features.messages.access import Place, row_at
from messenger.features.messages.errors import MessageNotFound
from messenger.features.messages.policy import Rules
from messenger.features.messages.wire import (
    Deletions,
    Has,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    MessagesDeleted,
    MessagesDeletedData,
    MessagesGone,
    MessagesGoneData,
    MessageTold,
    Refusal,
)
from messenger.features.messages.writing import tell
from messenger.kernel import codec, events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError


def delete(tx: Tx, me: Actor, place: Place, rules: Rules) -> None:
    """Deletes a message's text for everyone; a tombstone stays. Deleting twice is no error, however late."""
    seat = access.seat(tx, me.user_id, place.chat_id)
    tx.hold([events.chat(place.chat_id)])
    row = row_at(tx, place)
    _check(tx, seat, row, rules)
    erase(tx, [row], me.user_id)


def delete_many(tx: Tx, me: Actor, chat_id: int, seqs: Collection[int], rules: Rules) -> Deletions:
    """Deletes the text of messages of one chat for everyone. Returns the deleted and the refused ones. Raises
    `ChatNotFound`.

    A refused message does not affect the others. Deleting twice is no error, however late.
    """
    seat = access.seat(tx, me.user_id, chat_id)
    tx.hold([events.chat(chat_id)])
    rows = {row.seq: row for row in store.find_many(tx, {(chat_id, seq) for seq in seqs})}
    done, refused = [], []
    for seq in sorted(set(seqs)):
        try:
            _check(tx, seat, rows.get(seq), rules)
            done.append(seq)
        except AppError as error:
            refused.append(Refusal(seq, error.code))
    erase(tx, [rows[seq] for seq in done], me.user_id)
    return Deletions(done, refused)


def _check(tx: Tx, seat: Seat, row: Any, rules: Rules) -> None:
    if row is None:
        raise MessageNotFound
    if row.deleted_by != seat.user_id:
        policy.may_delete(seat, row.sender_id, row.kind, (tx.now - row.sent_at) / 1000, rules.window_s)


def erase(tx: Tx, rows: Sequence[Any], by: int) -> None:
    """Deletes the text of messages of one chat from every table and every kept event, and emits the event of it.

    The rows were read while the chat's stream was locked. Messages that are deleted already stay as they are. A hundred
    messages take as many statements as two.
    """
    said = {row.seq: row for row in rows if row.deleted_at is None}
    if not said:
        return
    chat_id = rows[0].chat_id
    store.mark_deleted(tx, chat_id, said.keys(), by, tx.now)
    stones = sorted(store.find_many(tx, {(chat_id, seq) for seq in said}), key=lambda row: int(row.seq))
    times = {at for row in stones for at in (row.sent_at, row.edited_at or row.sent_at)}
    times.update(store.forget_versions(tx, chat_id, said.keys()))
    silence(tx, chat_id, times, {row.seq: range(1, row.rev) for row in stones})
    who = {seq: views.mentioned_in(views.entities_of(row.entities), row.sender_id) for seq, row in said.items()}
    mentions = [(user_id, chat_id, seq) for seq, user_ids in who.items() for user_id in user_ids]
    if mentions:
        store.delete_mentions(tx, mentions)
    if holding := [seq for seq, row in said.items() if row.has & Has.FILES]:
        uses.release(tx, chat_id, holding)
    tx.tell(MessagesGone, MessagesGoneData(chat_id, sorted(said)))
    gone = [views.told(views.bare(views.message_view(row, 0)), (), who[row.seq]) for row in stones]
    if len(gone) == 1:
        tell(tx, MessageDeleted, gone[0], stones[0].cmid)
    else:
        tx.emit(MessagesDeleted, MessagesDeletedData(chat_id, gone, by), to=events.chat(chat_id))


def silence(tx: Tx, chat_id: int, at: Collection[int], revs: Mapping[int, range]) -> None:
    """Removes the text of messages at these revs (by seq) from the kept events of the times `at` (ms).

    A device that was away must not read it any more (I13).
    """

    def change(type_: str, data: str) -> str | None:
        if type_ not in (MessageCreated.wire_name, MessageEdited.wire_name):
            return None
        view = codec.decode(data, MessageTold)
        return codec.encode_text(views.bare(view)) if view.rev in revs.get(view.seq, ()) else None

    journal.rewrite(tx, events.chat(chat_id), at, change)
