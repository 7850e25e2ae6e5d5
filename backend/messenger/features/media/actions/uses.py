"""The uses of files by messages: who may use a file, that a message holds it, and that it does so no more."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.media import store, views
from messenger.features.media.actions.files import Collect, stage
from messenger.features.media.errors import FileNotFound, FileNotReady
from messenger.features.media.wire import ListKind, MessageFiles, SentFile

Want = tuple[int, int]
"""A user, and a file that they want to read or to send."""


class Use(NamedTuple):
    """A file in a message, at a place of it."""

    chat_id: int
    seq: int
    place: int
    file_id: int
    kind: ListKind
    alt: str


class Placed(NamedTuple):
    """A file and its place: the message at `seq`, and which of its files it is."""

    seq: int
    place: int
    file: SentFile


class Start(NamedTuple):
    """The beginning of a page of a chat's files: beyond a (seq, place), newest first or rising."""

    beyond: tuple[int, int] | None = None
    rising: bool = False


_LISTS: Final[Mapping[str, ListKind]] = {"photo": "media", "gif": "media", "video": "media", "voice": "voice"}


class Ready:
    """The files that people may send, locked until the commit. The streams of their chats are locked already."""

    def __init__(self, tx: Tx, wants: Collection[Want]) -> None:
        rows = {row.id: row for row in store.hold_files(tx, {file_id for _, file_id in wants})} if wants else {}
        mine = {want for want in wants if want[1] in rows and rows[want[1]].user_id == want[0]}
        others = {want for want in wants if want[1] in rows} - mine
        seen = mine | seen_in_chats(tx, others)
        self._rows = {want: rows[want[1]] for want in seen}
        missing = {user_id for user_id, _ in set(wants) - seen}
        self._making = {(user_id, file_id) for user_id in missing for file_id in store.list_making(tx, user_id)}

    def get(self, want: Want, alt: str) -> SentFile:
        """Returns a file as a message holds it. Raises `FileNotReady`, `FileNotFound`."""
        if want in self._making:
            raise FileNotReady(retry_after_ms=1000)
        if want not in self._rows:
            raise FileNotFound
        return views.sent_file(self._rows[want], alt)


def seen_in_chats(tx: Tx, wants: Collection[Want]) -> set[Want]:
    """Returns those of the (user, file) pairs whose user is in a chat where a message holds the file."""
    if not wants:
        return set()
    chats: dict[int, list[int]] = defaultdict(list)
    for row in store.list_chats(tx, {file_id for _, file_id in wants}):
        chats[row.file_id].append(row.chat_id)
    seats = access.seats(tx, {(chat_id, user_id) for user_id, file_id in wants for chat_id in chats[file_id]})
    return {want for want in wants if any((chat_id, want[0]) in seats for chat_id in chats[want[1]])}


def readable(tx: Tx, user_id: int, file_id: int) -> Any:
    """Returns the row of a file that a person may read: their own, or one of a chat of theirs. Raises
    `FileNotFound`.
    """
    row = store.find_file(tx, file_id)
    if row is None or (row.user_id != user_id and not seen_in_chats(tx, [(user_id, file_id)])):
        raise FileNotFound
    return row


def use_of(chat_id: int, seq: int, place: int, file: SentFile) -> Use:
    """Returns the use of a file by a message."""
    other: ListKind = "audio" if file.type.startswith("audio/") else "file"
    return Use(chat_id, seq, place, file.id, _LISTS.get(file.kind, other), file.alt)


def use(tx: Tx, uses: Sequence[Use]) -> None:
    """Writes that messages hold files, which are locked since they were found ready."""
    rows = [one._asdict() for one in uses]
    store.insert_uses(tx, rows)
    store.count_uses(tx, rows)
    store.raise_uses(tx, Counter(one.file_id for one in uses))


def describe(tx: Tx, chat_id: int, seq: int, alts: Sequence[str]) -> None:
    """Gives the files of a message other descriptions, in their order."""
    store.update_alts(tx, chat_id, seq, alts)


def release(tx: Tx, chat_id: int, seqs: Collection[int]) -> None:
    """Takes the files out of messages; a file that no message holds any more is collected later.

    The stream of the chat is locked.
    """
    counts = Counter(store.delete_uses(tx, chat_id, seqs))
    if not counts:
        return
    held = store.hold_files(tx, counts)
    unused = [row for row in held if row.uses == counts[row.id]]
    store.lower_uses(tx, counts, tx.now)
    store.discount_uses(tx, chat_id, counts.total(), sum(row.stored * counts[row.id] for row in held))
    for row in unused:
        stage(tx, Collect(row.id, tx.now))


def list_files(tx: Tx, places: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], MessageFiles]:
    """Returns the files of messages at (chat, seq) places."""
    found: dict[tuple[int, int], MessageFiles] = defaultdict(lambda: MessageFiles([]))
    for row in store.list_uses(tx, places) if places else ():
        found[row.chat_id, row.seq].items.append(views.sent_file(row, row.alt))
    return found


def list_in_chat(tx: Tx, chat_id: int, kind: ListKind, start: Start, most: int) -> list[Placed]:
    """Returns the next files of one kind in the messages of a chat."""
    rows = store.list_in_chat(tx, chat_id, kind, start.beyond, most, rising=start.rising)
    return [Placed(row.seq, row.place, views.sent_file(row, row.alt)) for row in rows]
