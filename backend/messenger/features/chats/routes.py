"""The HTTP doors of chats and members."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Header, Path, Query
from starlette.responses import Response

from messenger.doors import limits
from messenger.doors.deps import NUMBER_MAX, Changing, Db, Me, Pages, Platform
from messenger.doors.fast import Call, Hot
from messenger.doors.feature import Verb
from messenger.doors.once import Creating
from messenger.doors.reply import answers, done, reply, rev_of
from messenger.features.chats import actions
from messenger.features.chats.errors import (
    ChatForbidden,
    ChatNotFound,
    LastOwner,
    MemberNotFound,
)
from messenger.features.chats.rights import Right
from messenger.features.chats.schemas import (
    ChatChange,
    ChatCreate,
    DirectCreate,
    GroupCreate,
    MembersAdd,
    RoleChange,
)
from messenger.features.chats.wire import (
    ChatList,
    ChatView,
    MemberList,
    MemberState,
    MemberView,
    StateChange,
    StateFrame,
)
from messenger.features.people.errors import UserNotFound
from messenger.kernel.actor import Actor
from messenger.kernel.errors import IdempotencyMismatch, Stale, TooMany
from messenger.kernel.ports.limits import Bucket, Rate

router = APIRouter(prefix="/api", tags=["chats"])
CHATS: Final = Bucket("chats", Rate(60, 60, 3600))
MEMBERS: Final = Bucket("members", Rate(1000, 1000, 3600))

ChatId = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
UserId = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
With = Annotated[int | None, Query(alias="with", ge=1, le=NUMBER_MAX)]
IfMatch = Annotated[str | None, Header(max_length=40)]


@router.get("/chats", responses=answers(ChatList))
async def list_chats(me: Me, db: Db, page: Pages, with_: With = None) -> Response:
    """Returns my chats, last active first: all, or those that a person is in too."""
    return reply(await db.read(actions.list_chats, me, page, with_))


@router.post(
    "/chats",
    status_code=201,
    responses=answers(ChatView, 201, UserNotFound, IdempotencyMismatch, TooMany, actions.TooManyChats)
    | answers(ChatView, 200),
)
async def create_chat(
    body: Annotated[ChatCreate, Body()], me: Changing, platform: Platform, once: Creating
) -> Response:
    """Creates a group, or opens the chat with a person or with oneself."""
    if isinstance(body, GroupCreate):
        await limits.ask(platform, CHATS, me.user_id)
        await limits.ask(platform, MEMBERS, me.user_id, len(set(body.member_ids)))
        return await once(actions.create_group, me, body.name, body.member_ids)
    db = platform.db
    if isinstance(body, DirectCreate):
        if await db.read(actions.find_direct, me.user_id, body.user_id) is None:
            await limits.ask(platform, CHATS, me.user_id)
        view, is_new = await db.write(actions.open_direct, me, body.user_id)
    else:
        view, is_new = await db.write(actions.open_saved, me)
    return reply(view, 201 if is_new else 200)


@router.get("/chats/{chat_id}", responses=answers(ChatView, 200, ChatNotFound))
async def get_chat(chat_id: ChatId, me: Me, db: Db) -> Response:
    """Returns one of my chats."""
    return reply(await db.read(actions.get_chat, me, chat_id))


@router.patch("/chats/{chat_id}", responses=answers(ChatView, 200, ChatNotFound, ChatForbidden, Stale))
async def change_chat(chat_id: ChatId, body: ChatChange, me: Changing, db: Db, if_match: IfMatch = None) -> Response:
    """Gives a group another name, or switches its previews of links."""
    changes = actions.ChatChanges(body.name, body.cards)
    return reply(await db.write(actions.change, me, chat_id, changes, rev_of(if_match)))


async def change_state(call: Call) -> Response:
    """Changes my state in a chat: how loud it is, its place in my list, whether it counts as unread."""
    return reply(await call.platform.db.write(actions.change_state, call.actor, call.path["chat_id"], call.body))


async def _change_state_frame(platform: Platform, me: Actor, data: StateFrame) -> MemberState:
    return await platform.db.write(actions.change_state, me, data.chat_id, data)


hot = (
    Hot(
        "PATCH",
        "/chats/{chat_id}/my",
        change_state,
        answers(MemberState, 200, ChatNotFound),
        StateChange,
        limits.CHANGE,
    ),
)
_CHANGE_STATE: Final = Verb(StateFrame, _change_state_frame, limits.CHANGE, MemberState)
verbs: Mapping[str, Verb[Any, Any]] = {"mine.set": _CHANGE_STATE}


@router.get("/chats/{chat_id}/members", responses=answers(MemberList, 200, ChatNotFound))
async def list_members(chat_id: ChatId, me: Me, db: Db, page: Pages) -> Response:
    """Returns members by the time they joined."""
    return reply(await db.read(actions.list_members, me, chat_id, page))


@router.post(
    "/chats/{chat_id}/members",
    responses=answers(
        MemberList,
        200,
        ChatNotFound,
        ChatForbidden,
        UserNotFound,
        TooMany,
        actions.TooManyMembers,
        actions.TooManyChats,
    ),
)
async def add_members(chat_id: ChatId, body: MembersAdd, me: Changing, platform: Platform) -> Response:
    """Adds people to a group; answers those added."""
    await platform.db.read(actions.need, me.user_id, chat_id, Right.ADD)
    await limits.ask(platform, MEMBERS, me.user_id, len(set(body.user_ids)))
    return reply(await platform.db.write(actions.add_members, me, chat_id, body.user_ids))


@router.patch(
    "/chats/{chat_id}/members/{user_id}",
    responses=answers(MemberView, 200, ChatNotFound, MemberNotFound, ChatForbidden, LastOwner),
)
async def change_role(chat_id: ChatId, user_id: UserId, body: RoleChange, me: Changing, db: Db) -> Response:
    """Gives a member another role."""
    return reply(await db.write(actions.change_role, me, chat_id, user_id, body.role))


@router.delete(
    "/chats/{chat_id}/members/{user_id}",
    status_code=204,
    responses=answers(None, 204, ChatNotFound, MemberNotFound, ChatForbidden, LastOwner),
)
async def remove_member(chat_id: ChatId, user_id: UserId, me: Changing, db: Db) -> Response:
    """Removes a member from a group; oneself: leaves."""
    await db.write(actions.remove_member, me, chat_id, user_id)
    return done()
