"""The tables of messages and their earlier versions."""

from typing import Final

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Ms, Ref, Word, Words

_LINKED: Final = sql("(has & 512) <> 0")
_UNCOUNTED: Final = sql("kind <> 'text' OR deleted_at IS NOT NULL")


class Message(Base):
    """A message. `cmid` is the id the sender's device gave it, `digest` that of its first text, `has` the bits
    (`wire.Has`) of the data that houses above keep of it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("sender_id", "cmid", "chat_id"),
        Index("ix_messages_linked", "chat_id", "seq", sqlite_where=_LINKED, postgresql_where=_LINKED),
        Index("ix_messages_uncounted", "chat_id", "seq", sqlite_where=_UNCOUNTED, postgresql_where=_UNCOUNTED),
    )

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    sender_id: Mapped[Ref]
    kind: Mapped[Word]
    text: Mapped[Words]
    entities: Mapped[Words]
    service: Mapped[Words | None]
    sent_at: Mapped[Ms]
    reply_to: Mapped[int | None] = mapped_column(BigInteger)
    cmid: Mapped[Word | None]
    digest: Mapped[Word]
    rev: Mapped[Count] = mapped_column(server_default=sql("1"))
    edited_at: Mapped[int | None] = mapped_column(BigInteger)
    deleted_at: Mapped[int | None] = mapped_column(BigInteger)
    deleted_by: Mapped[int | None] = mapped_column(BigInteger)
    has: Mapped[Count] = mapped_column(server_default=sql("0"))


class Version(Base):
    """The earlier text of an edited message, at that `rev`."""

    __tablename__ = "message_versions"

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    rev: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[Words]
    entities: Mapped[Words]
    at: Mapped[Ms]


class Mention(Base):
    """A member whom a message mentions, other than its author."""

    __tablename__ = "mentions"

    user_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
