"""HTTP doors of people, profiles and sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from messenger.doors import limits
from messenger.doors.deps import NUMBER_MAX, Changing, Db, Me, Pages, Platform, Seen, place_of
from messenger.doors.reply import answers, done, reply, rev_of
from messenger.features.accounts import access, actions, passwords
from messenger.features.accounts.errors import (
    PasswordWeak,
    SessionNotFound,
    TooManyGuesses,
    UserForbidden,
    UserNotFound,
    WrongCredentials,
)
from messenger.features.accounts.schemas import PasswordChange, ProfileChange, RightsChange
from messenger.features.accounts.settings import DIRECTORY, LOGIN, RESEND, AccountSettings
from messenger.features.accounts.watch import audit, guesses
from messenger.features.accounts.watch.audit import Place
from messenger.features.accounts.wire import AuditList, SessionList, UserList, UserRead
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Stale, TooMany

router = APIRouter(prefix="/api/users", tags=["users"])
administration = APIRouter(prefix="/api", tags=["administration"])

Number = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
Looking = Annotated[Actor, Depends(Seen(DIRECTORY))]


@router.get("/me", responses=answers(UserRead))
async def get_me(me: Me, db: Db) -> Response:
    """My profile."""
    return reply(await db.read(actions.get_me, me.user_id))


@router.patch("/me", responses=answers(UserRead, 200, Stale))
async def change_me(
    body: ProfileChange,
    me: Changing,
    db: Db,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Response:
    """Change my name or language."""
    change = body.model_dump(exclude_none=True)
    return reply(await db.write(actions.change_profile, me, change, rev_of(if_match)))


@router.post(
    "/me/password", status_code=204, responses=answers(None, 204, WrongCredentials, PasswordWeak, TooManyGuesses)
)
async def change_password(body: PasswordChange, request: Request, me: Changing, platform: Platform) -> Response:
    """Take another password; my other sessions end."""
    settings = platform.of(AccountSettings)
    await limits.ask(platform, LOGIN, me.user_id)
    stored, personal = await platform.db.read(actions.get_hash, me.user_id)
    tally = guesses.of_user(me.user_id)
    if platform.config.limits_on:
        await platform.db.write(guesses.begin, tally)
    if not await passwords.verify(stored, body.current_password, settings.password_memory_kib):
        await platform.db.write(actions.refuse, tally, me.user_id, "password.refused", Place(*place_of(request)))
        raise WrongCredentials
    personal += await platform.db.read(access.server_names, settings.server_name)
    passwords.check_new(body.new_password, settings.password_min_chars, personal)
    hashed = await passwords.make_hash(body.new_password, settings.password_memory_kib)
    await platform.db.write(actions.change_password, me, stored, hashed)
    return done()


@router.post("/me/email/resend", status_code=204, responses=answers(None, 204, TooMany))
async def resend_verification(me: Changing, platform: Platform) -> Response:
    """Send the letter that asks whether my address is mine once more; a verified one needs none."""
    await limits.ask(platform, RESEND, me.user_id)
    await platform.db.write(actions.ask_verification, me.user_id)
    return done()


@router.get("/me/sessions", responses=answers(SessionList))
async def list_sessions(me: Me, db: Db) -> Response:
    """My open sessions, last used first."""
    return reply(await db.read(actions.list_sessions, me))


@router.delete("/me/sessions/{session_id}", status_code=204, responses=answers(None, 204, SessionNotFound))
async def end_session(session_id: Number, me: Changing, db: Db) -> Response:
    """End one of my sessions."""
    await db.write(actions.end_session, me, session_id)
    return done()


@router.delete("/me/sessions", status_code=204, responses=answers(None, 204))
async def end_other_sessions(me: Changing, db: Db, others: Annotated[bool, Query()]) -> Response:
    """End all my sessions but this one (`others=true`), or this one too."""
    await db.write(actions.end_others, me)
    if not others:
        await db.write(actions.end_session, me, me.session_id)
    return done()


@router.get("/me/audit", responses=answers(AuditList))
async def list_my_audit(me: Me, db: Db, page: Pages) -> Response:
    """What happened to my account in the last year, newest first."""
    return reply(await db.read(audit.list_mine, me, page))


@administration.get("/audit", responses=answers(AuditList, 200, UserForbidden))
async def list_audit(me: Me, db: Db, page: Pages) -> Response:
    """What happened to all accounts in the last year, newest first; for administrators."""
    return reply(await db.read(audit.list_all, me, page))


@router.get("", responses=answers(UserList))
async def search_users(
    me: Looking, db: Db, page: Pages, query: Annotated[str, Query(max_length=254, pattern=r"^[^\x00]*$")] = ""
) -> Response:
    """People by name, or by their whole address."""
    return reply(await db.read(actions.search, me, query, page))


@router.get("/{user_id}", responses=answers(UserRead, 200, UserNotFound))
async def get_user(user_id: Number, me: Me, db: Db) -> Response:
    """Somebody's profile."""
    return reply(await db.read(actions.get_user, me, user_id))


@router.patch("/{user_id}", responses=answers(UserRead, 200, UserForbidden, UserNotFound))
async def change_rights(user_id: Number, body: RightsChange, me: Changing, db: Db) -> Response:
    """Allow a person what an administrator may allow."""
    return reply(await db.write(actions.allow, me, user_id, may_invite=body.may_invite))
