"""The verbs of reactions: setting many, listing who reacted, and the reactions on a page of messages."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats.access import ChatNotFound, Pair, Seat
from messenger.features.messages import access as messages
from messenger.features.messages.access import Place
from messenger.features.messages.errors import MessageNotFound
from messenger.features.messages.wire import Has, MessagesGoneData
from messenger.features.reactions import policy, store
from messenger.features.reactions.wire import (
    REACTIONS,
    ReactionChanged,
    ReactionChangedData,
    ReactionCount,
    ReactionList,
    Reactions,
    ReactionView,
)
from messenger.kernel import clock, events
from messenger.kernel.actor import Actor
from messenger.kernel.errors import AppError
from messenger.kernel.paging import CursorPage, Page, from_cursor, int_from_cursor, to_cursor

RECENT: Final = 3
SUMMARY_MS: Final = 3_000
"""The shortest time between two summaries of the reactions to a message of a large chat."""
SUMMARY_JOB: Final = "reactions.summary"

Looker = tuple[Place, int]
"""A message and a user who looks at it."""


class ReactWish(NamedTuple):
    """Wishes that my reaction `emoji` to a message is on, or off."""

    me: Actor
    place: Place
    emoji: str
    on: bool

    @property
    def pair(self) -> Pair:
        """Returns the chat, and the user whose seat in it is needed."""
        return self.place.chat_id, self.me.user_id


class Ledger:
    """Holds the stored reactions to messages, and applies wishes to them.

    A writer holds the streams of the chats before it reads, so that an event has the whole stored state of a
    message.
    """

    def __init__(self, tx: Tx, lookers: Collection[Looker]) -> None:
        self._tx = tx
        self._people: dict[Place, dict[str, int]] = defaultdict(dict)
        self._first_at: dict[tuple[Place, str], int] = {}
        self._mine: dict[Looker, dict[str, int]] = defaultdict(dict)
        self.changed: dict[tuple[Place, str, int], bool] = {}
        for row in store.list_tallies(tx, {(*place, user_id) for place, user_id in lookers}) if lookers else ():
            place = Place(row.chat_id, row.seq)
            self._people[place][row.emoji] = row.people
            self._first_at[place, row.emoji] = row.first_at
            if row.at is not None:
                self._mine[place, row.user_id][row.emoji] = row.at

    def apply(self, wish: ReactWish) -> None:
        """Grants a wish; a wish whose state is already there changes nothing. Raises `TooManyReactions`."""
        people, mine = self._people[wish.place], self._mine[wish.place, wish.me.user_id]
        if wish.on == (wish.emoji in mine):
            return
        if wish.on:
            policy.may_add(wish.emoji, people, mine)
            mine[wish.emoji] = self._tx.now
            people[wish.emoji] = people.get(wish.emoji, 0) + 1
            self._first_at.setdefault((wish.place, wish.emoji), self._tx.now)
        else:
            del mine[wish.emoji]
            people[wish.emoji] -= 1
            if not people[wish.emoji]:
                del people[wish.emoji], self._first_at[wish.place, wish.emoji]
        key = wish.place, wish.emoji, wish.me.user_id
        if self.changed.pop(key, None) is None:  # on and off again within one batch is no change
            self.changed[key] = wish.on

    def write(self, rows: Mapping[Place, Any]) -> None:
        """Writes the changes, with as few statements for many wishes as for one. `rows`: the rows of the messages."""
        tx = self._tx
        added = [(*place, emoji, user_id) for (place, emoji, user_id), on in self.changed.items() if on]
        removed = [(*place, emoji, user_id) for (place, emoji, user_id), on in self.changed.items() if not on]
        kinds = {(place, emoji) for place, emoji, _ in self.changed}
        chosen = {(*place, emoji): self._people[place].get(emoji, 0) for place, emoji in kinds}
        if added:
            store.insert_reactions(tx, added, tx.now)
        if new := {place for place, _ in kinds if not rows[place].has & Has.REACTIONS}:
            messages.note(tx, new, Has.REACTIONS)
        if removed:
            store.delete_reactions(tx, removed)
        if kept := {kind: people for kind, people in chosen.items() if people}:
            store.write_tallies(tx, kept, tx.now)
        if gone := chosen.keys() - kept.keys():
            store.delete_tallies(tx, gone)

    def counts_of(self, place: Place) -> list[ReactionCount]:
        """Returns how many people chose each emoji for a message, first chosen first."""
        found = sorted(self._people[place], key=lambda emoji: (self._first_at[place, emoji], emoji))
        return [ReactionCount(emoji, self._people[place][emoji]) for emoji in found]

    def mine_of(self, looker: Looker) -> list[str]:
        """Returns what a user chose for a message, in that order."""
        return sorted(self._mine[looker], key=lambda emoji: (self._mine[looker][emoji], emoji))

    def shown(self, lookers: Collection[Looker], seats: Mapping[Pair, Seat]) -> dict[Looker, Reactions]:
        """Returns the reactions to messages as users see them."""
        people: dict[Place, list[int]] = defaultdict(list)
        small = {place for place, user_id in lookers if not seats[place.chat_id, user_id].is_large}
        for row in store.list_people(self._tx, small) if small else ():
            people[Place(row.chat_id, row.seq)].append(row.user_id)
        return {
            (place, user_id): Reactions(
                self.counts_of(place),
                self.mine_of((place, user_id)),
                people[place][:RECENT],
                seats[place.chat_id, user_id].head_ev,
            )
            for place, user_id in lookers
        }


def react_many(tx: Tx, wishes: list[ReactWish]) -> list[Reactions | AppError]:
    """Sets and removes reactions; returns for each wish the reactions to its message, or its refusal."""
    seats = access.seats(tx, {wish.pair for wish in wishes})
    if seats:
        tx.hold({events.chat(chat_id) for chat_id, _ in seats})
    rows = messages.rows_at(tx, {wish.place for wish in wishes if wish.pair in seats})
    ledger = Ledger(tx, {(wish.place, wish.me.user_id) for wish in wishes if wish.place in rows})
    refusals = [_grant(ledger, wish, seats.get(wish.pair), rows.get(wish.place)) for wish in wishes]
    ledger.write(rows)
    granted = {(wish.place, wish.me.user_id) for wish, refusal in zip(wishes, refusals, strict=True) if refusal is None}
    shown = ledger.shown(granted, seats)
    _tell(tx, seats, shown, {(place, user_id) for place, _, user_id in ledger.changed})
    return [refusal or shown[wish.place, wish.me.user_id] for wish, refusal in zip(wishes, refusals, strict=True)]


def _grant(ledger: Ledger, wish: ReactWish, seat: Seat | None, row: Any) -> AppError | None:
    """Grants a wish, or returns its refusal. One's own reaction may be removed without the right to react."""
    try:
        policy.may_choose(wish.emoji)
        if seat is None:
            raise ChatNotFound
        if row is None or row.deleted_at is not None:
            raise MessageNotFound
        if wish.on:
            policy.may_react(seat, row.kind)
        ledger.apply(wish)
    except AppError as error:
        return error
    return None


def _tell(tx: Tx, seats: Mapping[Pair, Seat], shown: Mapping[Looker, Reactions], changed: Iterable[Looker]) -> None:
    """Emits the reactions to each changed message: in small chats to all, in large ones to the person who chose."""
    large = set()
    for place, user_id in sorted(changed):
        now = shown[place, user_id]
        data = ReactionChangedData(*place, now.counts, now.recent)
        if not seats[place.chat_id, user_id].is_large:
            tx.emit(ReactionChanged, data, to=events.chat(place.chat_id), author=(user_id, {"mine": now.mine}))
        else:
            data.mine, data.at_ev = now.mine, now.at_ev
            tx.emit(ReactionChanged, data, to=events.user(user_id))
            large.add(place)
    for place in sorted(large):
        key = f"reactions:{place.chat_id}:{place.seq}"
        tx.enqueue(SUMMARY_JOB, place, key=key, due_at=tx.now + SUMMARY_MS, again=True)


def summarise(tx: Tx, place: Place) -> None:
    """Emits how many people chose each emoji for a message to all members of a large chat."""
    tx.hold([events.chat(place.chat_id)])
    row = messages.rows_at(tx, {place}).get(place)
    if row is not None and row.deleted_at is None:
        counts = Ledger(tx, {(place, 0)}).counts_of(place)
        tx.emit(ReactionChanged, ReactionChangedData(*place, counts, []), to=events.chat(place.chat_id))


def who(tx: Tx, me: Actor, place: Place, emoji: str | None, page: Page) -> ReactionList:
    """Returns who reacted to a message with what, by emoji, then by person.

    Raises `ChatNotFound`, `MessageNotFound`, `PageInvalid`, `ValidationFailed`.
    """
    if emoji is not None:
        policy.may_choose(emoji)
    access.seat(tx, me.user_id, place.chat_id)
    messages.row_at(tx, place)
    last, user_id = from_cursor(page.cursor, 2) if page.cursor else ("", "0")
    rows = store.list_reactions(tx, place, emoji, (last, int_from_cursor(user_id)), page.limit + 1)
    items = [ReactionView(row.user_id, row.emoji, clock.text(row.at)) for row in rows[: page.limit]]
    more = to_cursor(items[-1].emoji, items[-1].user_id) if len(rows) > page.limit else None
    return ReactionList(items, CursorPage(more))


def decorate(tx: Tx, page: messages.Page) -> None:
    """Adds reactions to the messages of a page that have or had any."""
    seqs = page.having(Has.REACTIONS)
    if not seqs:
        return
    chat_id, user_id = page.seat.chat_id, page.seat.user_id
    lookers = [(Place(chat_id, seq), user_id) for seq in seqs]
    for (place, _), reactions in Ledger(tx, lookers).shown(lookers, {(chat_id, user_id): page.seat}).items():
        page.put(place.seq, REACTIONS, reactions)


def forget(tx: Tx, gone: list[MessagesGoneData]) -> None:
    """Deletes the reactions to messages whose text is gone."""
    for one in gone:
        store.forget_reactions(tx, one.chat_id, one.seqs)
        store.forget_tallies(tx, one.chat_id, one.seqs)
