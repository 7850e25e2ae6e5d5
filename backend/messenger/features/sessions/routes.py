"""The HTTP doors of registering, signing in and out, renewing, of one's sessions and of the audit trail."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from messenger.doors import limits
from messenger.doors.deps import (
    NUMBER_MAX,
    Address,
    Changing,
    Db,
    Me,
    Pages,
    Platform,
    network_of,
    place_of,
)
from messenger.doors.reply import answers, done, reply
from messenger.features.people.errors import UserForbidden
from messenger.features.sessions import actions, cookies, flows, tokens
from messenger.features.sessions.actions import DEVICE_MS, Signed
from messenger.features.sessions.errors import (
    EmailTaken,
    ForbiddenOrigin,
    InviteRequired,
    LinkInvalid,
    PasswordWeak,
    RefreshInvalid,
    RegistrationClosed,
    SessionNotFound,
    SetupRequired,
    TooManyGuesses,
    WrongCredentials,
)
from messenger.features.sessions.letters import links
from messenger.features.sessions.schemas import (
    EmailVerification,
    Login,
    PasswordChange,
    PasswordForgotten,
    PasswordReset,
    Refresh,
    UserCreate,
)
from messenger.features.sessions.settings import FORGOT, FORGOT_ADDRESS, REFRESH, RESEND, SessionSettings
from messenger.features.sessions.watch import audit
from messenger.features.sessions.watch.audit import Place
from messenger.features.sessions.wire import AuditList, SessionList, Tokens
from messenger.kernel.errors import TooMany
from messenger.kernel.mime import email_key

router = APIRouter(prefix="/api/auth", tags=["auth"])
mine = APIRouter(prefix="/api/users", tags=["users"])
administration = APIRouter(prefix="/api", tags=["administration"])

Number = Annotated[int, Path(ge=1, le=NUMBER_MAX)]


@router.post(
    "/register",
    status_code=201,
    responses=answers(Tokens, 201, EmailTaken, PasswordWeak, RegistrationClosed, InviteRequired, SetupRequired),
)
async def register(body: UserCreate, request: Request, address: Address, platform: Platform) -> Response:
    """Makes an account and signs in; the first one is the administrator."""
    device = cookies.device_of(platform.config, request, body.transport)
    return _signed_in(platform, await flows.register(platform, body, device, address), 201, device.mark)


@router.post("/login", responses=answers(Tokens, 200, WrongCredentials, TooMany, TooManyGuesses))
async def login(body: Login, request: Request, platform: Platform) -> Response:
    """Signs in."""
    mark = cookies.mark_of(platform.config, request)
    admitted = await flows.admit(platform, body.email, mark, network_of(request))
    limits.note(request, admitted.bucket, admitted.taken)
    device = cookies.device_of(platform.config, request, body.transport)
    return _signed_in(platform, await flows.log_in(platform, admitted, body, device), 200, device.mark)


@router.post("/refresh", responses=answers(Tokens, 200, RefreshInvalid, ForbiddenOrigin, TooMany))
async def refresh(
    request: Request,
    address: Address,
    platform: Platform,
    body: Refresh | None = None,
    x_client: Annotated[str | None, Header(max_length=40)] = None,
) -> Response:
    """Exchanges a refresh token; without one in the body the cookie's is used."""
    config, settings = platform.config, platform.of(SessionSettings)
    token = body.refresh_token if body else None
    if token is None:
        token = cookies.session_of(config, request)
        if token is None:
            raise RefreshInvalid
        cookies.check_origin(config, request, x_client)
    await limits.ask(platform, REFRESH, await platform.db.read(actions.get_session, token))
    signed = await platform.db.write(
        actions.refresh, config.secret_key, token, settings.refresh_token_ttl, settings.refresh_reuse_grace
    )
    if signed is None:
        raise RefreshInvalid(reason="reuse")
    return _signed_in(platform, signed, 200)


@router.post("/logout", status_code=204, responses=answers(None, 204, SessionNotFound))
async def logout(me: Me, request: Request, platform: Platform) -> Response:
    """Ends this session; a browser also empties its cache, where pictures of people are."""
    await platform.db.write(actions.end_session, me, me.session_id)
    response = done()
    if cookies.session_of(platform.config, request) is not None:
        # Not "cookies": the browser would forget its mark, and delete cookies of neighbouring host names.
        # Not "storage": unsent words of other accounts wait there; the client deletes those of this one.
        response.headers["clear-site-data"] = '"cache"'
    for cookie in (cookies.SESSION, tokens.FILES):
        cookies.keep(platform.config, response, cookie, "", 0)
    return response


@router.post("/password/forgot", status_code=204, responses=answers(None, 204, TooMany))
async def forgot_password(body: PasswordForgotten, address: Address, platform: Platform) -> Response:
    """Sends a letter with a link to a new password; an address without an account gets the same answer."""
    await limits.ask(platform, FORGOT_ADDRESS, address)
    await limits.ask(platform, FORGOT, email_key(body.email))
    await platform.db.write(actions.ask_reset, body.email)
    return done()


@router.post("/password/reset", status_code=204, responses=answers(None, 204, LinkInvalid, PasswordWeak))
async def reset_password(body: PasswordReset, request: Request, _: Address, platform: Platform) -> Response:
    """Sets another password by a link; every session ends."""
    await flows.reset_password(platform, body, Place(*place_of(request)))
    return done()


@router.post("/email/verify", status_code=204, responses=answers(None, 204, LinkInvalid))
async def verify_email(body: EmailVerification, request: Request, _: Address, platform: Platform) -> Response:
    """Verifies one's address by a link that was sent to it."""
    await platform.db.write(links.verify, body.token, Place(*place_of(request)))
    return done()


def _signed_in(platform: Platform, signed: Signed, status: int, mark: str = "") -> Response:
    config, settings = platform.config, platform.of(SessionSettings)
    answer = Tokens(
        user=signed.user,
        access_token=tokens.make_access(
            config.secret_key, signed.user.id, signed.session_id, settings.access_token_ttl
        ),
        refresh_token=None if signed.in_cookie else signed.refresh_token,
        expires_in=settings.access_token_ttl,
        session_id=signed.session_id,
    )
    response = reply(answer, status, {"cache-control": "no-store"})
    if signed.in_cookie:
        cookies.keep(config, response, cookies.SESSION, signed.refresh_token, settings.refresh_token_ttl)
        files = tokens.make_access(config.secret_key, signed.user.id, signed.session_id, cookies.FILES_S, tokens.FILES)
        cookies.keep(config, response, tokens.FILES, files, cookies.FILES_S)
    if mark:
        cookies.keep(config, response, cookies.DEVICE, mark, DEVICE_MS // 1000)
    return response


@mine.post(
    "/me/password", status_code=204, responses=answers(None, 204, WrongCredentials, PasswordWeak, TooManyGuesses)
)
async def change_password(body: PasswordChange, request: Request, me: Changing, platform: Platform) -> Response:
    """Sets another password; my other sessions end."""
    await flows.change_password(platform, me, body, Place(*place_of(request)))
    return done()


@mine.post("/me/email/resend", status_code=204, responses=answers(None, 204, TooMany))
async def resend_verification(me: Changing, platform: Platform) -> Response:
    """Sends the letter that asks me to confirm my address once more; a verified one needs none."""
    await limits.ask(platform, RESEND, me.user_id)
    await platform.db.write(actions.ask_verification, me.user_id)
    return done()


@mine.get("/me/sessions", responses=answers(SessionList))
async def list_sessions(me: Me, db: Db) -> Response:
    """Returns my open sessions, last used first."""
    return reply(await db.read(actions.list_sessions, me))


@mine.delete("/me/sessions/{session_id}", status_code=204, responses=answers(None, 204, SessionNotFound))
async def end_session(session_id: Number, me: Changing, db: Db) -> Response:
    """Ends one of my sessions."""
    await db.write(actions.end_session, me, session_id)
    return done()


@mine.delete("/me/sessions", status_code=204, responses=answers(None, 204, SessionNotFound))
async def end_other_sessions(me: Changing, db: Db, others: Annotated[bool, Query()]) -> Response:
    """Ends all my sessions but this one (`others=true`), or this one too."""
    await db.write(actions.end_others, me)
    if not others:
        await db.write(actions.end_session, me, me.session_id)
    return done()


@mine.get("/me/audit", responses=answers(AuditList))
async def list_my_audit(me: Me, db: Db, page: Pages) -> Response:
    """Returns the audit trail of my account in the last year, newest first."""
    return reply(await db.read(audit.list_mine, me, page))


@administration.get("/audit", responses=answers(AuditList, 200, UserForbidden))
async def list_audit(me: Me, db: Db, page: Pages) -> Response:
    """Returns the audit trail of all accounts in the last year, newest first; for administrators."""
    return reply(await db.read(audit.list_all, me, page))
