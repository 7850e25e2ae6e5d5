"""The HTTP doors of people and their profiles."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.responses import Response

from messenger.doors.deps import NUMBER_MAX, Changing, Db, Me, Pages, Seen
from messenger.doors.reply import answers, reply, rev_of
from messenger.features.people import access, actions
from messenger.features.people.errors import UserForbidden, UserNotFound
from messenger.features.people.schemas import ProfileChange, RightsChange
from messenger.features.people.wire import UserList, UserRead
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Stale
from messenger.kernel.ports.limits import Bucket, Rate

router = APIRouter(prefix="/api/users", tags=["users"])
DIRECTORY: Final = Bucket("directory", Rate(30, 1, 1))

Number = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
Looking = Annotated[Actor, Depends(Seen(DIRECTORY))]


@router.get("/me", responses=answers(UserRead))
async def get_me(me: Me, db: Db) -> Response:
    """Returns my profile."""
    return reply(await db.read(access.get_me, me.user_id))


@router.patch("/me", responses=answers(UserRead, 200, Stale))
async def change_me(
    body: ProfileChange,
    me: Changing,
    db: Db,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Response:
    """Changes my name or language."""
    change = body.model_dump(exclude_none=True)
    return reply(await db.write(actions.change_profile, me, change, rev_of(if_match)))


@router.get("", responses=answers(UserList))
async def search_users(
    me: Looking,
    db: Db,
    page: Pages,
    query: Annotated[str, Query(max_length=254, pattern=r"^[^\x00]*$")] = "",
    ids: Annotated[str, Query(max_length=1700, pattern=r"^([0-9]{1,16}(,[0-9]{1,16}){0,99})?$")] = "",
) -> Response:
    """Returns people by name or by their whole address; with `ids` those people, as far as they exist."""
    if ids:
        return reply(await db.read(actions.list_users, me, [int(one) for one in ids.split(",")]))
    return reply(await db.read(actions.search, me, query, page))


@router.get("/{user_id}", responses=answers(UserRead, 200, UserNotFound))
async def get_user(user_id: Number, me: Me, db: Db) -> Response:
    """Returns a person's profile."""
    return reply(await db.read(actions.get_user, me, user_id))


@router.patch("/{user_id}", responses=answers(UserRead, 200, UserForbidden, UserNotFound))
async def change_rights(user_id: Number, body: RightsChange, me: Changing, db: Db) -> Response:
    """Changes the rights of a person; for administrators."""
    return reply(await db.write(actions.allow, me, user_id, may_invite=body.may_invite))
