"""The verbs of link cards: wanted for a message, shown, removed, forgotten with it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.features.cards import policy, store, views
from messenger.features.cards.errors import CardNotFound, CardsOff
from messenger.features.cards.wire import CARDS, Cards, CardsChanged, CardsChangedData
from messenger.features.chats import access
from messenger.features.media.actions.avatars import DELETE_JOB, LEFTOVER_MS, Files
from messenger.features.messages import access as messages
from messenger.features.messages.access import Place
from messenger.features.messages.errors import MessageNotFound
from messenger.features.messages.wire import Has, MessagesGoneData, MessageView
from messenger.kernel import codec, events
from messenger.kernel.actor import Actor
from messenger.kernel.ports.web import Address

FETCH_JOB: Final = "cards.fetch"
READY_MS: Final = 7 * 86_400_000
"""For so long what a page said is shown in further messages without asking it again."""
FAILED_MS: Final = 3_600_000
WANTED_MS: Final = 3_600_000
"""Time after which a preview that could not be fetched is not wanted any more."""
SHOWN_MS: Final = 86_400_000
"""For so long pages that missed a change may still ask for the former picture of a card."""


class Fetch(msgspec.Struct, frozen=True):
    """The payload: a message at a rev, who wants its cards since when (ms), and whether they asked for them."""

    chat_id: int
    seq: int
    rev: int
    user_id: int
    at: int
    asked: bool = False

    @property
    def key(self) -> str:
        """Returns the key of the effect."""
        return f"card:{self.chat_id}:{self.seq}:{self.rev}{':asked' * self.asked}"

    @property
    def place(self) -> Place:
        """Returns the message."""
        return Place(self.chat_id, self.seq)


class Plan(NamedTuple):
    """The addresses of a message by the hash of each in their order, those that get a card, those to be fetched."""

    addresses: Mapping[str, Address]
    wanted: Collection[str]
    missing: Sequence[str]


Found = Mapping[str, Any]
"""A card as its row is written: that of a page which could not be fetched has the state `failed`."""


def want(tx: Tx, told: list[MessageView]) -> None:
    """Stages the fetch for new messages with links. No statement where none has any."""
    for one in told:
        if any(entity.href for entity in one.entities):
            _stage(tx, Fetch(one.chat_id, one.seq, one.rev, one.sender_id, tx.now))


def want_anew(tx: Tx, told: list[MessageView]) -> None:
    """Stages the fetch for edited messages that have links, or had."""
    for one in told:
        if any(entity.href for entity in one.entities) or store.list_uses(tx, one.chat_id, [one.seq]):
            _stage(tx, Fetch(one.chat_id, one.seq, one.rev, one.sender_id, tx.now))


def ask(tx: Tx, me: Actor, place: Place, *, is_off: bool) -> None:
    """Stages the fetch that a member asks for. Raises `ChatNotFound`, `MessageNotFound`, `CardsOff`."""
    access.seat(tx, me.user_id, place.chat_id)
    row = messages.row_at(tx, place)
    if row.deleted_at is not None:
        raise MessageNotFound
    if is_off or not access.shows_cards(tx, place.chat_id):
        raise CardsOff
    _stage(tx, Fetch(*place, row.rev, me.user_id, tx.now, asked=True))


def put_off(tx: Tx, fetch: Fetch, wait_ms: int) -> None:
    """Stages a fetch once more, for later."""
    _stage(tx, fetch, tx.now + wait_ms)


def _stage(tx: Tx, fetch: Fetch, due_at: int = 0) -> None:
    tx.enqueue(FETCH_JOB, fetch, key=fetch.key, due_at=due_at, again=True)


def plan(tx: Tx, fetch: Fetch, own: str, *, may_fetch: bool) -> Plan | None:
    """Returns what a message needs; `None` where it is no longer at that rev, or it was wanted too long ago.

    Without `may_fetch` it keeps the cards of the addresses that it still has.
    """
    row = messages.rows_at(tx, {fetch.place}).get(fetch.place)
    if row is None or row.deleted_at is not None or row.rev != fetch.rev or tx.now > fetch.at + WANTED_MS:
        return None
    addresses = {policy.hash_of(one): one for one in policy.addresses_of(messages.links_of(row), own)}
    had = store.list_uses(tx, fetch.chat_id, [fetch.seq])
    removed = {one.address_hash for one in had if one.removed_by is not None}
    shown = {one.address_hash for one in had} - removed
    may_fetch = may_fetch and access.shows_cards(tx, fetch.chat_id)
    wanted = [key for key in addresses if key not in removed and (may_fetch or key in shown)]
    known = {one.address_hash for one in store.list_cards(tx, wanted) if one.expires_at > tx.now} if wanted else set()
    return Plan(addresses, wanted, [key for key in wanted if may_fetch and key not in known])


def begin(tx: Tx, key: str) -> None:
    """Stages the deletion of a picture in a day, before it is stored: until its card is shown it belongs to nothing."""
    tx.enqueue(DELETE_JOB, Files([key]), key=f"delete:{key}", due_at=tx.now + LEFTOVER_MS)


def show(tx: Tx, fetch: Fetch, planned: Plan, found: Mapping[str, Found]) -> None:
    """Writes the cards that were found, and emits those of a message if it still is what it was and they changed."""
    tx.hold([events.chat(fetch.chat_id)])
    row = messages.rows_at(tx, {fetch.place}).get(fetch.place)
    if row is None or row.deleted_at is not None or row.rev != fetch.rev:
        for one in found.values():
            _drop(tx, one["picture"], 0)
        return
    had = store.list_uses(tx, fetch.chat_id, [fetch.seq])
    cards = _keep(tx, found, {*planned.wanted, *(one.address_hash for one in had)})
    if not cards.keys() >= set(planned.wanted):
        put_off(tx, fetch, 0)  # the last message that had one of the cards was deleted meanwhile
        return
    before = [(one.place, one.address_hash, one.removed_by) for one in had]
    removed = {key: by for _, key, by in before if by is not None}
    now = [
        (n, key, removed.get(key))
        for n, key in enumerate(planned.addresses)
        if key in removed or (key in planned.wanted and cards[key].state == "ready")
    ]
    if fetch.asked or now != before or any(one["state"] == "ready" for one in found.values()):
        store.delete_uses(tx, fetch.chat_id, [fetch.seq])
        uses = [{"place": n, "address_hash": key, "removed_by": by} for n, key, by in now]
        store.write_uses(tx, [one | fetch.place._asdict() | {"at": tx.now} for one in uses])
        if now and not row.has & Has.PREVIEW:
            messages.note(tx, [fetch.place], Has.PREVIEW)
        _tell(tx, fetch.place, had)
    _release(tx, {key for _, key, _ in before} - {key for _, key, _ in now})


def _keep(tx: Tx, found: Mapping[str, Found], hashes: Collection[str]) -> Mapping[str, Any]:
    """Writes the cards that were found; returns those of addresses, locked. Of two found at once the first stays.

    A page that fails keeps the card that it had.
    """
    if found:
        store.insert_cards(tx, list(found.values()))
    rows = {one.address_hash: one for one in store.hold_cards(tx, hashes)} if hashes else {}
    for key, one in found.items():
        row = rows[key]
        if row.expires_at <= tx.now and one["state"] == "ready":
            store.update_cards(tx, [one])
            _drop(tx, row.picture, SHOWN_MS)
        elif row.expires_at <= tx.now:
            store.expire_card(tx, key, one["expires_at"])
        elif one["picture"] != row.picture:
            _drop(tx, one["picture"], 0)
            continue
        if one["picture"]:
            tx.cancel(f"delete:{views.key_of(one['picture'])}")
    return {one.address_hash: one for one in store.list_cards(tx, hashes)} if found else rows


def _tell(tx: Tx, place: Place, had: Sequence[Any]) -> None:
    """Emits the cards of a message, and empties the last event about them: the new one holds all of them."""
    _silence(tx, place.chat_id, {place.seq}, {one.at for one in had})
    now = views.cards_of(store.list_shown(tx, place.chat_id, [place.seq])).get(place.seq, Cards([]))
    tx.emit(CardsChanged, CardsChangedData(*place, now), to=events.chat(place.chat_id))


def remove(tx: Tx, me: Actor, place: Place, n: int) -> None:
    """Removes a card of a message for all. Removing it twice is no error. Raises `CardNotFound`, `CardForbidden`."""
    seat = access.seat(tx, me.user_id, place.chat_id)
    tx.hold([events.chat(place.chat_id)])
    row = messages.row_at(tx, place)
    had = store.list_uses(tx, place.chat_id, [place.seq])
    use = next((one for one in had if one.place == n), None)
    if row.deleted_at is not None or use is None:
        raise CardNotFound
    policy.may_remove(seat, row.sender_id)
    if use.removed_by is not None:
        return
    store.remove_use(tx, place, n, me.user_id, tx.now)
    _release(tx, {use.address_hash})
    _tell(tx, place, had)


def forget(tx: Tx, gone: list[MessagesGoneData]) -> None:
    """Deletes the cards of messages whose text is gone, also from the kept events."""
    for one in gone:
        had = store.delete_uses(tx, one.chat_id, one.seqs)
        if had:
            _release(tx, {use.address_hash for use in had})
            _silence(tx, one.chat_id, {use.seq for use in had}, {use.at for use in had})


def _release(tx: Tx, hashes: Collection[str]) -> None:
    """Deletes those of these cards that no message shows any more, with their pictures."""
    if not hashes:
        return
    rows = store.hold_cards(tx, hashes)
    unused = {one.address_hash: one for one in rows} if rows else {}
    for key in store.list_used(tx, hashes):
        unused.pop(key, None)
    if unused:
        store.delete_cards(tx, unused)
        for row in unused.values():
            _drop(tx, row.picture, 0)


def _drop(tx: Tx, picture: str | None, wait_ms: int) -> None:
    """Stages the deletion of a picture."""
    if picture:
        key = views.key_of(picture)
        tx.cancel(f"delete:{key}")
        tx.enqueue(DELETE_JOB, Files([key]), key=f"unused:{key}", due_at=tx.now + wait_ms)


def _silence(tx: Tx, chat_id: int, seqs: Collection[int], at: Collection[int]) -> None:
    """Removes the words of pages from kept events of these times: a device that was away must not read them (I13)."""

    def change(type_: str, data: str) -> str | None:
        if type_ != CardsChanged.wire_name:
            return None
        told = codec.decode(data, CardsChangedData)
        return codec.encode_text(msgspec.structs.replace(told, cards=Cards([]))) if told.seq in seqs else None

    if at:
        journal.rewrite(tx, events.chat(chat_id), at, change)


def decorate(tx: Tx, page: messages.Page) -> None:
    """Adds cards to the messages of a page that have any."""
    seqs = page.having(Has.PREVIEW)
    if seqs:
        for seq, found in views.cards_of(store.list_shown(tx, page.seat.chat_id, seqs)).items():
            page.put(seq, CARDS, found)


def size_of(tx: Tx, user_id: int, place: Place, n: int, picture: str) -> int:
    """Returns the bytes of a picture that a card of a message shows. Raises `ChatNotFound`, `CardNotFound`."""
    access.seat(tx, user_id, place.chat_id)
    for row in store.list_shown(tx, place.chat_id, [place.seq]):
        if (row.place, row.picture) == (n, picture):
            return int(row.size)
    raise CardNotFound
