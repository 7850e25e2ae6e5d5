"""The flows of uploads: begins one, and stores the bytes of a request in pieces, each with a commit of its own."""

import asyncio
import errno
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from messenger.doors import limits
from messenger.doors.platform import Platform
from messenger.features.media import names, policy
from messenger.features.media.actions import uploads
from messenger.features.media.actions.uploads import Piece, Turn
from messenger.features.media.errors import NO_SPACE_MS, NoSpace, UploadChecksum, UploadMoved
from messenger.features.media.flows import budget
from messenger.features.media.policy import CHECKED_MAX, PIECE, PIECE_LEAST, Checksum, Terms, UploadWish
from messenger.features.media.settings import MediaSettings
from messenger.kernel.errors import RequestMalformed, Unavailable
from messenger.kernel.ports.limits import Bucket, Rate

UPLOAD_BYTES: Final = Bucket("upload_bytes", Rate(2 * 1024**3, 2 * 1024**3, 86_400))
AT_ONCE: Final = 3
"""Requests of one person that a process receives at the same time."""
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The errors of a system whose disk has no room."""
_receiving: Final[Counter[int]] = Counter()


async def begin(platform: Platform, wish: UploadWish) -> Any:
    """Begins an upload; returns its row.

    Raises the refusals of `policy.may_upload` and `uploads.begin`, `NoSpace`, and `TooMany` where a day's bytes are
    used up.
    """
    settings = platform.of(MediaSettings)
    policy.may_upload(wish, settings.file_max, settings.files_refused)
    await need_space(platform, wish.size)
    if not await platform.db.read(uploads.is_known, wish):
        limits.check(platform, UPLOAD_BYTES, wish.user_id, min(wish.size, UPLOAD_BYTES.rate.burst))
    terms = Terms(settings.files_quota, settings.files_total, settings.upload_ttl)
    return await platform.db.write(uploads.begin, wish, terms)


async def need_space(platform: Platform, size: int) -> None:
    """Checks that the disk of files keeps its reserve with `size` more bytes. Raises `NoSpace`."""
    disk = await platform.storage.disk()
    if disk is not None and disk.free - size < platform.of(MediaSettings).reserve_of(disk.total):
        raise NoSpace(retry_after_ms=NO_SPACE_MS, limit="disk")


class Body:
    """Cuts the body of a request into pieces as it arrives.

    `is_broken`: the sender went away before its end.
    """

    def __init__(self, platform: Platform, chunks: AsyncIterator[bytes]) -> None:
        self._platform, self._chunks = platform, chunks
        self._rest = b""
        self.is_broken = False

    async def is_over(self) -> bool:
        """Returns whether no more bytes come."""
        while not self._rest:
            try:
                self._rest = await anext(self._chunks)
            except StopAsyncIteration:
                return True
            except RequestMalformed:
                self.is_broken = True
                return True
            await budget.take_in(self._platform, len(self._rest))
        return False

    async def piece(self, most: int, digest: Any = None) -> AsyncIterator[bytes]:
        """Yields the next bytes, at most `most`, and adds them to a digest."""
        while most and not await self.is_over():
            chunk, self._rest = self._rest[:most], self._rest[most:]
            most -= len(chunk)
            if digest is not None:
                await asyncio.to_thread(digest.update, chunk)
            yield chunk


OpenBody = Callable[[int], Body]
"""Opens the body of a request, of which at most so many bytes are read."""


async def receive(platform: Platform, user_id: int, upload_id: int, offset: int, open_body: OpenBody) -> int:
    """Stores the bytes of a request from `offset` on; returns how many of the upload are taken then.

    A sender that goes away leaves what arrived. Raises the refusals of `uploads.take_turn`, `UploadMoved` where another
    request continues the upload, `RequestMalformed` for too few bytes, `NoSpace`, `Unavailable`.
    """
    with _one_of_few(user_id):
        turn = await platform.db.write(uploads.take_turn, user_id, upload_id, offset)
        body, n = open_body(turn.size - offset), 0
        while offset < turn.size and not await body.is_over():
            piece = await _store(platform, turn, Piece(n, offset, 0), body.piece(min(PIECE, turn.size - offset)))
            if piece.size < PIECE_LEAST and offset + piece.size < turn.size:
                await _drop(platform, turn, piece)
                if body.is_broken:
                    break
                raise RequestMalformed(reason=f"a request brings at least {PIECE_LEAST} bytes, or the last ones")
            await _count(platform, turn, piece)
            offset, n = offset + piece.size, n + 1
        return offset


async def receive_checked(
    platform: Platform, user_id: int, upload_id: int, offset: int, open_body: OpenBody, checksum: Checksum
) -> int:
    """Stores the bytes of a request as one piece if their checksum is right; returns how many are taken then.

    Raises as `receive`, and `UploadChecksum`; then none of them are kept.
    """
    with _one_of_few(user_id):
        turn = await platform.db.write(uploads.take_turn, user_id, upload_id, offset)
        digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
        most = min(CHECKED_MAX, turn.size - offset)
        body = open_body(most)
        piece = await _store(platform, turn, Piece(0, offset, 0), body.piece(most, digest))
        if body.is_broken or digest.digest() != checksum.digest:
            await _drop(platform, turn, piece)
            raise UploadChecksum
        if piece.size:
            await _count(platform, turn, piece)
        return offset + piece.size


@contextmanager
def _one_of_few(user_id: int) -> Iterator[None]:
    if _receiving[user_id] >= AT_ONCE:
        raise Unavailable(retry_after_ms=1000)
    _receiving[user_id] += 1
    try:
        yield
    finally:
        _receiving[user_id] -= 1
        if not _receiving[user_id]:
            del _receiving[user_id]


async def _store(platform: Platform, turn: Turn, piece: Piece, chunks: AsyncIterator[bytes]) -> Piece:
    key = names.piece_key(turn.upload_id, turn.number, piece.n)
    try:
        return piece._replace(size=await platform.storage.put(key, chunks))
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace(retry_after_ms=NO_SPACE_MS, limit="disk") from error
        raise Unavailable(retry_after_ms=1000) from error


async def _count(platform: Platform, turn: Turn, piece: Piece) -> None:
    try:
        ttl_s, is_scanned = platform.of(MediaSettings).upload_ttl, platform.scan is not None
        await platform.db.write(uploads.count_piece, turn, piece, ttl_s, is_scanned=is_scanned)
    except UploadMoved:
        await _drop(platform, turn, piece)
        raise


async def _drop(platform: Platform, turn: Turn, piece: Piece) -> None:
    """Deletes a piece that is not counted; where that fails the end of the upload deletes it."""
    try:
        await platform.storage.delete([names.piece_key(turn.upload_id, turn.number, piece.n)])
    except OSError:
        return
