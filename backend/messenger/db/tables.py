"""The tables of the ground floor: streams, journal, outbox, kept answers and the server's own facts."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Ms, Ref, RowNumber, Word, Words


class Fact(Base):
    """A fact of the whole server: `epoch`, `name`, `created_at`."""

    __tablename__ = "facts"

    key: Mapped[Word] = mapped_column(primary_key=True)
    value: Mapped[Words]


class Stream(Base):
    """The counters of a stream: the last message number, the last change number, the time of the last message."""

    __tablename__ = "streams"

    kind: Mapped[Word] = mapped_column(primary_key=True)
    id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(server_default=text("0"))
    ev: Mapped[Count] = mapped_column(server_default=text("0"))
    active_at: Mapped[Ms]


class JournalEntry(Base):
    """A change as it was sent: the finished frame. Devices of its author, `owner`, get `owner_extra` in its data too.

    `marks`: the effect (`kernel.events.Effect`), or empty: of a chat `[joined, left]`, of a user `[opens, ends]`. These
    columns keep their first names, since processes of two versions write them while they are restarted.
    """

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("kind", "id", "ev"), Index("ix_journal_at", "at"))

    n: Mapped[RowNumber]
    kind: Mapped[Word]
    id: Mapped[Ref]
    ev: Mapped[Count]
    at: Mapped[Ms]
    frame: Mapped[Words]
    owner: Mapped[Ref] = mapped_column(server_default=text("0"))
    owner_extra: Mapped[Words] = mapped_column(server_default=text("''"))
    marks: Mapped[Words] = mapped_column(server_default=text("''"))


_HEAVY = text("heavy = 1")


class OutboxRow(Base):
    """A background job, staged in the commit of its cause. `effect_key` makes a repeat harmless.

    `asked`: when a run that was asked for since the last claim is due (ms); 0 where none was. `heavy`: 1 where the job
    takes long.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("effect_key"),
        Index("ix_outbox_due_at", "due_at"),
        Index("ix_outbox_heavy", "due_at", sqlite_where=_HEAVY, postgresql_where=_HEAVY),
    )

    n: Mapped[RowNumber]
    job: Mapped[Word]
    payload: Mapped[Words]
    effect_key: Mapped[Words]
    due_at: Mapped[Ms]
    attempts: Mapped[Count] = mapped_column(server_default=text("0"))
    request_id: Mapped[Word] = mapped_column(server_default=text("''"))
    asked: Mapped[Ms] = mapped_column(server_default=text("0"))
    heavy: Mapped[Count] = mapped_column(server_default=text("0"))


class Repeat(Base):
    """The answer of a creation; `scope` is the caller, the address and their key."""

    __tablename__ = "repeats"
    __table_args__ = (Index("ix_repeats_at", "at"),)

    scope: Mapped[Words] = mapped_column(primary_key=True)
    digest: Mapped[Word]
    body: Mapped[Words]
    at: Mapped[Ms]
