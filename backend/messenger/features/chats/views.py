"""Rows as views, in the plural, with what the houses above add."""

from collections.abc import Iterable, Sequence
from typing import Any

from messenger.db.tx import Tx
from messenger.features.chats import store
from messenger.features.chats.wire import ChatView, InviteView, MemberView
from messenger.features.people import access
from messenger.kernel import clock, events


def other_of(pair: str | None, user_id: int) -> int | None:
    """The other person of a direct chat's pair key `low:high`; `None` for groups and saved messages."""
    if pair is None or not pair[0].isdigit():
        return None
    low, high = (int(part) for part in pair.split(":"))
    return high if low == user_id else low


def chat_views(tx: Tx, user_id: int, rows: Sequence[Any]) -> list[ChatView]:
    """Chats as the user sees them."""
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
                my_role=row.role,
                member_count=row.member_count,
                peer=peer,
                head_seq=row.seq,
                read_seq=row.joined_seq,
                at_ev=row.ev,
                at_seal=tx.seal(events.chat(row.id), row.ev, row.ev_at),
            )
        )
    tx.decorate("chat", user_id, views)
    return views


def chat_view(tx: Tx, user_id: int, chat_id: int) -> ChatView | None:
    """One chat as a user sees it; `None` when they are no member."""
    row = store.find_chat(tx, user_id, chat_id)
    return chat_views(tx, user_id, [row])[0] if row is not None else None


def member_views(tx: Tx, chat_id: int, rows: Iterable[Any]) -> list[MemberView]:
    """Members of one chat."""
    rows = list(rows)
    people = access.users(tx, {row.user_id for row in rows})
    views = [
        MemberView(
            user=people[row.user_id],
            role=row.role,
            joined_at=clock.text(row.joined_at),
            read_seq=row.joined_seq,
        )
        for row in rows
    ]
    tx.decorate("member", chat_id, views)
    return views


def invite_view(row: Any, public_url: str, *, admits_strangers: bool) -> InviteView:
    """An invite with its link."""
    return InviteView(
        code=row.code,
        url=f"{public_url}/invite/{row.code}",
        chat_id=row.chat_id,
        created_by=row.created_by,
        created_at=clock.text(row.created_at),
        expires_at=clock.text(row.expires_at),
        max_uses=row.max_uses,
        uses=row.uses,
        admits_strangers=admits_strangers,
    )
