"""Tables of people and of the words by which they are found."""

from sqlalchemy import BigInteger, Boolean, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Id, Ms, Ref, Word, Words


class User(Base):
    """A person. `email_key` is the form that is compared, `name_key` the one that people are sorted by."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email_key"), Index("ix_users_name_key_id", "name_key", "id"))

    id: Mapped[Id]
    name: Mapped[Words]
    name_key: Mapped[Words]
    email: Mapped[Words]
    email_key: Mapped[Words]
    password_hash: Mapped[Words]
    role: Mapped[Word]
    language: Mapped[Word]
    created_at: Mapped[Ms]
    rev: Mapped[Count]
    avatar: Mapped[Word | None]
    email_verified_at: Mapped[int | None] = mapped_column(BigInteger)
    may_invite: Mapped[bool] = mapped_column(Boolean, server_default=false())


class NameWord(Base):
    """A word by whose beginning a person is found (`finding.keys`)."""

    __tablename__ = "name_words"
    __table_args__ = (Index("ix_name_words_user_id_word", "user_id", "word"),)

    # Sorted by bytes on both databases, so that the words with the same beginning are next to each other.
    word: Mapped[str] = mapped_column(Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True)
    user_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
