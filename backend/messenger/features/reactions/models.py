"""Tables of reactions, and of how many people chose each emoji."""

from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Ms, Ref, Words


class Reaction(Base):
    """A person's reaction to a message."""

    __tablename__ = "reactions"

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    emoji: Mapped[Words] = mapped_column(primary_key=True)
    user_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Ms]


class Tally(Base):
    """How many people chose an emoji for a message, and when the first did. An emoji that none chose has no row."""

    __tablename__ = "reaction_tallies"

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    emoji: Mapped[Words] = mapped_column(primary_key=True)
    people: Mapped[Count]
    first_at: Mapped[Ms]
