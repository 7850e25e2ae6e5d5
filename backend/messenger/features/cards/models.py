"""The tables of link cards: what pages say of themselves, and the messages that show it."""

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Ms, Ref, Word, Words


class Card(Base):
    """What a page said of itself, for all messages that link to it.

    `state`: ready, or failed, which has no words, not even the address. `picture`: the id of its picture, whose `size`
    is in bytes. It is fetched anew for messages after `expires_at`.
    """

    __tablename__ = "cards"
    __table_args__ = (Index("ix_cards_state", "state", "expires_at"),)

    address_hash: Mapped[Word] = mapped_column(primary_key=True)
    address: Mapped[Words]
    state: Mapped[Word]
    site: Mapped[Words]
    title: Mapped[Words]
    summary: Mapped[Words]
    picture: Mapped[Word | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    width: Mapped[int | None] = mapped_column(BigInteger)
    height: Mapped[int | None] = mapped_column(BigInteger)
    thumbhash: Mapped[Word | None]
    expires_at: Mapped[Ms]


class CardUse(Base):
    """A card at a place of a message. `removed_by`: the person who removed it. `at`: of the last event about it."""

    __tablename__ = "card_uses"
    __table_args__ = (Index("ix_card_uses_address_hash", "address_hash"),)

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    address_hash: Mapped[Word]
    removed_by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[Ms]
