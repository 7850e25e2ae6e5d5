"""The tables of chats and their members."""

from sqlalchemy import BigInteger, Boolean, Index, SmallInteger, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Id, Ms, Ref, Word, Words


class Chat(Base):
    """A place with members and an order. `pair` keeps direct and saved chats unique: the two user ids.

    `cards`: whether its messages get previews of the pages to which they link.
    """

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("pair"),)

    id: Mapped[Id]
    kind: Mapped[Word]
    name: Mapped[Words]
    pair: Mapped[Words | None]
    created_by: Mapped[Ref]
    created_at: Mapped[Ms]
    rev: Mapped[Count] = mapped_column(server_default=text("1"))
    member_count: Mapped[Count]
    avatar: Mapped[Word | None]
    cards: Mapped[bool] = mapped_column(Boolean, server_default=true())


class Member(Base):
    """A person in a chat, and their own state in it.

    joined_seq: the last message before they joined; nothing up to it is unread. read_seq: up to where they have read,
    at least `joined_seq`. shown_seq: up to where others see that they have read. got_seq: up to where a device of
    theirs has the messages. level: a place in `wire.LEVELS`. muted_until in ms. pin: a place among their pinned chats.
    archived: the last message when they archived the chat. unread_from: from this message on the chat counts as unread;
    the messages before it were read, so it is at most one above `read_seq`. rev rises when they change one of the last
    five.
    """

    __tablename__ = "members"
    __table_args__ = (
        Index("ix_members_user_id", "user_id"),
        Index("ix_members_chat_id_joined_at", "chat_id", "joined_at"),
    )

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[Word]
    joined_at: Mapped[Ms]
    joined_seq: Mapped[Count]
    read_seq: Mapped[Count] = mapped_column(server_default=text("0"))
    shown_seq: Mapped[Count] = mapped_column(server_default=text("0"))
    got_seq: Mapped[Count] = mapped_column(server_default=text("0"))
    level: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    muted_until: Mapped[int | None] = mapped_column(BigInteger)
    pin: Mapped[int | None] = mapped_column(BigInteger)
    archived: Mapped[int | None] = mapped_column(BigInteger)
    unread_from: Mapped[int | None] = mapped_column(BigInteger)
    rev: Mapped[Count] = mapped_column(server_default=text("1"))
