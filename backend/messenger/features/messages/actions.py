"""The verbs of messages, save sending (`sending.py`) and paging (`history.py`)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.wire import (
    ChatCreatedData,
    ChatPicturedData,
    ChatRenamedData,
    ChatView,
    CursorPage,
    MemberLeftData,
    PeopleCameData,
)
from messenger.features.messages import policy, store, views
from messenger.features.messages.errors import MessageForbidden, MessageNotFound
from messenger.features.messages.sending import SendWish, Sent, digest, mentioned, send_many
from messenger.features.messages.text import Entity, People, normalise, parse
from messenger.features.messages.wire import (
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    MessageView,
    Service,
    VersionList,
    VersionView,
)
from messenger.kernel import clock, codec, events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Stale
from messenger.kernel.paging import Page, fitting, from_cursor, int_from_cursor, to_cursor

__all__ = ["SendWish", "Sent", "send_many"]

VERSIONS_MAX: Final = 100
"""Versions of a message that are kept, the present one included: the first and the latest. The others leave for good."""


UNREAD_MAX: Final = 1_000
"""Unread messages that are counted; so many means so many or more."""


class Unread(NamedTuple):
    """How many messages are unread, as of the change `at_ev` of their chat."""

    number: int
    at_ev: int


class Place(NamedTuple):
    """A message by its chat and number."""

    chat_id: int
    seq: int


class Change(NamedTuple):
    """New words for a message; `rev` of the version they replace, if the caller knows it."""

    text: str
    mentions: Sequence[int]
    rev: int | None


class Rules(NamedTuple):
    """Limits of the server: characters of a text, seconds in which a message may be changed."""

    text_max: int
    window_s: int


def get_message(tx: Tx, me: Actor, place: Place) -> MessageView:
    """One message. Raises `ChatNotFound`, `MessageNotFound`."""
    access.seat(tx, me.user_id, place.chat_id)
    return views.message_view(_row(tx, place), me.user_id)


def edit(tx: Tx, me: Actor, place: Place, change: Change, rules: Rules) -> MessageView:
    """Other words for one's own message; the earlier ones are kept (R9). The same words and mentions change nothing.

    That is looked at before all that may be refused: a repeat whose answer was lost is late, and brings the rev of before.
    """
    seats = access.seats(tx, {(place.chat_id, user_id) for user_id in (me.user_id, *change.mentions)})
    if (place.chat_id, me.user_id) not in seats:
        raise access.ChatNotFound
    row = _row(tx, place)
    former = views.entities_of(row.entities)
    (people,) = mentioned(tx, seats, [(place.chat_id, change.mentions)])
    text = normalise(change.text)
    entities = parse(text, _as_written(people, row.text, former))
    is_mine = row.sender_id == me.user_id and row.deleted_at is None
    if is_mine and text == row.text and _who(entities) == _who(former):
        return views.message_view(row, me.user_id)
    age_s = (tx.now - row.sent_at) / 1000
    policy.may_edit(me.user_id, row.sender_id, row.kind, row.deleted_at is not None, age_s, rules.window_s)
    policy.may_say(change.text, rules.text_max)
    if change.rev is not None and change.rev != row.rev:
        raise Stale
    store.insert_version(tx, *place)
    if not store.update_text(tx, place, (text, codec.encode_text(entities)), row.rev, tx.now):
        raise Stale
    view = views.message_view(_row(tx, place), me.user_id)
    beyond = range(2, view.rev - VERSIONS_MAX + 2)
    if beyond:
        _silence(tx, place, store.delete_versions(tx, place, beyond), beyond)
    _tell(tx, MessageEdited, view, row.cmid)
    return view


def delete(tx: Tx, me: Actor, place: Place, rules: Rules) -> None:
    """Take a message's words away for everybody; a tombstone stays. Deleting twice is no error, however late."""
    seat = access.seat(tx, me.user_id, place.chat_id)
    row = _row(tx, place)
    if row.deleted_by == me.user_id:
        return
    policy.may_delete(seat, row.sender_id, row.kind, (tx.now - row.sent_at) / 1000, rules.window_s)
    if store.mark_deleted(tx, place.chat_id, place.seq, me.user_id, tx.now):
        stone = _row(tx, place)
        revs = range(1, stone.rev)
        times = store.delete_versions(tx, place, revs)
        _silence(tx, place, {stone.sent_at, stone.edited_at or stone.sent_at, *times}, revs)
        _tell(tx, MessageDeleted, views.message_view(stone, row.sender_id), row.cmid)


def versions(tx: Tx, me: Actor, place: Place, page: Page) -> VersionList:
    """What a message said at its revs, oldest first. Raises `MessageForbidden` for a deleted one, `PageInvalid`."""
    access.seat(tx, me.user_id, place.chat_id)
    if _row(tx, place).deleted_at is not None:
        raise MessageForbidden
    after = int_from_cursor(from_cursor(page.cursor, 1)[0]) if page.cursor else 0
    rows = store.list_versions(tx, place, after, page.limit + 1)
    items = [
        VersionView(one.rev, one.text, views.entities_of(one.entities), clock.text(one.at))
        for one in rows[: page.limit]
    ]
    count = fitting(items)
    more = to_cursor(rows[count - 1].rev) if len(rows) > count else None
    return VersionList(items[:count], CursorPage(more))


def sender_of(tx: Tx, place: Place) -> int:
    """Whose message it is. Raises `MessageNotFound`."""
    return int(_row(tx, place).sender_id)


def count_unread(tx: Tx, marks: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], Unread]:
    """Returns the unread counts of (chat, user) pairs after their marks, in one statement whatever their number."""
    rows = store.count_unread(tx, [(*pair, seq) for pair, seq in marks.items()])
    return {(row.chat_id, row.user_id): Unread(min(row.unread, UNREAD_MAX), row.ev) for row in rows}


def decorate_chats(tx: Tx, user_id: int, chats: Collection[ChatView]) -> None:
    """Decorator: each chat's last message."""
    heads = {(chat.id, chat.head_seq) for chat in chats if chat.head_seq}
    if not heads:
        return
    rows = {row.chat_id: row for row in store.find_many(tx, heads)}
    for chat in chats:
        if chat.id in rows:
            chat.last_message = views.message_view(rows[chat.id], user_id)


def say_created(tx: Tx, chats: list[ChatCreatedData]) -> None:
    """Listener: a group's first line says who began it."""
    for chat in chats:
        _say(tx, chat.chat_id, chat.by, Service("chat.created", [], chat.name))


def say_renamed(tx: Tx, changes: list[ChatRenamedData]) -> None:
    """Listener: a new name is said in the chat."""
    for change in changes:
        _say(tx, change.chat_id, change.by, Service("chat.renamed", [], change.name))


def say_pictured(tx: Tx, changes: list[ChatPicturedData]) -> None:
    """Listener: a new picture, or none any more, is said in the chat."""
    for change in changes:
        _say(tx, change.chat_id, change.by, Service("avatar.changed" if change.avatar else "avatar.removed", []))


def say_joined(tx: Tx, arrivals: list[PeopleCameData]) -> None:
    """Listener: who came into a group is said in it."""
    for arrival in arrivals:
        _say(tx, arrival.chat_id, arrival.by, Service("member.joined", arrival.user_ids))


def say_left(tx: Tx, departures: list[MemberLeftData]) -> None:
    """Listener: who left or was removed is said in the group."""
    for gone in departures:
        is_own = gone.by == gone.user_id
        _say(tx, gone.chat_id, gone.by, Service("member.left" if is_own else "member.removed", [gone.user_id]))


def _say(tx: Tx, chat_id: int, by: int, service: Service) -> None:
    topic = events.chat(chat_id)
    seq = tx.number({topic: 1})[topic].seq
    row = {"chat_id": chat_id, "seq": seq, "sender_id": by, "kind": "service", "text": "", "entities": "[]"}
    more = {"sent_at": tx.now, "reply_to": None, "cmid": None, "digest": digest("", seq)}
    store.insert_many(tx, [row | more | {"service": codec.encode_text(service)}])
    tx.emit(MessageCreated, views.message_view(_row(tx, Place(chat_id, seq)), 0), to=topic)


def _silence(tx: Tx, place: Place, at: Collection[int], revs: range) -> None:
    """Take the words of these revs out of the kept events too: who was away must not read them any more (I13)."""

    def change(type_: str, data: str) -> str | None:
        if type_ not in (MessageCreated.wire_name, MessageEdited.wire_name):
            return None
        view = codec.decode(data, MessageView)
        if view.seq != place.seq or view.rev not in revs:
            return None
        return codec.encode_text(msgspec.structs.replace(view, text="", entities=[]))

    journal.rewrite(tx, events.chat(place.chat_id), at, change)


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


def _tell(tx: Tx, event: events.Event, view: MessageView, cmid: str | None) -> None:
    author = (view.sender_id, {"client_msg_id": cmid}) if cmid else None
    tx.emit(event, views.public(view), to=events.chat(view.chat_id), author=author)


def _row(tx: Tx, place: Place) -> Any:
    row = store.find_message(tx, *place)
    if row is None:
        raise MessageNotFound
    return row
