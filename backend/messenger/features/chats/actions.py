"""The verbs of chats and their members."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from msgspec import UNSET

from messenger.db import journal
from messenger.db.tx import Tx
from messenger.features.chats import access, policy, rights, store, views
from messenger.features.chats.errors import ChatNotFound, MemberNotFound
from messenger.features.chats.rights import Right
from messenger.features.chats.wire import (
    LEVELS,
    ChatChanged,
    ChatChangedData,
    ChatCreated,
    ChatCreatedData,
    ChatJoined,
    ChatJoinedData,
    ChatLeft,
    ChatLeftData,
    ChatList,
    ChatMine,
    ChatMineData,
    ChatPage,
    ChatPictured,
    ChatPicturedData,
    ChatRenamed,
    ChatRenamedData,
    ChatView,
    MemberChanged,
    MemberChangedData,
    MemberJoined,
    MemberLeft,
    MemberLeftData,
    MemberList,
    MembersJoinedData,
    MemberState,
    MemberView,
    PeerChanged,
    PeopleCame,
    PeopleCameData,
    Role,
    StateChange,
)
from messenger.features.people import access as people
from messenger.features.people.wire import UserChangedData
from messenger.features.sessions import access as sessions
from messenger.kernel import clock, events, ids
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Invalid, Stale, ValidationFailed
from messenger.kernel.events import Effect, Topic
from messenger.kernel.paging import CursorPage, Page, fitting, from_cursor, int_from_cursor, to_cursor

MEMBERS_MAX = 10_000
NAMED: Final = 10
"""People that an event lists in a large group: each of the members would get all of them."""
CHATS_MAX = 2_000
"""The most chats of one person, including those made by others.

Each costs all of the person's devices something whenever they return.
"""


class TooManyMembers(Invalid):
    """The group is full."""

    code = "chat.full"
    en = "A group can have at most 10,000 people."
    ru = "В группе может быть не больше 10 000 человек."


class TooManyChats(Invalid):
    """A person is in as many chats as allowed; `user_ids` says who."""

    code = "user.too_many_chats"
    en = "A person can be in at most 2,000 chats. One of these people must leave a group first."
    ru = "Человек может состоять не больше чем в 2 000 чатов. Кому-то из этих людей сначала нужно выйти из группы."


class ChatChanges(NamedTuple):
    """The changes of a group; `None` stays as it is."""

    name: str | None = None
    cards: bool | None = None


def open_direct(tx: Tx, me: Actor, user_id: int) -> tuple[ChatView, bool]:
    """Returns the chat of two people, and whether it is new; one per pair, whichever of them opens it first."""
    people.check_users(tx, [user_id])
    if user_id == me.user_id:
        return open_saved(tx, me)
    return _open_pair(tx, me.user_id, _pair(me.user_id, user_id), "direct", [me.user_id, user_id])


def find_direct(tx: Tx, user_id: int, other_id: int) -> ChatView | None:
    """Returns the chat of two people, as the first sees it, if they have one."""
    chat_id = store.find_pair(tx, _pair(user_id, other_id))
    return views.chat_view(tx, user_id, chat_id) if chat_id is not None else None


def _pair(one: int, other: int) -> str:
    return ":".join(map(str, sorted((one, other))))


def open_saved(tx: Tx, me: Actor) -> tuple[ChatView, bool]:
    """Returns the chat with oneself, and whether it is new."""
    return _open_pair(tx, me.user_id, f"saved:{me.user_id}", "saved", [me.user_id])


def _open_pair(tx: Tx, user_id: int, pair: str, kind: str, people: Sequence[int]) -> tuple[ChatView, bool]:
    chat_id = store.find_pair(tx, pair)
    is_new = chat_id is None
    if chat_id is None:
        chat_id = _insert(tx, user_id, kind, "", pair)
        is_new = bool(_join(tx, chat_id, user_id, people, "member"))  # not when another call was first after all
    return _view(tx, user_id, chat_id), is_new


def create_group(tx: Tx, me: Actor, name: str, member_ids: Collection[int]) -> ChatView:
    """Creates a group with its maker as owner. Raises `UserNotFound` for an unknown member."""
    others = set(member_ids) - {me.user_id}
    people.check_users(tx, others)
    chat_id = _insert(tx, me.user_id, "group", name, None)
    tx.tell(ChatCreated, ChatCreatedData(chat_id, name, me.user_id))
    _join(tx, chat_id, me.user_id, [me.user_id], "owner")
    if others:
        _join(tx, chat_id, me.user_id, sorted(others), "member")
    return _view(tx, me.user_id, chat_id)


def list_chats(tx: Tx, me: Actor, page: Page, with_id: int | None = None) -> ChatList:
    """Returns my chats, last active first: all, or those that the user `with_id` is in too."""
    before = None
    if page.cursor:
        at, chat_id = from_cursor(page.cursor, 2)
        before = int_from_cursor(at), int_from_cursor(chat_id)
    topic = events.user(me.user_id)
    user_ev, user_at = journal.head(tx, topic)
    rows = store.list_chats(tx, me.user_id, before, page.limit + 1, with_id)
    items = views.chat_views(tx, me.user_id, rows[: page.limit])
    count = fitting(items)
    more = to_cursor(rows[count - 1].active_at, rows[count - 1].id) if len(rows) > count else None
    return ChatList(items[:count], ChatPage(more, journal.epoch(tx), user_ev, tx.seal(topic, user_ev, user_at)))


def get_chat(tx: Tx, me: Actor, chat_id: int) -> ChatView:
    """Returns one of my chats. Raises `ChatNotFound`."""
    return _view(tx, me.user_id, chat_id)


def find_chat(tx: Tx, user_id: int, chat_id: int) -> ChatView | None:
    """Returns a chat as a user sees it; `None` when they are no member."""
    return views.chat_view(tx, user_id, chat_id)


def change(tx: Tx, me: Actor, chat_id: int, changes: ChatChanges, rev: int | None) -> ChatView:
    """Changes the name or a setting of a group. Raises `ChatForbidden`, `Stale`."""
    access.seat(tx, me.user_id, chat_id).need(Right.INFO)
    wanted = {name: value for name, value in changes._asdict().items() if value is not None}
    if wanted and not store.update_chat(tx, chat_id, wanted, rev):
        view = _view(tx, me.user_id, chat_id)
        if any(getattr(view, name) != value for name, value in wanted.items()):
            raise Stale
        return view  # a repeat whose answer was lost brings the rev from before
    view = _view(tx, me.user_id, chat_id)
    if wanted:
        _tell_changed(tx, view, me.user_id)
    if changes.name is not None:
        tx.tell(ChatRenamed, ChatRenamedData(chat_id, changes.name, me.user_id))
    return view


def need(tx: Tx, user_id: int, chat_id: int, right: Right) -> None:
    """Checks that the user has a right in a chat. Raises `ChatNotFound`, `ChatForbidden`."""
    access.seat(tx, user_id, chat_id).need(right)


def avatar_of(tx: Tx, chat_id: int) -> str | None:
    """Returns the avatar of a chat."""
    return store.find_avatar(tx, chat_id)


def set_avatar(tx: Tx, user_id: int, chat_id: int, avatar: str | None) -> str | None:
    """Sets another avatar of a group, or none. Returns the former one. Raises `ChatNotFound`, `ChatForbidden`."""
    need(tx, user_id, chat_id, Right.INFO)
    former = avatar_of(tx, chat_id)
    if former != avatar:
        store.update_avatar(tx, chat_id, avatar)
        _tell_changed(tx, _view(tx, user_id, chat_id), user_id)
        tx.tell(ChatPictured, ChatPicturedData(chat_id, avatar, user_id))
    return former


def _tell_changed(tx: Tx, view: ChatView, by: int) -> None:
    changed = ChatChangedData(view.id, view.name, view.avatar, view.rev, by, view.cards)
    tx.emit(ChatChanged, changed, to=events.chat(view.id))


def list_members(tx: Tx, me: Actor, chat_id: int, page: Page) -> MemberList:
    """Returns members by the time they joined."""
    access.seat(tx, me.user_id, chat_id)
    after = None
    if page.cursor:
        at, user_id = from_cursor(page.cursor, 2)
        after = int_from_cursor(at), int_from_cursor(user_id)
    rows = store.list_members(tx, chat_id, after, page.limit + 1)
    last = rows[page.limit - 1] if len(rows) > page.limit else None
    items = views.member_views(tx, chat_id, rows[: page.limit])
    return MemberList(items, CursorPage(to_cursor(last.joined_at, last.user_id) if last else None))


def add_members(tx: Tx, me: Actor, chat_id: int, user_ids: Collection[int]) -> MemberList:
    """Adds people to a group; present members stay. Returns those added."""
    access.seat(tx, me.user_id, chat_id).need(Right.ADD)
    people.check_users(tx, user_ids)
    fresh = _join(tx, chat_id, me.user_id, sorted(set(user_ids)), "member")
    return MemberList(_views_of(tx, chat_id, fresh), CursorPage())


def change_role(tx: Tx, me: Actor, chat_id: int, user_id: int, role: Role) -> MemberView:
    """Gives a member another role. Raises `MemberNotFound`, `ChatForbidden`, `LastOwner`."""
    store.lock_chat(tx, chat_id)
    tx.hold([events.chat(chat_id)])  # before the member's row, as a send does
    access.seat(tx, me.user_id, chat_id).need(Right.PROMOTE)
    theirs = _their_seat(tx, chat_id, user_id)
    if theirs.role == "owner" and role != "owner":
        policy.may_step_down(store.count_owners(tx, chat_id))
    if theirs.role != role:
        store.update_role(tx, chat_id, user_id, role)
        sessions.note_role(tx, me, user_id, chat_id, role)
        own = user_id, {"my_rights": rights.names(rights.rights_of(theirs.kind, role))}
        tx.emit(MemberChanged, MemberChangedData(chat_id, user_id, role), to=events.chat(chat_id), author=own)
    return views.member_views(tx, chat_id, store.find_members(tx, chat_id, [user_id]))[0]


def remove_member(tx: Tx, me: Actor, chat_id: int, user_id: int) -> None:
    """Removes a member, or leaves. Delivery to them stops with the event of it."""
    store.lock_chat(tx, chat_id)
    tx.hold([events.chat(chat_id), events.user(user_id)])  # before the member's row, as sends and marks do
    mine = access.seat(tx, me.user_id, chat_id)
    theirs = _their_seat(tx, chat_id, user_id)
    if user_id == me.user_id:
        policy.may_leave(theirs, store.count_owners(tx, chat_id))
    else:
        policy.may_remove(mine, theirs.role)
    left = store.delete_member(tx, chat_id, user_id)
    count = store.change_member_count(tx, chat_id, -int(left))
    gone = MemberLeftData(chat_id, user_id, me.user_id, count)
    tx.emit(MemberLeft, gone, to=events.chat(chat_id), effect=Effect(left=(user_id,)))
    tx.emit(ChatLeft, ChatLeftData(chat_id), to=events.user(user_id))


def join(tx: Tx, chat_id: int, user_id: int) -> ChatView:
    """Joins a chat through an invite; a present member stays one."""
    _join(tx, chat_id, user_id, [user_id], "member")
    return _view(tx, user_id, chat_id)


def change_state(tx: Tx, me: Actor, chat_id: int, change: StateChange) -> MemberState:
    """Changes my state in a chat; the same state again changes nothing. Raises `ChatNotFound`, `ValidationFailed`."""
    pair = chat_id, me.user_id
    # The event holds the whole state: a change by another device of mine meanwhile must be in it.
    tx.hold([events.user(me.user_id)])
    rows = store.find_states(tx, [pair])
    if not rows:
        raise ChatNotFound
    changed = {name: value for name, value in _values(change, rows[0]).items() if getattr(rows[0], name) != value}
    if changed:
        store.update_state(tx, *pair, changed)
    state = access.states(tx, [pair])[pair]
    if changed:
        tell_state(tx, pair, state)
    return state


def tell_state(tx: Tx, pair: access.Pair, state: MemberState) -> None:
    """Emits a member's state to their devices. The caller held the stream of the user before it read the state."""
    tx.emit(ChatMine, ChatMineData(pair[0], state), to=events.user(pair[1]))


def _values(change: StateChange, row: store.ChatRow) -> dict[str, int | None]:
    """Returns the values of columns that are asked for, within the range of the chat."""
    values: dict[str, int | None] = {}
    if change.level is not UNSET:
        values["level"] = LEVELS.index(change.level)
    if change.muted_until is not UNSET:
        values["muted_until"] = None if change.muted_until is None else _moment(change.muted_until)
    if change.pin is not UNSET:
        values["pin"] = change.pin
    if change.archived is not UNSET:
        values["archived"] = None if change.archived is None else min(change.archived, row.seq)
    if change.unread_from is None:
        values["unread_from"] = None
    elif change.unread_from is not UNSET:
        first = max(row.joined_seq + 1, min(change.unread_from, row.seq))
        # Messages before it count as read, but others do not see that.
        values["unread_from"], values["read_seq"] = first, max(row.read_seq, first - 1)
    return values


def _moment(value: str) -> int:
    try:
        return min(max(clock.parse(value), 0), clock.LAST_MS)
    except (ValueError, OverflowError):
        error = {"loc": ["muted_until"], "code": "invalid", "message": "Give a time with its zone, as in RFC 3339."}
        raise ValidationFailed(errors=[error]) from None


def topics(tx: Tx, me: Actor) -> list[Topic]:
    """Returns the streams that the sockets of a person hear."""
    return [events.user(me.user_id), *(events.chat(id_) for id_ in store.list_chat_ids(tx, me.user_id))]


def last_seen(tx: Tx, me: Actor, user_ids: Collection[int]) -> dict[int, int | None]:
    """Returns when those of `user_ids` whom I share a chat with were last seen (ms)."""
    return sessions.last_seen(tx, store.list_acquaintances(tx, me.user_id, user_ids))


def tell_chats(tx: Tx, changes: list[UserChangedData]) -> None:
    """Emits changed profiles to the chats of these people. A listener.

    Members of large chats see the new profile when they look.
    """
    for change in changes:
        public = people.users(tx, [change.user.id])[change.user.id]
        for chat_id in store.list_chat_ids(tx, public.id, events.CROWD):
            tx.emit(PeerChanged, UserChangedData(public), to=events.chat(chat_id))


def _insert(tx: Tx, user_id: int, kind: str, name: str, pair: str | None) -> int:
    chat_id = ids.new_id()
    chat = {"id": chat_id, "kind": kind, "name": name, "pair": pair}
    if not store.insert_chat(tx, chat | {"created_by": user_id, "created_at": tx.now}):
        # Both opened it at once and the other was first: theirs is the chat.
        found = store.find_pair(tx, pair or "")
        if found is None:
            raise ChatNotFound
        return found
    tx.open_streams(events.chat(chat_id))
    return chat_id


def _join(tx: Tx, chat_id: int, by: int, user_ids: Sequence[int], role: str) -> list[int]:
    """Adds people to a chat; returns those who were no members yet."""
    store.lock_chat(tx, chat_id)
    # Before any of it is read: later messages come after them, and no view or mark is older.
    tx.hold([events.chat(chat_id)])
    rows = [{"chat_id": chat_id, "user_id": id_, "role": role, "joined_at": tx.now} for id_ in user_ids]
    fresh = store.insert_members(tx, rows)
    if not fresh:
        return []
    count = store.change_member_count(tx, chat_id, len(fresh))
    if count > MEMBERS_MAX:
        raise TooManyMembers
    if full := store.list_crowded(tx, fresh, CHATS_MAX):
        raise TooManyChats(user_ids=full)
    # One view for all: they joined at once, at the same place, in the same role.
    view = _view(tx, fresh[0], chat_id)
    if ahead := tx.emitted(events.chat(chat_id)):  # all of them at the time of this transaction
        view.at_ev += ahead
        view.at_seal = tx.seal(events.chat(chat_id), view.at_ev, tx.now)
        view.my.at_ev = view.at_ev
    # The event is kept in the stream of the user, where no deletion in the chat would find the text.
    view.last_message = None
    for user_id in fresh:
        tx.emit(ChatJoined, ChatJoinedData(view), to=events.user(user_id), effect=Effect(opens=(chat_id, view.at_ev)))
    named = fresh if count <= events.CROWD or len(fresh) <= NAMED else []
    joined = MembersJoinedData(chat_id, _views_of(tx, chat_id, named), count, by, view.kind)
    tx.emit(MemberJoined, joined, to=events.chat(chat_id), effect=Effect(joined=tuple(fresh)))
    if view.kind == "group" and role != "owner":
        tx.tell(PeopleCame, PeopleCameData(chat_id, fresh, by))
    return fresh


def _views_of(tx: Tx, chat_id: int, user_ids: Collection[int]) -> list[MemberView]:
    return views.member_views(tx, chat_id, store.find_members(tx, chat_id, user_ids)) if user_ids else []


def _their_seat(tx: Tx, chat_id: int, user_id: int) -> access.Seat:
    found = access.seats(tx, [(chat_id, user_id)])
    if not found:
        raise MemberNotFound
    return found[(chat_id, user_id)]


def _view(tx: Tx, user_id: int, chat_id: int) -> ChatView:
    view = views.chat_view(tx, user_id, chat_id)
    if view is None:
        raise ChatNotFound
    return view
