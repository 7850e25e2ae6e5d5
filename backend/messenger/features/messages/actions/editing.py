"""Edits one's own messages; earlier texts are kept as versions."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.media.actions import uses
from messenger.features.messages import files, policy, store, views
from messenger.features.messages.access import Place, row_at
from messenger.features.messages.actions.deleting import silence
from messenger.features.messages.policy import Rules
from messenger.features.messages.sending import mentioned
from messenger.features.messages.text import Entity, People, normalise, parse
from messenger.features.messages.wire import FILES, Has, MessageEdited, MessageView
from messenger.features.messages.writing import tell
from messenger.kernel import codec, events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Stale

VERSIONS_MAX: Final = 100
"""Versions of a message that are kept, the present one included: the first and the latest.

The others are deleted for good.
"""


class Change(NamedTuple):
    """A new text for a message, new descriptions of its files (`alts`), or both; `None` stays as it is.

    `rev` of the version it replaces, if the caller knows it.
    """

    text: str | None
    mentions: Sequence[int]
    rev: int | None
    alts: Sequence[str] | None = None


def edit(tx: Tx, me: Actor, place: Place, change: Change, rules: Rules) -> MessageView:
    """Gives one's own message another text; the earlier one is kept (R9). Or its files other descriptions. What is the
    same changes nothing.

    That is checked before any refusal: a repeat whose answer was lost comes late, and with the rev from before.
    """
    seats = access.seats(tx, {(place.chat_id, user_id) for user_id in (me.user_id, *change.mentions)})
    if (place.chat_id, me.user_id) not in seats:
        raise access.ChatNotFound
    tx.hold([events.chat(place.chat_id)])
    row = row_at(tx, place)
    former = views.entities_of(row.entities)
    (people,) = mentioned(tx, seats, [(place.chat_id, change.mentions)])
    text, entities = row.text, former
    if change.text is not None:
        text = normalise(change.text)
        entities = parse(text, _as_written(people, row.text, former))
    is_mine = row.sender_id == me.user_id and row.deleted_at is None
    described = files.described(tx, row, change.alts) if is_mine else None
    if is_mine and text == row.text and _who(entities) == _who(former) and described is None:
        return views.message_view(row, me.user_id)
    age_s = (tx.now - row.sent_at) / 1000
    policy.may_edit(me.user_id, row.sender_id, row.kind, row.deleted_at is not None, age_s, rules.window_s)
    policy.may_say(text if change.text is None else change.text, rules.text_max, may_be_blank=bool(row.has & Has.FILES))
    if change.rev is not None and change.rev != row.rev:
        raise Stale
    store.insert_version(tx, *place)
    if not store.update_text(tx, place, (text, codec.encode_text(entities), views.link_bit(entities)), row.rev, tx.now):
        raise Stale
    view = views.message_view(row_at(tx, place), me.user_id)
    if described is not None and change.alts is not None:
        uses.describe(tx, *place, change.alts)
        FILES.put(view, described)
    beyond = range(2, view.rev - VERSIONS_MAX + 2)
    if beyond:
        silence(tx, place.chat_id, store.delete_versions(tx, place, beyond), {place.seq: beyond})
    added, removed = _rewrite_mentions(tx, row, former, entities)
    tell(tx, MessageEdited, views.told(view, added, removed), row.cmid)
    return view


def _rewrite_mentions(tx: Tx, row: Any, former: list[Entity], entities: list[Entity]) -> tuple[set[int], set[int]]:
    """Stores the present mentions of a message.

    Returns the users whom it did not mention before, and those it no longer does.
    """
    was, now = views.mentioned_in(former, row.sender_id), views.mentioned_in(entities, row.sender_id)
    added, removed = now - was, was - now
    if added:
        store.insert_mentions(tx, [(user_id, row.chat_id, row.seq) for user_id in added])
    if removed:
        store.delete_mentions(tx, [(user_id, row.chat_id, row.seq) for user_id in removed])
    return added, removed


def _who(entities: Collection[Entity]) -> list[int]:
    return [one.user_id for one in entities if one.user_id is not None]


def _as_written(people: People, text: str, entities: Collection[Entity]) -> People:
    """Adds to each person the names under which the text mentions them: they may have another name since."""
    units = text.encode("utf-16-le")
    written: dict[int, list[str]] = {}
    for one in entities:
        if one.user_id is not None:
            name = units[2 * (one.offset + 1) : 2 * (one.offset + one.length)].decode("utf-16-le")
            written.setdefault(one.user_id, []).append(name)
    return [(name, id_) for now, id_ in people for name in dict.fromkeys([now, *written.get(id_, [])])]
