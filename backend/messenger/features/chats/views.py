"""Turns rows into views, in the plural, with the additions of houses above."""

from collections.abc import Iterable, Sequence
from typing import Any

from messenger.db.tx import Tx
from messenger.features.chats import rights, store
from messenger.features.chats.wire import (
    CHATS,
    LEVELS,
    STATES,
    ChatView,
    ChatViews,
    MemberState,
    MemberView,
)
from messenger.features.people import access
from messenger.kernel import clock, events


def other_of(pair: str | None, user_id: int) -> int | None:
    """Returns the other person of a direct chat's pair key `low:high`; `None` for groups and saved messages."""
    if pair is None or not pair[0].isdigit():
        return None
    low, high = (int(part) for part in pair.split(":"))
    return high if low == user_id else low


def chat_views(tx: Tx, user_id: int, rows: Sequence[Any]) -> list[ChatView]:
    """Returns chats as the user sees them."""
    others = [other_of(row.pair, user_id) for row in rows]
    people = access.users(tx, {other for other in others if other is not None})
    views = []
    for row, other in zip(rows, others, strict=True):
        peer = people.get(other) if other is not None else None
        views.append(
            ChatView(
                id=row.id,
                kind=row.kind,
                name=peer.name if peer else row.name,
                created_at=clock.text(row.created_at),
                rev=row.rev,
                avatar=row.avatar,
                cards=bool(row.cards),
                my_role=row.role,
                my_rights=rights.names(rights.rights_of(row.kind, row.role)),
                member_count=row.member_count,
                peer=peer,
                head_seq=row.seq,
                my=member_state(row),
                at_ev=row.ev,
                at_seal=tx.seal(events.chat(row.id), row.ev, row.ev_at),
            )
        )
    tx.decorate(CHATS, ChatViews(user_id, views))
    tx.decorate(STATES, {(view.id, user_id): view.my for view in views if view.my.unread_after < view.head_seq})
    return views


def chat_view(tx: Tx, user_id: int, chat_id: int) -> ChatView | None:
    """Returns one chat as a user sees it; `None` when they are no member."""
    row = store.find_chat(tx, user_id, chat_id)
    return chat_views(tx, user_id, [row])[0] if row is not None else None


def member_state(row: Any) -> MemberState:
    """Returns a member's state, with nothing counted as unread."""
    return MemberState(
        read_seq=row.read_seq,
        at_ev=row.ev,
        level=LEVELS[row.level],
        muted_until=clock.text_or_none(row.muted_until),
        pin=row.pin,
        archived=row.archived,
        unread_from=row.unread_from,
        rev=row.my_rev,
    )


def member_views(tx: Tx, chat_id: int, rows: Iterable[Any]) -> list[MemberView]:
    """Returns members of one chat."""
    rows = list(rows)
    people = access.users(tx, {row.user_id for row in rows})
    return [
        MemberView(
            user=people[row.user_id],
            role=row.role,
            joined_at=clock.text(row.joined_at),
            read_seq=max(row.joined_seq, row.shown_seq),
        )
        for row in rows
    ]
