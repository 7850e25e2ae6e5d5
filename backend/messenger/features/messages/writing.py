"""The one writer of messages: messages that people send, posts of houses above, and the lines of the server itself."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats.access import Seat
from messenger.features.media.actions import uses
from messenger.features.media.actions.uses import Use
from messenger.features.media.wire import FileWish, MessageFiles, SentFile
from messenger.features.messages import files, store, views
from messenger.features.messages.text import Entity
from messenger.features.messages.wire import FILES, Has, Kind, MessageCreated, MessageView, Service
from messenger.kernel import clock, codec, events
from messenger.kernel.errors import IdempotencyMismatch


class New(NamedTuple):
    """A message to write: checked, with its final text. `digest` tells a repeat of its `cmid` from another message."""

    chat_id: int
    sender_id: int
    text: str
    entities: list[Entity]
    cmid: str | None
    digest: str
    reply_to: int | None = None
    kind: Kind = "text"
    service: Service | None = None
    files: Sequence[SentFile] = ()


class Sent(NamedTuple):
    """The message as its author sees it, as JSON, and whether it had been sent before."""

    view: bytes
    replayed: bool


Key = tuple[int, int, str]
"""Identifies a message by its chat, its sender and its `cmid`."""


def write_many(tx: Tx, news: Sequence[New]) -> list[Sent]:
    """Writes messages in their order and emits `message.created` for each: one numbering and one statement for all, one
    more for the mentions and two for the files where there are any.
    """
    if not news:
        return []
    topics = {new.chat_id: events.chat(new.chat_id) for new in news}
    counts = Counter(new.chat_id for new in news)
    numbers = tx.number({topics[chat_id]: count for chat_id, count in counts.items()})
    next_seq = {topic.id: first.seq for topic, first in numbers.items()}
    at = clock.text(tx.now)
    rows, sent = [], []
    mentions: list[tuple[int, int, int]] = []
    used: list[Use] = []
    for new in news:
        seq = next_seq[new.chat_id]
        next_seq[new.chat_id] = seq + 1
        rows.append(_row(new, seq, tx.now))
        used += [uses.use_of(new.chat_id, seq, place, one) for place, one in enumerate(new.files)]
        author = (new.sender_id, {"client_msg_id": new.cmid}) if new.cmid else None
        view = told = _view(new, seq, at)
        if new.entities and (who := views.mentioned_in(new.entities, new.sender_id)):
            mentions += [(user_id, new.chat_id, seq) for user_id in who]
            told = views.told(view, who, ())
        seen = tx.emit(MessageCreated, told, to=topics[new.chat_id], author=author)
        sent.append(Sent(seen.encode() if told is view else views.own(view, new.cmid), replayed=False))
    store.insert_many(tx, rows)
    if mentions:
        store.insert_mentions(tx, mentions)
    if used:
        uses.use(tx, used)
    return sent


def say(tx: Tx, seat: Seat, new: New) -> Sent:
    """Writes a message of the member of `seat`, for a house above; a repeat of its `cmid` gets the first answer (R2).

    Raises `IdempotencyMismatch` where the `cmid` belongs to a message with another digest.
    """
    assert (new.chat_id, new.sender_id) == (seat.chat_id, seat.user_id), "a seat speaks for its own member alone"
    key = (new.chat_id, new.sender_id, new.cmid) if new.cmid else None
    known = find_known(tx, [key] if key else [])
    return repeated(tx, known[key], new.sender_id, new.digest) if key in known else write_many(tx, [new])[0]


def tell(tx: Tx, event: events.Event[MessageView], view: MessageView, cmid: str | None) -> None:
    """Emits the new state of a message; its author's devices also get the `cmid` they know it by."""
    author = (view.sender_id, {"client_msg_id": cmid}) if cmid else None
    tx.emit(event, views.public(view), to=events.chat(view.chat_id), author=author)


def find_known(tx: Tx, keys: Collection[Key]) -> dict[Key | None, Any]:
    """Returns the rows of messages that exist already, by key. No statement without keys."""
    rows = store.find_sent(tx, keys) if keys else []
    return {(row.chat_id, row.sender_id, row.cmid): row for row in rows}


def repeated(tx: Tx, row: Any, user_id: int, digest: str) -> Sent:
    """Returns the first answer to a message once more (R2). Raises `IdempotencyMismatch` for another digest."""
    if row.digest != digest:
        raise IdempotencyMismatch
    view = views.first_view(row, user_id)
    files.add(tx, [row], {(row.chat_id, row.seq): view})
    return Sent(codec.encode(view), replayed=True)


def digest_of(text: str, reply_to: int | None, wanted: Sequence[FileWish] = ()) -> str:
    """Returns the digest that distinguishes a repeat from another message under the same id."""
    said = f"{reply_to or 0}\n{text}"
    if wanted:
        said += f"\0{codec.encode_text(wanted)}"
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def _row(new: New, seq: int, now: int) -> dict[str, Any]:
    return {
        "chat_id": new.chat_id,
        "seq": seq,
        "sender_id": new.sender_id,
        "kind": new.kind,
        "text": new.text,
        "entities": codec.encode_text(new.entities) if new.entities else "[]",
        "service": codec.encode_text(new.service) if new.service else None,
        "sent_at": now,
        "reply_to": new.reply_to,
        "cmid": new.cmid,
        "digest": new.digest,
        "has": (int(Has.FILES) if new.files else 0) | views.link_bit(new.entities),
    }


def _view(new: New, seq: int, at: str) -> MessageView:
    view = MessageView(
        chat_id=new.chat_id,
        seq=seq,
        kind=new.kind,
        sender_id=new.sender_id,
        text=new.text,
        entities=new.entities,
        service=new.service,
        sent_at=at,
        rev=1,
        edited_at=None,
        deleted_at=None,
        deleted_by=None,
        reply_to=new.reply_to,
    )
    if new.files:
        FILES.put(view, MessageFiles(list(new.files)))
    return view
