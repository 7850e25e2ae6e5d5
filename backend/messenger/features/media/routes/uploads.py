"""The HTTP doors of uploads: the protocol tus 1.0, and a look for clients without a socket."""

import asyncio
from email.utils import formatdate
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from messenger.doors.deps import NUMBER_MAX, Changing, Me, Platform, Seen
from messenger.doors.problems import MethodNotAllowed, RequestTooLarge
from messenger.doors.reply import answers, done, reply
from messenger.doors.uploads import body_of
from messenger.features.chats.errors import ChatForbidden, ChatNotFound
from messenger.features.media import policy, views
from messenger.features.media.actions import uploads
from messenger.features.media.errors import (
    FileTooLarge,
    FileTypeRefused,
    NoSpace,
    NotBytes,
    QuotaExceeded,
    UploadChecksum,
    UploadExpired,
    UploadMoved,
    UploadNotFound,
    UploadVersion,
)
from messenger.features.media.flows import uploads as flow
from messenger.features.media.flows.uploads import Body
from messenger.features.media.routes.avatars import Uploading
from messenger.features.media.settings import MediaSettings
from messenger.features.media.wire import UploadView
from messenger.kernel import clock
from messenger.kernel.actor import Actor
from messenger.kernel.errors import IdempotencyMismatch

BYTES: Final = "application/offset+octet-stream"
LOOK_S: Final = 0.25
"""Seconds between two looks at an upload for a caller who waits for its end."""


async def _speak(request: Request) -> None:
    """Names the version of the protocol on every answer, and refuses another one. Raises `UploadVersion`."""
    request.state.headers = {"tus-resumable": policy.TUS, "tus-version": policy.TUS}
    policy.check_version(request.headers.get("tus-resumable"))


router = APIRouter(prefix="/api/uploads", tags=["media"], dependencies=[Depends(_speak)])
UploadId = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
Sending = Annotated[Actor, Depends(Seen(None))]
"""A caller whose bytes are counted by the budget: a refusal for too many requests would end an upload for good."""
_BINARY: Final = {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}
_RECEIVING: Final = (
    UploadNotFound, UploadExpired, UploadMoved, UploadChecksum, UploadVersion, RequestTooLarge, NoSpace,
)  # fmt: skip


@router.options("", status_code=204, responses=answers(None, 204))
async def describe_uploads(platform: Platform) -> Response:
    """Tells programs what this server knows of the protocol."""
    return Response(
        status_code=204,
        headers={
            "allow": "POST, OPTIONS",
            "tus-max-size": str(platform.of(MediaSettings).file_max),
            "tus-extension": "creation,creation-with-upload,termination,checksum,expiration",
            "tus-checksum-algorithm": ",".join(policy.ALGORITHMS),
        },
    )


@router.post(
    "",
    status_code=201,
    responses=answers(
        None,
        201,
        ChatNotFound,
        ChatForbidden,
        FileTooLarge,
        FileTypeRefused,
        QuotaExceeded,
        IdempotencyMismatch,
        *_RECEIVING,
    ),
    openapi_extra={"requestBody": {"required": False, **_BINARY}},
)
async def begin_upload(request: Request, me: Uploading, platform: Platform) -> Response:
    """Begins an upload, with its first bytes where the request has any; a repeat of its key gets the same upload."""
    row = await flow.begin(platform, policy.wish_of(me.user_id, request.headers))
    taken = row.taken
    if request.headers.get("content-type") == BYTES and (row.state, row.taken) == ("open", 0):
        taken = await _receive(request, platform, me, row.id, 0)
    return Response(
        status_code=201, headers=_place(row) | {"location": f"/api/uploads/{row.id}", "upload-offset": str(taken)}
    )


@router.get(
    "/{upload_id}",
    responses=answers(UploadView, 200, UploadNotFound, UploadExpired, UploadVersion),
)
async def get_upload(
    upload_id: UploadId, request: Request, me: Me, platform: Platform, wait: Annotated[int, Query(ge=0, le=25)] = 0
) -> Response:
    """Returns how far an upload is; waits up to `wait` seconds for its end."""
    until = asyncio.get_running_loop().time() + wait
    row, file = await platform.db.read(uploads.look, me.user_id, upload_id)
    while row.state in ("open", "full") and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(LOOK_S)
        row, file = await platform.db.read(uploads.look, me.user_id, upload_id)
    if request.state.is_head and (row.state == "failed" or (row.state == "open" and row.expires_at <= clock.now_ms())):
        raise UploadExpired
    said = {"upload-offset": str(row.taken), "upload-length": str(row.size)}
    if row.file_id is not None:
        said["file-id"] = str(row.file_id)
    return reply(views.upload_view(row, file), headers=_place(row) | said)


@router.patch(
    "/{upload_id}",
    status_code=204,
    responses=answers(None, 204, *_RECEIVING),
    openapi_extra={"requestBody": {"required": True, **_BINARY}},
)
async def continue_upload(upload_id: UploadId, request: Request, me: Sending, platform: Platform) -> Response:
    """Stores the next bytes of an upload. What arrived of a request that breaks off is kept."""
    if request.headers.get("content-type") != BYTES:
        raise NotBytes
    taken = await _receive(request, platform, me, upload_id, policy.number_of(request.headers, "upload-offset"))
    return Response(status_code=204, headers={"upload-offset": str(taken)})


@router.delete("/{upload_id}", status_code=204, responses=answers(None, 204, UploadNotFound, UploadVersion))
async def end_upload(upload_id: UploadId, me: Changing, platform: Platform) -> Response:
    """Ends an upload on its way and deletes its bytes; one that has become a file stays."""
    await platform.db.write(uploads.cancel, me.user_id, upload_id)
    return done()


@router.post(
    "/{upload_id}",
    status_code=204,
    responses=answers(None, 204, MethodNotAllowed, *_RECEIVING),
    openapi_extra={"requestBody": {"required": False, **_BINARY}},
)
async def override_upload(upload_id: UploadId, request: Request, me: Sending, platform: Platform) -> Response:
    """Does what `X-HTTP-Method-Override` names, PATCH or DELETE: some networks let no other methods through."""
    method = request.headers.get("x-http-method-override", "").upper()
    if method == "PATCH":
        return await continue_upload(upload_id, request, me, platform)
    if method == "DELETE":
        return await end_upload(upload_id, me, platform)
    raise MethodNotAllowed


async def _receive(request: Request, platform: Platform, me: Actor, upload_id: int, offset: int) -> int:
    """Stores the body of a request; returns how many bytes of the upload are taken then."""

    def body(most: int) -> Body:
        return Body(platform, body_of(request, most))

    checksum = policy.checksum_of(request.headers.get("upload-checksum"))
    if checksum is not None:
        return await flow.receive_checked(platform, me.user_id, upload_id, offset, body, checksum)
    return await flow.receive(platform, me.user_id, upload_id, offset, body)


def _place(row: Any) -> dict[str, str]:
    """Returns the header that says until when an upload may be continued; none where that is over."""
    return {"upload-expires": formatdate(row.expires_at / 1000, usegmt=True)} if row.state == "open" else {}
