"""The flow of an avatar: checks its first bytes, stores it as it arrives, then stages the job that makes it ready."""

import hashlib
from collections.abc import AsyncIterator
from typing import Final

from messenger.doors.platform import Platform
from messenger.features.media.actions import avatars
from messenger.features.media.actions.avatars import Make, Owner
from messenger.features.media.errors import ImageUnsupported
from messenger.features.media.making import images
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Unavailable
from messenger.kernel.ids import new_id
from messenger.kernel.ports.storage import type_of
from messenger.kernel.signing import signature

HEAD: Final = 12
"""Bytes of a file that show its kind."""


async def upload(platform: Platform, me: Actor, owner: Owner, chunks: AsyncIterator[bytes], type_: str) -> str:
    """Stores an image for an avatar; returns the key that the avatar will have.

    `type_`: the media type that is claimed. Raises the refusals of `avatars.may_change`, `ImageUnsupported`,
    `Unavailable`.
    """
    await platform.db.read(avatars.may_change, me.user_id, owner)
    head, chunks = await _headed(chunks)
    kind = images.kind_of(head)
    if kind is None or type_ != type_of(f"a.{kind}"):
        raise ImageUnsupported
    number = new_id()
    original = f"uploads/{number:x}.{kind}"
    await platform.db.write(avatars.begin, original)
    digest = hashlib.sha256()
    try:
        await platform.storage.put(original, _hashed(chunks, digest))
    except OSError as error:
        raise Unavailable(retry_after_ms=1000) from error
    # The content's hash under our secret: the key of a picture does not show where else the picture is used.
    avatar = signature(platform.config.secret_key, "avatar", f"{number} {digest.hexdigest()}")
    await platform.db.write(avatars.want, me.user_id, Make(owner, avatar, original))
    return avatar


async def _headed(chunks: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    """Returns the first bytes, and all of it."""
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break

    async def whole() -> AsyncIterator[bytes]:
        yield head
        async for chunk in chunks:
            yield chunk

    return head, whole()


async def _hashed(chunks: AsyncIterator[bytes], digest: "hashlib._Hash") -> AsyncIterator[bytes]:
    async for chunk in chunks:
        digest.update(chunk)
        yield chunk
