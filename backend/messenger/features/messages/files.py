"""The files of messages: adds them to views, with what they show."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from messenger.db.tx import Tx
from messenger.features.media.actions import uses
from messenger.features.media.wire import MessageFiles
from messenger.features.messages.access import Page
from messenger.features.messages.wire import FILES, Has, MessageView
from messenger.kernel.errors import ValidationFailed


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
