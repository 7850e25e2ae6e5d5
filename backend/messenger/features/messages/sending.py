"""The hot verb: sends in the plural."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.access import ChatNotFound, Seat
from messenger.features.media.actions.uses import Ready, Want
from messenger.features.media.wire import FileWish, SentFile
from messenger.features.messages import policy
from messenger.features.messages.text import People, normalise, parse
from messenger.features.messages.writing import Key, New, Sent, digest_of, find_known, repeated, write_many
from messenger.features.people import access as people
from messenger.kernel import events
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
    files: Sequence[FileWish] = ()

    @property
    def wants(self) -> list[Want]:
        """Returns the files that it wants, each with the person who wants it."""
        return [(self.me.user_id, one.id) for one in self.files]

    @property
    def digest(self) -> str:
        """Returns what distinguishes it from another wish under the same id."""
        return digest_of(self.text, self.reply_to, self.files)


def send_many(tx: Tx, wishes: list[SendWish]) -> list[Sent | AppError]:
    """Sends messages; each wish gets its own answer.

    Six statements, however many wishes; a seventh when one mentions a person; four more when one holds files.
    """
    seats = access.seats(
        tx, {(wish.chat_id, user_id) for wish in wishes for user_id in (wish.me.user_id, *wish.mentions)}
    )
    keys = [_key(wish) for wish in wishes]
    known = find_known(tx, {key for key in keys if key})
    ready = _ready(tx, [wish for wish, key in zip(wishes, keys, strict=True) if key not in known], seats)
    answers: list[Sent | AppError | None] = []
    fresh: list[tuple[int, SendWish]] = []
    first_of: dict[Key, int] = {}
    for place, (wish, key) in enumerate(zip(wishes, keys, strict=True)):
        answer: Sent | AppError | None = None
        try:
            if key in known:
                # Whatever has become of the seat since: the message exists, and a refusal would be wrong.
                answer = repeated(tx, known[key], wish.me.user_id, wish.digest)
            else:
                _check(wish, seats.get((wish.chat_id, wish.me.user_id)), ready)
                if key not in first_of:
                    first_of[key or (place, 0, "")] = place
                    fresh.append((place, wish))
        except AppError as error:
            answer = error
        answers.append(answer)
    people = mentioned(tx, seats, [(wish.chat_id, wish.mentions) for _, wish in fresh])
    news = [_new(wish, named, ready) for (_, wish), named in zip(fresh, people, strict=True)]
    for (place, _), sent in zip(fresh, write_many(tx, news), strict=True):
        answers[place] = sent
    return [
        answer if answer is not None else _twin(wish, wishes, answers, first_of)
        for wish, answer in zip(wishes, answers, strict=True)
    ]


def _key(wish: SendWish) -> Key | None:
    return (wish.chat_id, wish.me.user_id, wish.cmid) if wish.cmid else None


def _ready(tx: Tx, wishes: Sequence[SendWish], seats: Collection[tuple[int, int]]) -> Ready | None:
    """Returns the files that the wishes may use; `None` without a statement where they want none.

    All streams are locked before any file, as everywhere: the numbers are taken later.
    """
    if not any(wish.files for wish in wishes):
        return None
    granted = [wish for wish in wishes if (wish.chat_id, wish.me.user_id) in seats]
    tx.hold({events.chat(wish.chat_id) for wish in granted})
    return Ready(tx, {want for wish in granted for want in wish.wants})


def _check(wish: SendWish, seat: Seat | None, ready: Ready | None) -> None:
    if seat is None:
        raise ChatNotFound
    policy.may_send(seat, wish.text, wish.reply_to, wish.text_max, has_files=bool(wish.files))
    _files(wish, ready)


def _files(wish: SendWish, ready: Ready | None) -> Sequence[SentFile]:
    """Returns the files of a wish. Raises `FileNotFound`, `FileNotReady`, `FileAlone`."""
    found = [] if ready is None else [ready.get((wish.me.user_id, one.id), one.alt) for one in wish.files]
    policy.may_be_together(found)
    return found


def _new(wish: SendWish, named: People, ready: Ready | None) -> New:
    text = normalise(wish.text)
    return New(
        wish.chat_id, wish.me.user_id, text, parse(text, named), wish.cmid, wish.digest, wish.reply_to,
        files=_files(wish, ready),
    )  # fmt: skip


def _twin(
    wish: SendWish, wishes: list[SendWish], answers: list[Sent | AppError | None], first_of: dict[Key, int]
) -> Sent | AppError:
    """Returns the answer to the same id twice in one batch: the second gets the first one's answer."""
    key = _key(wish)
    assert key is not None
    place = first_of[key]
    first = answers[place]
    if isinstance(first, Sent):
        if wish.digest != wishes[place].digest:
            return IdempotencyMismatch()
        return Sent(first.view, replayed=True)
    assert first is not None
    return first


def mentioned(tx: Tx, seats: Collection[tuple[int, int]], wishes: Sequence[tuple[int, Sequence[int]]]) -> list[People]:
    """Returns the mentioned people, per wish `(chat id, user ids)`: those with a seat, in the order of the wish.

    Runs no statement without mentions, one otherwise. `seats`: (chat id, user id) of the members among them.
    """
    if not any(user_ids for _, user_ids in wishes):
        return [()] * len(wishes)
    members = [[user_id for user_id in user_ids if (chat_id, user_id) in seats] for chat_id, user_ids in wishes]
    users = people.users(tx, {user_id for user_ids in members for user_id in user_ids})
    return [[(users[user_id].name, user_id) for user_id in user_ids] for user_ids in members]
