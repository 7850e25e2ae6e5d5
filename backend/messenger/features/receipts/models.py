"""Table of read marks."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Ms, Ref


class Receipt(Base):
    """Up to where a member has read; it only grows."""

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_user_id", "user_id"),)

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count]
    at: Mapped[Ms]
