"""The table of receipts: who listened to voice messages."""

from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Ms, Ref


class Listened(Base):
    """A person listened to the voice message of another, `author_id`."""

    __tablename__ = "listened"

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[Ref]
    at: Mapped[Ms]
