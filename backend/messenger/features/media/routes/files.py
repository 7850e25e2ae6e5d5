"""The HTTP doors of files, and of the bytes that a person stores."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from messenger.doors.deps import NUMBER_MAX, Changing, Db, Me, Platform, Reading
from messenger.doors.reply import answers, done, reply
from messenger.features.media.actions import files, storage, uses
from messenger.features.media.errors import FileInUse, FileNotFound, RangeInvalid
from messenger.features.media.flows import files as flow
from messenger.features.media.names import VariantName
from messenger.features.media.settings import MediaSettings
from messenger.features.media.wire import StorageView
from messenger.features.sessions import tokens
from messenger.kernel.actor import Actor
from messenger.kernel.ports.limits import Bucket, Rate

router = APIRouter(prefix="/api", tags=["media"])
FILES: Final = Bucket("files", Rate(300, 50, 1))
FileId = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
Reader = Annotated[Actor, Depends(Reading(FILES, tokens.FILES))]


def _described(*types: str) -> dict[int | str, Any]:
    """Returns OpenAPI's `responses` of a read of bytes."""
    content: dict[str, Any] = {type_: {} for type_ in types}
    return {
        200: {"description": "The bytes of the file.", "content": content},
        206: {"description": "The range of bytes that `Range` names.", "content": content},
        302: {"description": "The file is at a signed address of the storage."},
        304: {"description": "The file still matches `If-None-Match`."},
    }


_BYTES: Final = _described("application/octet-stream")
_SHOWN: Final = _described("image/webp", "audio/mp4", "video/mp4")


@router.get("/files/{file_id}/o", responses=answers(None, 200, FileNotFound, RangeInvalid) | _BYTES)
async def get_file(file_id: FileId, request: Request, me: Reader, platform: Platform) -> Response:
    """Returns a file as it was uploaded, as a download that no browser runs."""
    row = await platform.db.read(uses.readable, me.user_id, file_id)
    return await _bytes(platform, flow.original(row), request)


@router.get("/files/{file_id}/{v}", responses=answers(None, 200, FileNotFound, RangeInvalid) | _SHOWN)
async def get_variant(file_id: FileId, v: VariantName, request: Request, me: Reader, platform: Platform) -> Response:
    """Returns a variant of a file that the server made, which a browser shows or plays."""
    row = await platform.db.read(uses.readable, me.user_id, file_id)
    return await _bytes(platform, flow.variant(row, v), request)


@router.delete("/files/{file_id}", status_code=204, responses=answers(None, 204, FileNotFound, FileInUse))
async def delete_file(file_id: FileId, me: Changing, db: Db) -> Response:
    """Deletes a file of mine that no message holds."""
    await db.write(files.remove, me.user_id, file_id)
    return done()


@router.get("/users/me/storage", responses=answers(StorageView))
async def get_storage(me: Me, platform: Platform) -> Response:
    """Returns the bytes of my files, of my uploads on their way, how many both may be, and the kinds of my files."""
    quota = platform.of(MediaSettings).files_quota
    return reply(await platform.db.read(storage.of_person, me.user_id, quota))


async def _bytes(platform: Platform, readable: flow.Readable, request: Request) -> Response:
    answer = await flow.read(platform, readable, request.headers, is_head=request.state.is_head)
    if answer.chunks is None:
        return Response(None, answer.status, answer.headers)
    return StreamingResponse(answer.chunks, answer.status, answer.headers)
