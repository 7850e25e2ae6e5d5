"""Tables of sessions, tokens and devices, of guesses at passwords and of the audit trail."""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Id, Ms, Ref, RowNumber, Word, Words

_ENDED: Final[dict[str, Any]] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("ended_at IS NOT NULL"))


class Session(Base):
    """A signed-in device. `expires_at` is the absolute end, however much it is used; `ending` is why it ended."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_user_id", "user_id"),
        Index("ix_sessions_ended_at", "ended_at", **_ENDED),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref]
    device: Mapped[Words]
    address: Mapped[Words]
    created_at: Mapped[Ms]
    last_used_at: Mapped[Ms]
    expires_at: Mapped[Ms]
    in_cookie: Mapped[bool] = mapped_column(Boolean)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    ending: Mapped[str | None] = mapped_column(Text)


class RefreshToken(Base):
    """A refresh token by its SHA-256; `used_at` is when it was exchanged for the next one."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_session_id", "session_id"),)

    hash: Mapped[Word] = mapped_column(primary_key=True)
    session_id: Mapped[Ref]
    created_at: Mapped[Ms]
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class LetterLink(Base):
    """A link of a letter by the SHA-256 of its token; it works once, while the address is still its user's."""

    __tablename__ = "letter_links"
    __table_args__ = (Index("ix_letter_links_user_id", "user_id"), Index("ix_letter_links_expires_at", "expires_at"))

    hash: Mapped[Word] = mapped_column(primary_key=True)
    user_id: Mapped[Ref]
    purpose: Mapped[Word]
    email_key: Mapped[Words]
    expires_at: Mapped[Ms]
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class Device(Base):
    """A device on which a user signed in before, by the SHA-256 of its mark, or of its name and network."""

    __tablename__ = "devices"
    __table_args__ = (Index("ix_devices_last_at", "last_at"),)

    user_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[Word] = mapped_column(primary_key=True)
    last_at: Mapped[Ms]


class Guesses(Base):
    """Attempts at a secret: wrong ones in a row (or not answered yet), and all since `window_at`.

    `tally`: the SHA-256 of the name of the secret. `free_at`: no attempt before. `told_at`: when the owner got a
    letter.
    """

    __tablename__ = "guesses"
    __table_args__ = (Index("ix_guesses_at", "at"),)

    tally: Mapped[Word] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    in_a_row: Mapped[Count]
    window_at: Mapped[Ms]
    in_window: Mapped[Count]
    free_at: Mapped[Ms]
    told_at: Mapped[Ms]
    at: Mapped[Ms]


class Audit(Base):
    """An entry of the audit trail of an account.

    `by_id`: the user who did it, if known; `detail`: a role, a right, a reason.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_user_id_n", "user_id", "n"), Index("ix_audit_at", "at"))

    n: Mapped[RowNumber]
    at: Mapped[Ms]
    kind: Mapped[Word]
    user_id: Mapped[Ref]
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    device: Mapped[Words]
    address: Mapped[Words]
    detail: Mapped[Word]
