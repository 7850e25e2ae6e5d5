"""The table of invites."""

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Ms, Ref, Words


class Invite(Base):
    """A link: into a chat, or (without one) to the server and its maker."""

    __tablename__ = "invites"
    __table_args__ = (Index("ix_invites_chat_id", "chat_id"),)

    code: Mapped[Words] = mapped_column(primary_key=True)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by: Mapped[Ref]
    created_at: Mapped[Ms]
    expires_at: Mapped[Ms]
    max_uses: Mapped[int | None] = mapped_column(BigInteger)
    uses: Mapped[Count] = mapped_column(server_default=text("0"))
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)
