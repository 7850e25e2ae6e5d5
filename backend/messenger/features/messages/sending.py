"""The hot verb: sends in the plural."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from messenger.db.tx import Tx
from messenger.features.accounts import access as accounts
from messenger.features.chats import access
from messenger.features.chats.access import ChatNotFound, Seat
from messenger.features.messages import policy, store, views
from messenger.features.messages.text import Entity, People, normalise, parse
from messenger.features.messages.wire import MessageCreated, MessageView
from messenger.kernel import clock, codec, events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError, IdempotencyMismatch


class SendWish(NamedTuple):
    """One send; `text_max` in code points."""

    me: Actor
    chat_id: int
    text: str
    cmid: str | None
    reply_to: int | None
    mentions: Sequence[int]
    text_max: int


class Sent(NamedTuple):
    """The message as its author sees it, as JSON, and whether it had been sent before."""

    view: bytes
    replayed: bool


Key = tuple[int, int, str]


def send_many(tx: Tx, wishes: list[SendWish]) -> list[Sent | AppError]:
    """Send; each wish gets its own answer. Six statements, however many wishes; a seventh when somebody is mentioned."""
    seats = access.seats(
        tx, {(wish.chat_id, user_id) for wish in wishes for user_id in (wish.me.user_id, *wish.mentions)}
    )
    known = _known(tx, wishes)
    answers: list[Sent | AppError | None] = []
    fresh: list[tuple[int, SendWish]] = []
    first_of: dict[Key, int] = {}
    for place, wish in enumerate(wishes):
        key = _key(wish)
        answer: Sent | AppError | None = None
        try:
            if key in known:
                # Whatever has become of the seat since: refused, it would be there all the same.
                answer = _again(wish, known[key])
            else:
                _check(wish, seats.get((wish.chat_id, wish.me.user_id)))
                if key not in first_of:
                    first_of[key or (place, 0, "")] = place
                    fresh.append((place, wish))
        except AppError as error:
            answer = error
        answers.append(answer)
    people = mentioned(tx, seats, [(wish.chat_id, wish.mentions) for _, wish in fresh])
    for place, sent in zip((place for place, _ in fresh), _insert(tx, fresh, people), strict=True):
        answers[place] = sent
    return [
        answer if answer is not None else _twin(wish, wishes, answers, first_of)
        for wish, answer in zip(wishes, answers, strict=True)
    ]


def _key(wish: SendWish) -> Key | None:
    return (wish.chat_id, wish.me.user_id, wish.cmid) if wish.cmid else None


def _known(tx: Tx, wishes: list[SendWish]) -> dict[Key | None, Any]:
    keys = {key for wish in wishes if (key := _key(wish))}
    rows = store.find_sent(tx, keys) if keys else []
    return {(row.chat_id, row.sender_id, row.cmid): row for row in rows}


def _check(wish: SendWish, seat: Seat | None) -> None:
    if seat is None:
        raise ChatNotFound
    policy.may_send(seat, wish.text, wish.reply_to, wish.text_max)


def _again(wish: SendWish, row: Any) -> Sent:
    """The first answer once more (R2)."""
    if row.digest != digest(wish.text, wish.reply_to):
        raise IdempotencyMismatch
    return Sent(codec.encode(views.first_view(row, wish.me.user_id)), replayed=True)


def _twin(
    wish: SendWish, wishes: list[SendWish], answers: list[Sent | AppError | None], first_of: dict[Key, int]
) -> Sent | AppError:
    """The same id twice in one batch: the second gets the first one's answer."""
    key = _key(wish)
    assert key is not None
    place = first_of[key]
    first = answers[place]
    if isinstance(first, Sent):
        if digest(wish.text, wish.reply_to) != digest(wishes[place].text, wishes[place].reply_to):
            return IdempotencyMismatch()
        return Sent(first.view, replayed=True)
    assert first is not None
    return first


def _insert(tx: Tx, fresh: list[tuple[int, SendWish]], people: list[People]) -> list[Sent]:
    if not fresh:
        return []
    counts = Counter(events.chat(wish.chat_id) for _, wish in fresh)
    numbers = tx.number(dict(counts))
    next_seq = {topic.id: first.seq for topic, first in numbers.items()}
    at = clock.text(tx.now)
    rows, sent = [], []
    for (_, wish), named in zip(fresh, people, strict=True):
        seq = next_seq[wish.chat_id]
        next_seq[wish.chat_id] = seq + 1
        text = normalise(wish.text)
        entities = parse(text, named)
        rows.append(_row(wish, seq, text, entities, tx.now))
        view = _view(wish, seq, text, entities, at)
        author = (wish.me.user_id, {"client_msg_id": wish.cmid}) if wish.cmid else None
        seen = tx.emit(MessageCreated, view, to=events.chat(wish.chat_id), author=author)
        sent.append(Sent(seen.encode(), replayed=False))
    store.insert_many(tx, rows)
    return sent


def _row(wish: SendWish, seq: int, text: str, entities: list[Entity], now: int) -> dict[str, Any]:
    return {
        "chat_id": wish.chat_id,
        "seq": seq,
        "sender_id": wish.me.user_id,
        "kind": "text",
        "text": text,
        "entities": codec.encode_text(entities) if entities else "[]",
        "service": None,
        "sent_at": now,
        "reply_to": wish.reply_to,
        "cmid": wish.cmid,
        "digest": digest(wish.text, wish.reply_to),
    }


def _view(wish: SendWish, seq: int, text: str, entities: list[Entity], at: str) -> MessageView:
    return MessageView(
        chat_id=wish.chat_id,
        seq=seq,
        kind="text",
        sender_id=wish.me.user_id,
        text=text,
        entities=entities,
        service=None,
        sent_at=at,
        rev=1,
        edited_at=None,
        deleted_at=None,
        deleted_by=None,
        reply_to=wish.reply_to,
    )


def mentioned(tx: Tx, seats: Collection[tuple[int, int]], wishes: Sequence[tuple[int, Sequence[int]]]) -> list[People]:
    """Returns who is mentioned, per wish `(chat id, user ids)`: those with a seat, in the order of the wish.

    No statement when nobody is mentioned, one otherwise. `seats`: (chat id, user id) of the members among them.
    """
    members = [[user_id for user_id in user_ids if (chat_id, user_id) in seats] for chat_id, user_ids in wishes]
    users = accounts.users(tx, {user_id for user_ids in members for user_id in user_ids})
    return [[(users[user_id].name, user_id) for user_id in user_ids] for user_ids in members]


def digest(text: str, reply_to: int | None) -> str:
    """What tells a repeat from another message under the same id."""
    return hashlib.blake2b(f"{reply_to or 0}\n{text}".encode(), digest_size=12).hexdigest()
