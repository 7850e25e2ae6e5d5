"""The HTTP doors of avatars."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from messenger.doors.deps import NUMBER_MAX, Changing, Db, Platform, Seen, Unseen
from messenger.doors.problems import RequestTooLarge
from messenger.doors.reply import answers, done, reply
from messenger.doors.uploads import body_of
from messenger.features.chats.errors import ChatForbidden, ChatNotFound
from messenger.features.media.actions import avatars
from messenger.features.media.actions.avatars import Owner
from messenger.features.media.errors import FileNotFound, ImageUnsupported
from messenger.features.media.flows import avatars as flow
from messenger.features.media.making import images
from messenger.features.media.wire import AvatarAccepted
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Unavailable
from messenger.kernel.ports.limits import Bucket, Rate
from messenger.kernel.ports.storage import type_of

router = APIRouter(prefix="/api", tags=["media"])
UPLOAD: Final = Bucket("upload", Rate(20, 20, 60))
AVATARS: Final = Bucket("avatars", Rate(600, 100, 1))

ChatId = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
Key = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Uploading = Annotated[Actor, Depends(Seen(UPLOAD))]
Gazing = Annotated[str, Depends(Unseen(AVATARS))]
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")
_BODY: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": dict.fromkeys(_TYPES, _BINARY)}}
SIGNED_S: Final = 3600
"""Life (s) of a signed address; a browser may keep it for half of it."""
_FILE: Final = {
    "cache-control": "private, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
}


@router.put(
    "/users/me/avatar",
    status_code=202,
    responses=answers(AvatarAccepted, 202, ImageUnsupported, RequestTooLarge),
    openapi_extra=_BODY,
)
async def put_my_avatar(request: Request, me: Uploading, platform: Platform) -> Response:
    """Uploads an image for my avatar; `user.changed` or `avatar.failed` reports the result."""
    return await _put(request, me, platform, Owner("user", me.user_id))


@router.delete("/users/me/avatar", status_code=204, responses=answers(None, 204))
async def delete_my_avatar(me: Changing, db: Db) -> Response:
    """Removes my avatar."""
    await db.write(avatars.remove, me.user_id, Owner("user", me.user_id))
    return done()


@router.put(
    "/chats/{chat_id}/avatar",
    status_code=202,
    responses=answers(AvatarAccepted, 202, ImageUnsupported, RequestTooLarge, ChatNotFound, ChatForbidden),
    openapi_extra=_BODY,
)
async def put_chat_avatar(chat_id: ChatId, request: Request, me: Uploading, platform: Platform) -> Response:
    """Uploads an image for a group; `chat.changed` or `avatar.failed` reports the result."""
    return await _put(request, me, platform, Owner("chat", chat_id))


@router.delete("/chats/{chat_id}/avatar", status_code=204, responses=answers(None, 204, ChatNotFound, ChatForbidden))
async def delete_chat_avatar(chat_id: ChatId, me: Changing, db: Db) -> Response:
    """Removes a group's avatar."""
    await db.write(avatars.remove, me.user_id, Owner("chat", chat_id))
    return done()


@router.get(
    "/avatars/{avatar}/{size}",
    responses=answers(None, 200, FileNotFound)
    | {
        200: {"description": "The image.", "content": {"image/webp": {}}},
        302: {"description": "The file is at a signed address of the storage."},
        304: {"description": "The file still matches `If-None-Match`."},
    },
)
async def get_avatar(
    avatar: Key, size: Annotated[int, Path(ge=1, le=4096)], request: Request, _: Gazing, platform: Platform
) -> Response:
    """Returns an avatar as a square of 48, 96 or 320 px.

    Everyone who knows its key may see it; a key is never used again.
    """
    if size not in avatars.SIZES:
        raise FileNotFound
    head = _FILE | {"etag": f'"{avatar}"'}
    if f'"{avatar}"' in request.headers.get("if-none-match", ""):
        return Response(None, 304, head)
    key = avatars.keys_of(avatar)[avatars.SIZES.index(size)]
    if address := platform.storage.signed(key, SIGNED_S):
        return Response(None, 302, {"location": address, "cache-control": f"private, max-age={SIGNED_S // 2}"})
    try:
        opened = await platform.storage.open(key)
    except FileNotFoundError:
        raise FileNotFound from None
    except OSError as error:
        raise Unavailable(retry_after_ms=1000) from error
    return StreamingResponse(opened.chunks, 200, head | {"content-length": str(opened.size)}, type_of(key))


async def _put(request: Request, me: Actor, platform: Platform, owner: Owner) -> Response:
    type_ = request.headers.get("content-type", "").partition(";")[0].strip()
    return reply(AvatarAccepted(await flow.upload(platform, me, owner, body_of(request, images.BYTES_MAX), type_)), 202)
