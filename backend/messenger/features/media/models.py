"""The table of avatars that are being made ready."""

from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Ref, Word


class AvatarUpload(Base):
    """The image last uploaded for a user or a chat; a later one replaces it, a removal deletes it."""

    __tablename__ = "avatar_uploads"

    kind: Mapped[Word] = mapped_column(primary_key=True)
    id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    avatar: Mapped[Word]
    user_id: Mapped[Ref]
