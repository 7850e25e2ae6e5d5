"""The verbs of invites: into a chat, or to the server and a direct chat with the link's maker."""

import re
from collections.abc import Sequence
from typing import Final

from messenger.db.sql import Record
from messenger.db.tx import Tx
from messenger.features.chats import access
from messenger.features.chats import actions as chats
from messenger.features.chats.access import Right
from messenger.features.chats.wire import ChatView, MemberChangedData, MemberLeftData
from messenger.features.invites import store, views
from messenger.features.invites.errors import InviteForbidden, InviteNotFound
from messenger.features.invites.wire import InviteList, InvitePreview, InviteView
from messenger.features.people import access as people
from messenger.features.sessions import access as sessions
from messenger.features.sessions.errors import RegistrationClosed
from messenger.features.sessions.wire import Knock, RegisteredData
from messenger.kernel import clock, ids
from messenger.kernel.actor import Actor
from messenger.kernel.paging import CursorPage

CODE_CHARS: Final = 22
"""128 bits in URL-safe text."""
_CODE: Final = re.compile(r"[A-Za-z0-9_-]+")


def create(
    tx: Tx, me: Actor, chat_id: int | None, terms: tuple[int, int | None], registration: str, url: str
) -> InviteView:
    """Creates a link; `terms` are its life in s and its uses.

    Raises `ChatForbidden`, `RegistrationClosed`, `InviteForbidden`.
    """
    if chat_id is not None:
        access.seat(tx, me.user_id, chat_id).need(Right.INVITE)
    elif registration == "closed":
        raise RegistrationClosed
    elif registration == "invite" and not people.inviters(tx, [me.user_id]):
        raise InviteForbidden
    invite = {
        "code": ids.new_secret()[:CODE_CHARS],
        "chat_id": chat_id,
        "created_by": me.user_id,
        "created_at": tx.now,
        "expires_at": tx.now + terms[0] * 1000,
        "max_uses": terms[1],
    }
    store.insert_invite(tx, invite)
    return _views(tx, [_find(tx, str(invite["code"]))], registration, url)[0]


def list_invites(tx: Tx, me: Actor, chat_id: int, registration: str, url: str) -> InviteList:
    """Returns the valid links of a group."""
    access.seat(tx, me.user_id, chat_id).need(Right.INVITE)
    return InviteList(_views(tx, store.list_invites(tx, chat_id, tx.now), registration, url), CursorPage())


def preview(tx: Tx, code: str, registration: str, server_name: str) -> InvitePreview:
    """Returns the inviting person and the chat or server of a link. Raises `InviteNotFound`."""
    invite = _find(tx, code)
    inviter = people.users(tx, [invite.created_by])[invite.created_by]
    chat = chats.find_chat(tx, invite.created_by, invite.chat_id) if invite.chat_id else None
    return InvitePreview(
        code=code,
        server_name=sessions.server_name(tx, server_name),
        inviter_name=inviter.name,
        chat_name=chat.name if chat else None,
        member_count=chat.member_count if chat else None,
        expires_at=clock.text(invite.expires_at),
        registration=registration,
        admits_strangers=_admitting(tx, [invite], registration) == {code},
    )


def accept(tx: Tx, user_id: int, code: str) -> ChatView:
    """Joins through a link, which counts as a use. Raises `InviteNotFound`.

    A present member only gets the chat, also when the link has ended: they may ask again for an answer that was lost.
    """
    known = store.find_link(tx, code) if _CODE.fullmatch(code) else None
    view = _already(tx, user_id, known) if known is not None else None
    if view is not None:
        return view
    invite = _find(tx, code)
    if invite.chat_id is None:
        view, is_new = chats.open_direct(tx, Actor(user_id, 0), invite.created_by)
    else:
        view, is_new = chats.join(tx, invite.chat_id, user_id), True
    if is_new and not store.use_invite(tx, code, tx.now):
        raise InviteNotFound
    return view


def _already(tx: Tx, user_id: int, link: Record) -> ChatView | None:
    if link.chat_id is not None:
        return chats.find_chat(tx, user_id, link.chat_id)
    if link.created_by == user_id:
        return chats.open_saved(tx, Actor(user_id, 0))[0]  # one's own link leads to oneself
    return chats.find_direct(tx, user_id, link.created_by)


def revoke(tx: Tx, me: Actor, code: str) -> None:
    """Ends a link; for its maker, and for those who manage its group. Raises `InviteNotFound`, `ChatForbidden`."""
    invite = _find(tx, code)
    if invite.created_by != me.user_id:
        if invite.chat_id is None:
            raise InviteNotFound
        found = access.seats(tx, [(invite.chat_id, me.user_id)])
        if not found:
            raise InviteNotFound
        found[(invite.chat_id, me.user_id)].need(Right.INVITE)
    store.revoke_invite(tx, code, tx.now)


def judge(tx: Tx, knock: Knock) -> None:
    """Admits a stranger whose invite allows it. Raises `InviteNotFound` for one that does not work."""
    if knock.invite:
        knock.admitted = bool(_admitting(tx, [_find(tx, knock.invite)], knock.registration))


def redeem(tx: Tx, registrations: list[RegisteredData]) -> None:
    """Uses the invite of a registration. A listener. Raises `InviteNotFound`, which undoes the registration."""
    for registered in registrations:
        if registered.invite:
            accept(tx, registered.user_id, registered.invite)


def revoke_of_demoted(tx: Tx, changes: list[MemberChangedData]) -> None:
    """Ends the links of members who may no longer make any."""
    for change in changes:
        if change.role == "member":
            store.revoke_invites_of(tx, change.chat_id, change.user_id, tx.now)


def revoke_of_gone(tx: Tx, departures: list[MemberLeftData]) -> None:
    """Ends the links of people who left or were removed: they must not be a way back."""
    for gone in departures:
        store.revoke_invites_of(tx, gone.chat_id, gone.user_id, tx.now)


def _find(tx: Tx, code: str) -> Record:
    invite = store.find_invite(tx, code, tx.now) if _CODE.fullmatch(code) else None
    if invite is None:
        raise InviteNotFound
    return invite


def _admitting(tx: Tx, rows: Sequence[Record], registration: str) -> set[str]:
    """Returns the codes of those links that also admit people without an account.

    The present rights of their makers decide.
    """
    inviters = people.inviters(tx, {row.created_by for row in rows}) if registration == "invite" else set()
    return {row.code for row in rows if registration == "open" or row.created_by in inviters}


def _views(tx: Tx, rows: Sequence[Record], registration: str, url: str) -> list[InviteView]:
    admitting = _admitting(tx, rows, registration)
    return [views.invite_view(row, url, admits_strangers=row.code in admitting) for row in rows]
