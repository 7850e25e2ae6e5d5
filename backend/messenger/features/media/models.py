"""The tables of media: avatars that are being made ready, uploads, files, and how much people store."""

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from messenger.db.base import Base, Count, Id, Ms, Ref, Word, Words


class AvatarUpload(Base):
    """The image last uploaded for a user or a chat; a later one replaces it, a removal deletes it."""

    __tablename__ = "avatar_uploads"

    kind: Mapped[Word] = mapped_column(primary_key=True)
    id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    avatar: Mapped[Word]
    user_id: Mapped[Ref]


class Upload(Base):
    """A file on its way to the server: `taken` of its `size` bytes are counted.

    `state`: open, full (all bytes are there), done or failed (`error` says why). `turn`: the last request that was
    allowed to send bytes; only that one may still be counted. `client_key`: the client's own name for it, by which a
    repeat finds it. `wanted`: what it is to become. `file_id`: the file that it becomes, known from `full` on.
    """

    __tablename__ = "uploads"
    __table_args__ = (UniqueConstraint("user_id", "client_key"), Index("ix_uploads_state", "state", "expires_at"))

    id: Mapped[Id]
    user_id: Mapped[Ref]
    client_key: Mapped[Word | None]
    wanted: Mapped[Word]
    name: Mapped[Words]
    claimed_type: Mapped[Words]
    size: Mapped[Count]
    taken: Mapped[Count]
    turn: Mapped[Count]
    state: Mapped[Word]
    error: Mapped[Word | None]
    file_id: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[Ms]


class UploadPiece(Base):
    """A counted piece of an upload: the `n`th of its turn, from byte `start` on."""

    __tablename__ = "upload_pieces"

    upload_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    start: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[Count]
    turn: Mapped[Count]
    n: Mapped[Count]


class File(Base):
    """A file that is ready. `stored`: the bytes of all its parts; `uses`: how many messages hold it.

    Of one that is more than a download: `width` and `height` (px), `thumbhash`, `duration_ms`, the `peaks` of a
    recording, the `pages` of a document, and `variants`, a list of `wire.Variant` as JSON.

    `unused_since`: when the last of them was deleted, or the file was made (ms); empty while there are any.
    """

    __tablename__ = "files"
    __table_args__ = (Index("ix_files_user_id", "user_id", "id"),)

    id: Mapped[Id]
    user_id: Mapped[Ref]
    kind: Mapped[Word]
    name: Mapped[Words]
    type: Mapped[Words]
    size: Mapped[Count]
    sha256: Mapped[Word]
    width: Mapped[int | None] = mapped_column(BigInteger)
    height: Mapped[int | None] = mapped_column(BigInteger)
    thumbhash: Mapped[Word | None]
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    peaks: Mapped[Words | None]
    pages: Mapped[int | None] = mapped_column(BigInteger)
    variants: Mapped[Words | None]
    stored: Mapped[Count]
    uses: Mapped[Count] = mapped_column(server_default=text("0"))
    unused_since: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Ms]


class FileUse(Base):
    """A file in a message: the file at `place` of it, with its words for people who cannot see it.

    `kind`: the list of the chat's files that shows it, see `wire.ListKind`.
    """

    __tablename__ = "file_uses"
    __table_args__ = (
        Index("ix_file_uses_file_id", "file_id", "chat_id"),
        # Not by chat first: PostgreSQL would read it for what needs the primary key.
        Index("ix_file_uses_kind", "kind", "chat_id", "seq", "place"),
    )

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    file_id: Mapped[Ref]
    kind: Mapped[Word] = mapped_column(server_default=text("'file'"))
    alt: Mapped[Words]


class StorageUsed(Base):
    """The bytes of a person's files, and of their uploads on the way.

    `quota`: how many both may be, where an administrator set that for this person.
    """

    __tablename__ = "storage_used"
    __table_args__ = (Index("ix_storage_used_used", "used", "user_id"),)

    user_id: Mapped[Id]
    used: Mapped[Count] = mapped_column(server_default=text("0"))
    reserved: Mapped[Count] = mapped_column(server_default=text("0"))
    quota: Mapped[int | None] = mapped_column(BigInteger)


class StorageTotal(Base):
    """The bytes of all people together, in a few rows, so that their commits do not wait for each other.

    The sum of `storage_used` would read a row of each person. `shard`: the id of a person modulo `store.SHARDS`.
    """

    __tablename__ = "storage_total"

    shard: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    used: Mapped[Count]
    reserved: Mapped[Count]


class StorageKind(Base):
    """The files of a kind and their bytes. `owner`: a person; of all people together, in as many rows as
    `storage_total`, -1 minus the shard.
    """

    __tablename__ = "storage_kinds"

    owner: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Word] = mapped_column(primary_key=True)
    files: Mapped[Count]
    used: Mapped[Count]


class StorageDay(Base):
    """The bytes of files that became ready, and of those that were deleted, on a day since 1970 (UTC)."""

    __tablename__ = "storage_days"

    day: Mapped[Count] = mapped_column(primary_key=True, autoincrement=False)
    shard: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    added: Mapped[Count]
    removed: Mapped[Count]


class StorageChat(Base):
    """The files in the messages of a chat and their bytes; one that several messages hold counts for each."""

    __tablename__ = "storage_chats"
    __table_args__ = (Index("ix_storage_chats_used", "used", "chat_id"),)

    chat_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    files: Mapped[Count]
    used: Mapped[Count]


class Stray(Base):
    """A key of the storage that belongs to no upload and no file, and when the sweep first found it (ms)."""

    __tablename__ = "strays"

    key: Mapped[Words] = mapped_column(primary_key=True)
    seen_at: Mapped[Ms]
