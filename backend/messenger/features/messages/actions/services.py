"""Writes the server's lines in a group: who joined, who left, and the name of the group."""

from messenger.db.tx import Tx
from messenger.features.chats.wire import (
    ChatCreatedData,
    ChatPicturedData,
    ChatRenamedData,
    MemberLeftData,
    PeopleCameData,
)
from messenger.features.messages.wire import Service
from messenger.features.messages.writing import New, digest_of, write_many


def say_created(tx: Tx, chats: list[ChatCreatedData]) -> None:
    """Writes the first line of groups: who created them."""
    write_many(tx, [_line(one.chat_id, one.by, Service("chat.created", [], one.name)) for one in chats])


def say_renamed(tx: Tx, changes: list[ChatRenamedData]) -> None:
    """Writes the new names of chats into them."""
    write_many(tx, [_line(one.chat_id, one.by, Service("chat.renamed", [], one.name)) for one in changes])


def say_pictured(tx: Tx, changes: list[ChatPicturedData]) -> None:
    """Writes into chats that they have a new picture, or none any more."""
    write_many(tx, [_line(one.chat_id, one.by, _pictured(one)) for one in changes])


def say_joined(tx: Tx, arrivals: list[PeopleCameData]) -> None:
    """Writes into groups who joined."""
    write_many(tx, [_line(one.chat_id, one.by, Service("member.joined", one.user_ids)) for one in arrivals])


def say_left(tx: Tx, departures: list[MemberLeftData]) -> None:
    """Writes into groups who left or was removed."""
    write_many(tx, [_line(one.chat_id, one.by, _left(one)) for one in departures])


def _pictured(change: ChatPicturedData) -> Service:
    return Service("avatar.changed" if change.avatar else "avatar.removed", [])


def _left(gone: MemberLeftData) -> Service:
    return Service("member.left" if gone.by == gone.user_id else "member.removed", [gone.user_id])


def _line(chat_id: int, by: int, service: Service) -> New:
    return New(chat_id, by, "", [], None, digest_of("", None), kind="service", service=service)
