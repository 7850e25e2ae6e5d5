"""The HTTP doors of the storage of all people, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from messenger.doors.deps import NUMBER_MAX, Changing, Me, Pages, Platform
from messenger.doors.reply import answers, reply
from messenger.features.media.actions import storage
from messenger.features.media.schemas import QuotaChange
from messenger.features.media.settings import MediaSettings
from messenger.features.media.wire import ChatStorageList, DiskView, ServerStorage, UserStorage, UserStorageList
from messenger.features.people.errors import UserForbidden, UserNotFound

router = APIRouter(prefix="/api/storage", tags=["administration"])
UserId = Annotated[int, Path(ge=1, le=NUMBER_MAX)]


@router.get("", responses=answers(ServerStorage, 200, UserForbidden))
async def get_server_storage(me: Me, platform: Platform) -> Response:
    """Returns the bytes of all people's files, by kinds and days, and their limits; for administrators."""
    settings = platform.of(MediaSettings)
    view = await platform.db.read(storage.of_server, me, settings.files_quota, settings.files_total)
    if (disk := await platform.storage.disk()) is not None:
        view.disk = DiskView(disk.total, disk.free, settings.reserve_of(disk.total))
    return reply(view)


@router.get("/users", responses=answers(UserStorageList, 200, UserForbidden))
async def list_user_storage(me: Me, platform: Platform, page: Pages) -> Response:
    """Returns people by the bytes of their files, most first; for administrators."""
    quota = platform.of(MediaSettings).files_quota
    return reply(await platform.db.read(storage.list_people, me, page, quota))


@router.get("/chats", responses=answers(ChatStorageList, 200, UserForbidden))
async def list_chat_storage(me: Me, platform: Platform, page: Pages) -> Response:
    """Returns chats by the bytes of the files in their messages, most first; for administrators."""
    return reply(await platform.db.read(storage.list_chats, me, page))


@router.put("/users/{user_id}/quota", responses=answers(UserStorage, 200, UserForbidden, UserNotFound))
async def set_quota(user_id: UserId, body: QuotaChange, me: Changing, platform: Platform) -> Response:
    """Sets how many bytes a person may store; `null`: as many as all others. For administrators."""
    default = platform.of(MediaSettings).files_quota
    return reply(await platform.db.write(storage.set_quota, me, user_id, body.quota, default))
