"""Reads pages of a chat's messages."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.access import Seat
from messenger.features.messages import store, views
from messenger.features.messages.access import decorate
from messenger.features.messages.wire import LinkList, MentionList, MentionPage, MessageList, MessagePage, MessageView
from messenger.kernel import clock, events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import PageInvalid
from messenger.kernel.events import Topic
from messenger.kernel.paging import (
    PAGE_MAX_BYTES,
    CursorPage,
    fitting,
    from_cursor,
    int_from_cursor,
    page_of,
    seq_of,
    to_cursor,
)
from messenger.kernel.paging import Page as Wanted


class Anchor(NamedTuple):
    """The position of a page: `before`, `after` or `around` a value, and how many messages it may hold."""

    side: str
    value: str
    limit: int

    @property
    def goes_back(self) -> bool:
        """Returns whether the page is about earlier messages, not about the end or the read mark."""
        return self.side == "before" or (self.side == "around" and self.value not in ("newest", "first_unread"))


def anchor_of(query: Mapping[str, str]) -> Anchor:
    """Returns the anchor a caller asks for; the newest page without one. Raises `PageInvalid`."""
    sides = [side for side in ("before", "after", "around") if side in query]
    if len(sides) > 1:
        raise PageInvalid(reason="only one of before, after and around")
    limit = page_of(query).limit
    side = sides[0] if sides else "around"
    value = query.get(side, "newest")
    if side != "around":
        seq_of(query, side)
    return Anchor(side, value, limit)


def reach(tx: Tx, me: Actor, chat_id: int) -> dict[Topic, int]:
    """Returns the last changes of a chat and of my own stream, from which a page follows. Raises `ChatNotFound`."""
    head_ev = access.seat(tx, me.user_id, chat_id).head_ev
    return {events.chat(chat_id): head_ev, **journal.heads(tx, [events.user(me.user_id)])}


def history(tx: Tx, me: Actor, chat_id: int, anchor: Anchor) -> MessageList:
    """Returns a page of messages by rising seq. Raises `ChatNotFound`, `PageInvalid`."""
    seat = access.seat(tx, me.user_id, chat_id)
    earlier, later = _rows(tx, seat, anchor)
    items = _fitting(views.message_views(earlier, me.user_id), views.message_views(later, me.user_id))
    decorate(tx, seat, [*earlier, *later], items)
    first, last = (items[0].seq, items[-1].seq) if items else (None, None)
    # An empty page is before the first message or after the last one: all messages are on its other side.
    is_end = anchor.side != "before"
    page = MessagePage(
        has_before=first > 1 if first else is_end and seat.head_seq > 0,
        has_after=last < seat.head_seq if last else not is_end and seat.head_seq > 0,
        before=first,
        after=last,
        at_ev=seat.head_ev,
    )
    return MessageList(items, page)


def list_mentions(tx: Tx, me: Actor, chat_id: int, after: int, limit: int) -> MentionList:
    """Returns the seqs beyond `after` of messages that mention me. Raises `ChatNotFound`."""
    seat = access.seat(tx, me.user_id, chat_id)
    seqs = store.list_mentions(tx, chat_id, me.user_id, after, limit + 1)
    return MentionList(seqs[:limit], MentionPage(len(seqs) > limit, seat.head_ev))


def list_links(tx: Tx, me: Actor, chat_id: int, page: Wanted) -> LinkList:
    """Returns the messages of a chat that link to the web, newest first. Raises `ChatNotFound`, `PageInvalid`."""
    seat = access.seat(tx, me.user_id, chat_id)
    before = int_from_cursor(*from_cursor(page.cursor, 1)) if page.cursor else None
    rows = store.list_linked(tx, chat_id, before, page.limit + 1)
    items = views.message_views(rows[: page.limit], me.user_id)
    decorate(tx, seat, rows[: page.limit], items)
    count = fitting(items)
    return LinkList(items[:count], CursorPage(to_cursor(items[count - 1].seq) if len(rows) > count else None))


def _rows(tx: Tx, seat: Seat, anchor: Anchor) -> tuple[list[Any], list[Any]]:
    """Returns the rows before the anchor and from it on, by rising seq."""
    if anchor.side == "before":
        return store.list_before(tx, seat.chat_id, int(anchor.value), anchor.limit), []
    if anchor.side == "after":
        return [], store.list_from(tx, seat.chat_id, int(anchor.value) + 1, anchor.limit)
    middle = _seq_of(tx, seat, anchor.value)
    later = store.list_from(tx, seat.chat_id, middle, anchor.limit)
    # Half on each side; if one side has too few, the other gives more.
    wanted = anchor.limit - min(len(later), anchor.limit - anchor.limit // 2)
    earlier = store.list_before(tx, seat.chat_id, middle, wanted)
    return earlier, later[: anchor.limit - len(earlier)]


def _fitting(earlier: list[MessageView], later: list[MessageView]) -> list[MessageView]:
    """Returns the messages next to the anchor that a page has room for, on both sides of it."""
    most = PAGE_MAX_BYTES // 2 if earlier and later else PAGE_MAX_BYTES
    first = len(earlier) - fitting(earlier[::-1], most)
    return earlier[first:] + later[: fitting(later, most)]


def _seq_of(tx: Tx, seat: Seat, value: str) -> int:
    if value == "newest":
        return seat.head_seq
    if value == "first_unread":
        return access.unread_after(tx, seat) + 1
    if value.isdecimal() and len(value) <= 16:
        return int(value)
    try:
        return _seq_at(tx, seat, clock.parse(value))
    except ValueError:
        raise PageInvalid(reason="around is a seq, first_unread, newest or a time") from None


def _seq_at(tx: Tx, seat: Seat, at: int) -> int:
    """Returns the last message not later than a time, by bisection: seq is dense and rises with time."""
    low, high = 1, seat.head_seq + 1
    while low < high:
        middle = (low + high) // 2
        if store.get_sent_at(tx, seat.chat_id, middle) <= at:
            low = middle + 1
        else:
            high = middle
    return max(low - 1, 1)
