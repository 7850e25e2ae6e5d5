"""Deletions: the words of a message leave every table and every kept event; a tombstone stays."""

from collections.abc import Collection

import msgspec

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.messages import policy, store, views
from messenger.features.messages.access import Place, row_at
from messenger.features.messages.policy import Rules
from messenger.features.messages.wire import MessageCreated, MessageDeleted, MessageEdited, MessageView
from messenger.features.messages.writing import tell
from messenger.kernel import codec, events
from messenger.kernel.actor import Actor


def delete(tx: Tx, me: Actor, place: Place, rules: Rules) -> None:
    """Takes a message's words away for everybody; a tombstone stays. Deleting twice is no error, however late."""
    seat = access.seat(tx, me.user_id, place.chat_id)
    row = row_at(tx, place)
    if row.deleted_by == me.user_id:
        return
    policy.may_delete(seat, row.sender_id, row.kind, (tx.now - row.sent_at) / 1000, rules.window_s)
    if store.mark_deleted(tx, place.chat_id, place.seq, me.user_id, tx.now):
        stone = row_at(tx, place)
        revs = range(1, stone.rev)
        times = store.delete_versions(tx, place, revs)
        silence(tx, place, {stone.sent_at, stone.edited_at or stone.sent_at, *times}, revs)
        tell(tx, MessageDeleted, views.message_view(stone, row.sender_id), row.cmid)


def silence(tx: Tx, place: Place, at: Collection[int], revs: range) -> None:
    """Takes the words of these revs out of the kept events: a device that was away must not read them any more (I13)."""

    def change(type_: str, data: str) -> str | None:
        if type_ not in (MessageCreated.wire_name, MessageEdited.wire_name):
            return None
        view = codec.decode(data, MessageView)
        if view.seq != place.seq or view.rev not in revs:
            return None
        return codec.encode_text(msgspec.structs.replace(view, text="", entities=[]))

    journal.rewrite(tx, events.chat(place.chat_id), at, change)
