"""The background jobs of media: making avatars ready, deleting files."""

from collections.abc import AsyncIterator

from messenger.doors.platform import Platform
from messenger.features.media import actions, images
from messenger.features.media.actions import Files, Make
from messenger.features.media.errors import ImageBroken
from messenger.kernel import codec
from messenger.kernel.errors import AppError


async def make_avatar(platform: Platform, payload: bytes) -> None:
    """Decodes an original into its sizes; a repeat writes the same files again and changes nothing twice."""
    make = codec.decode(payload, Make)
    try:
        await _make(platform, make)
    except AppError as error:
        await platform.db.write(actions.refuse, make, error)
    await platform.storage.delete([make.original])


async def _make(platform: Platform, make: Make) -> None:
    try:
        opened = await platform.storage.open(make.original)
    except FileNotFoundError:
        raise ImageBroken from None
    data = b"".join([chunk async for chunk in opened.chunks])
    squares = await images.squares(data, make.original.rpartition(".")[2], actions.SIZES)
    keys = actions.keys_of(make.avatar)
    for key, square in zip(keys, squares, strict=True):
        await platform.storage.put(key, _once(square))
    try:
        is_shown = await platform.db.write(actions.take, make)
    except AppError:
        await platform.storage.delete(keys)
        raise
    if not is_shown:
        await platform.storage.delete(keys)


async def delete_files(platform: Platform, payload: bytes) -> None:
    """Deletes files."""
    await platform.storage.delete(codec.decode(payload, Files).keys)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
