"""Reads of messages: one message, its versions, unread counts, the last message of a chat."""

from collections.abc import Mapping
from typing import Final

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.wire import ChatViews, MemberState
from messenger.features.messages import files, store, views
from messenger.features.messages.access import Place, decorate, row_at
from messenger.features.messages.errors import MessageForbidden
from messenger.features.messages.wire import MessageView, VersionList, VersionView
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from messenger.kernel.paging import CursorPage, Page, fitting, from_cursor, int_from_cursor, to_cursor

UNREAD_MAX: Final = 1_000
"""The most unread messages that are counted; this number means so many or more."""


def get_message(tx: Tx, me: Actor, place: Place) -> MessageView:
    """Returns one message. Raises `ChatNotFound`, `MessageNotFound`."""
    seat = access.seat(tx, me.user_id, place.chat_id)
    row = row_at(tx, place)
    view = views.message_view(row, me.user_id)
    decorate(tx, seat, [row], [view])
    return view


def versions(tx: Tx, me: Actor, place: Place, page: Page) -> VersionList:
    """Returns the texts of a message at its revs, oldest first.

    Raises `MessageForbidden` for a deleted one, `PageInvalid`.
    """
    access.seat(tx, me.user_id, place.chat_id)
    if row_at(tx, place).deleted_at is not None:
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


def count_unread(tx: Tx, states: Mapping[access.Pair, MemberState]) -> None:
    """Fills in the unread messages and mentions of members, in one statement however many they are."""
    wants = [(*pair, one.unread_after, one.read_seq) for pair, one in states.items()]
    count = store.count_marked if any(after < mark for _, _, after, mark in wants) else store.count_unread
    for row in count(tx, wants):
        state = states[(row.chat_id, row.user_id)]
        state.unread, state.mentions, state.at_ev = min(row.unread, UNREAD_MAX), row.mentions, row.ev


def decorate_chats(tx: Tx, page: ChatViews) -> None:
    """Fills in each chat's last message."""
    heads = {(chat.id, chat.head_seq) for chat in page.views if chat.head_seq}
    if not heads:
        return
    rows = {row.chat_id: row for row in store.find_many(tx, heads)}
    for chat in page.views:
        if chat.id in rows:
            chat.last_message = views.message_view(rows[chat.id], page.user_id)
    files.add(tx, list(rows.values()), {(one.id, one.head_seq): one.last_message for one in page.views})
