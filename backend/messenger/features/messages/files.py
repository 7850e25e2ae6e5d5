"""The files of messages: adds them to views, with what they show, and lists those of a chat."""

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

import msgspec

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.media.actions import uses
from messenger.features.media.actions.uses import Placed, Start
from messenger.features.media.wire import ListKind, MessageFiles
from messenger.features.messages import store
from messenger.features.messages.access import Page
from messenger.features.messages.wire import FILES, ChatFile, ChatFileList, Has, MessageView
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from messenger.kernel.errors import PageInvalid, ValidationFailed
from messenger.kernel.paging import CursorPage, fitting, from_cursor, int_from_cursor, seq_of, to_cursor


def decorate(tx: Tx, page: Page) -> None:
    """Adds files to the messages of a page that hold any."""
    seqs = page.having(Has.FILES)
    if seqs:
        for (_, seq), found in uses.list_files(tx, {(page.seat.chat_id, seq) for seq in seqs}).items():
            page.put(seq, FILES, found)


def add(tx: Tx, rows: Sequence[Any], views: Mapping[tuple[int, int], MessageView]) -> None:
    """Adds files to views of single messages, by (chat, seq), whose rows are these; no statement where none has any."""
    places = {(row.chat_id, row.seq) for row in rows if row.has & Has.FILES}
    for place, found in uses.list_files(tx, places).items():
        FILES.put(views[place], found)


def described(tx: Tx, row: Any, alts: Sequence[str] | None) -> MessageFiles | None:
    """Returns the files of a message with other descriptions, one of each; `None` where all stay as they are.

    Raises `ValidationFailed` for another number of them.
    """
    if alts is None:
        return None
    place = (row.chat_id, row.seq)
    found = uses.list_files(tx, [place] if row.has & Has.FILES else []).get(place)
    items = found.items if found else []
    if len(items) != len(alts):
        message = f"this message needs {len(items)} of them"
        raise ValidationFailed(errors=[{"loc": ["body", "alts"], "code": "invalid", "message": message}])
    if all(one.alt == alt for one, alt in zip(items, alts, strict=True)):
        return None
    return MessageFiles([msgspec.structs.replace(one, alt=alt) for one, alt in zip(items, alts, strict=True)])


def kind_of(query: Mapping[str, str]) -> ListKind:
    """Returns the kind of files that a caller asks for. Raises `PageInvalid`."""
    asked, kinds = query.get("kind", "media"), get_args(ListKind)
    if asked not in kinds:
        raise PageInvalid(reason=f"kind is {', '.join(kinds)}")
    return cast(ListKind, asked)


def start_of(query: Mapping[str, str]) -> Start:
    """Returns where the page begins that a caller asks for: at a cursor, or beside a message. Raises `PageInvalid`."""
    if "before" in query and "after" in query:
        raise PageInvalid(reason="only one of before and after")
    before, after, rising = seq_of(query, "before"), seq_of(query, "after"), "after" in query
    if query.get("cursor"):
        seq, place = map(int_from_cursor, from_cursor(query["cursor"], 2))
        return Start((seq, place), rising)
    if rising:
        return Start((after + 1, -1), rising)
    return Start((before, 0) if "before" in query else None)


def list_in_chat(tx: Tx, me: Actor, chat_id: int, kind: ListKind, page: tuple[Start, int]) -> ChatFileList:
    """Returns the files of one kind in a chat, at most a number of them. Raises `ChatNotFound`."""
    access.seat(tx, me.user_id, chat_id)
    start, limit = page
    found = uses.list_in_chat(tx, chat_id, kind, start, limit + 1)
    messages = {row.seq: row for row in store.find_many(tx, {(chat_id, one.seq) for one in found})} if found else {}
    items = [_placed(messages[one.seq], one) for one in found[:limit]]
    count = fitting(items)
    more = to_cursor(items[count - 1].seq, items[count - 1].place) if len(found) > count else None
    return ChatFileList(items[:count], CursorPage(more))


def _placed(row: Any, one: Placed) -> ChatFile:
    return ChatFile(row.chat_id, row.seq, one.place, row.sender_id, clock.text(row.sent_at), one.file)
