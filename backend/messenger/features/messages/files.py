"""The files of messages: adds them to views."""

from collections.abc import Mapping, Sequence
from typing import Any

from messenger.db.tx import Tx
from messenger.features.media.actions import uses
from messenger.features.messages.access import Page
from messenger.features.messages.wire import FILES, Has, MessageView


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
