"""The HTTP doors of invites."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from messenger.doors.deps import NUMBER_MAX, Address, Changing, Db, Me, Platform
from messenger.doors.once import Creating
from messenger.doors.reply import answers, done, reply
from messenger.features.chats.actions import TooManyChats, TooManyMembers
from messenger.features.chats.errors import ChatForbidden, ChatNotFound
from messenger.features.chats.wire import ChatView
from messenger.features.invites import actions
from messenger.features.invites.errors import InviteForbidden, InviteNotFound
from messenger.features.invites.schemas import InviteCreate
from messenger.features.invites.settings import InviteSettings
from messenger.features.invites.wire import InviteList, InvitePreview, InviteView
from messenger.features.sessions.errors import RegistrationClosed
from messenger.features.sessions.settings import SessionSettings
from messenger.kernel.errors import IdempotencyMismatch

router = APIRouter(prefix="/api", tags=["invites"])

ChatId = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
Code = Annotated[str, Path(min_length=1, max_length=64)]


@router.get("/chats/{chat_id}/invites", responses=answers(InviteList, 200, ChatNotFound, ChatForbidden))
async def list_invites(chat_id: ChatId, me: Me, platform: Platform) -> Response:
    """Returns the valid links of a group."""
    return reply(
        await platform.db.read(actions.list_invites, me, chat_id, _registers(platform), platform.config.public_url)
    )


@router.post(
    "/chats/{chat_id}/invites",
    status_code=201,
    responses=answers(InviteView, 201, ChatNotFound, ChatForbidden, IdempotencyMismatch),
)
async def invite_to_chat(
    chat_id: ChatId, me: Changing, platform: Platform, body: InviteCreate, once: Creating
) -> Response:
    """Creates a link into a group."""
    return await once(actions.create, me, chat_id, *_terms(platform, body))


@router.post(
    "/invites",
    status_code=201,
    responses=answers(InviteView, 201, RegistrationClosed, InviteForbidden, IdempotencyMismatch),
)
async def invite_to_server(me: Changing, platform: Platform, body: InviteCreate, once: Creating) -> Response:
    """Creates a link to the server; a person who uses it gets a direct chat with its maker."""
    return await once(actions.create, me, None, *_terms(platform, body))


def _terms(platform: Platform, body: InviteCreate) -> tuple[tuple[int, int | None], str, str]:
    life_s = body.expires_in or platform.of(InviteSettings).invite_ttl
    return (life_s, body.max_uses), _registers(platform), platform.config.public_url


def _registers(platform: Platform) -> str:
    return platform.of(SessionSettings).registers


@router.get("/invites/{code}", responses=answers(InvitePreview, 200, InviteNotFound))
async def preview_invite(code: Code, _: Address, platform: Platform) -> Response:
    """Returns the inviting person and the chat or server of a link."""
    settings = platform.of(SessionSettings)
    return reply(await platform.db.read(actions.preview, code, settings.registers, settings.server_name))


@router.post(
    "/invites/{code}/accept",
    responses=answers(ChatView, 200, InviteNotFound, TooManyMembers, TooManyChats),
)
async def accept_invite(code: Code, me: Changing, db: Db) -> Response:
    """Joins through a link."""
    return reply(await db.write(actions.accept, me.user_id, code))


@router.delete("/invites/{code}", status_code=204, responses=answers(None, 204, InviteNotFound, ChatForbidden))
async def revoke_invite(code: Code, me: Changing, db: Db) -> Response:
    """Ends a link."""
    await db.write(actions.revoke, me, code)
    return done()
