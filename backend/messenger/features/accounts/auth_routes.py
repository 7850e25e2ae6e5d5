"""HTTP doors of registering, signing in and out, and renewing."""

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Header
from starlette.requests import Request
from starlette.responses import Response

from messenger.doors import limits
from messenger.doors.deps import Address, Me, Platform, address_of, network_of, place_of, platform_of
from messenger.doors.platform import Config
from messenger.doors.reply import answers, done, reply
from messenger.features.accounts import access, actions, passwords, tokens
from messenger.features.accounts.actions import Device, Door, Newcomer, Signed
from messenger.features.accounts.errors import (
    EmailTaken,
    ForbiddenOrigin,
    InviteRequired,
    LinkInvalid,
    PasswordWeak,
    RefreshInvalid,
    RegistrationClosed,
    SetupRequired,
    TooManyGuesses,
    WrongCredentials,
)
from messenger.features.accounts.letters import links
from messenger.features.accounts.schemas import (
    EmailVerification,
    Login,
    PasswordForgotten,
    PasswordReset,
    Refresh,
    UserCreate,
)
from messenger.features.accounts.settings import (
    FORGOT,
    FORGOT_ADDRESS,
    LOGIN,
    LOGIN_ADDRESS,
    LOGIN_DEVICE,
    REFRESH,
    REGISTER,
    AccountSettings,
)
from messenger.features.accounts.views import email_key
from messenger.features.accounts.watch import guesses
from messenger.features.accounts.watch.audit import Place
from messenger.features.accounts.wire import Tokens
from messenger.kernel.errors import TooMany
from messenger.kernel.ids import new_secret
from messenger.kernel.signing import signature

log = logging.getLogger("messenger.accounts")
router = APIRouter(prefix="/api/auth", tags=["auth"])
SESSION_COOKIE: Final = "rt"
DEVICE_COOKIE: Final = "device"


@router.post(
    "/register",
    status_code=201,
    responses=answers(Tokens, 201, EmailTaken, PasswordWeak, RegistrationClosed, InviteRequired, SetupRequired),
)
async def register(body: UserCreate, request: Request, address: Address, platform: Platform) -> Response:
    """Make an account and sign in; the first one is the administrator."""
    await limits.ask(platform, REGISTER, address)
    config, settings = platform.config, platform.of(AccountSettings)
    door = Door(settings.registers, access.setup_code(config), config.limits_on)
    await platform.db.read(actions.may_knock, door, body.invite, body.setup)
    personal = [body.name, body.email, body.email.partition("@")[0], body.server_name or ""]
    personal += await platform.db.read(access.server_names, settings.server_name)
    passwords.check_new(body.password, settings.password_min_chars, personal)
    newcomer = Newcomer(
        body.name,
        body.email,
        await passwords.make_hash(body.password, settings.password_memory_kib),
        body.language,
        body.invite,
        body.setup,
        body.server_name,
    )
    device = _device(config, request, body.transport)
    signed = await platform.db.write(actions.register, newcomer, door, device)
    if signed is None:
        raise EmailTaken
    return _signed_in(platform, signed, 201, device.mark)


@router.post("/login", responses=answers(Tokens, 200, WrongCredentials, TooMany, TooManyGuesses))
async def login(body: Login, request: Request, platform: Platform) -> Response:
    """Sign in."""
    address, memory = network_of(request), platform.of(AccountSettings).password_memory_kib
    tally = await _admit(platform, request, body.email, address)
    device = _device(platform.config, request, body.transport)
    signed: Signed | None = None
    while signed is None:  # again only when the hash was replaced while it was compared
        found = await platform.db.read(actions.find_credentials, body.email)
        if not await passwords.verify(found[1] if found else None, body.password, memory) or found is None:
            owner = found[0] if found else None
            await platform.db.write(actions.refuse, tally, owner, "sign_in.failed", Place(device.name, device.address))
            _log_refused(platform.config, body.email, device.address)
            raise WrongCredentials
        user_id, stored = found
        signed = await platform.db.write(actions.log_in, user_id, stored, device)
    if passwords.is_outdated(stored, memory):
        hashed = await passwords.make_hash(body.password, memory)
        await platform.db.write(actions.renew_hash, user_id, stored, hashed)
    return _signed_in(platform, signed, 200, device.mark)


@router.post("/refresh", responses=answers(Tokens, 200, RefreshInvalid, ForbiddenOrigin, TooMany))
async def refresh(
    request: Request,
    address: Address,
    platform: Platform,
    body: Refresh | None = None,
    x_client: Annotated[str | None, Header(max_length=40)] = None,
) -> Response:
    """Exchange a refresh token; without one in the body the cookie's is taken."""
    config, settings = platform.config, platform.of(AccountSettings)
    token = body.refresh_token if body else None
    if token is None:
        token = request.cookies.get(_name(config, SESSION_COOKIE))
        if token is None:
            raise RefreshInvalid
        _check_origin(config, request, x_client)
    await limits.ask(platform, REFRESH, await platform.db.read(actions.get_session, token))
    signed = await platform.db.write(
        actions.refresh, config.secret_key, token, settings.refresh_token_ttl, settings.refresh_reuse_grace
    )
    if signed is None:
        raise RefreshInvalid
    return _signed_in(platform, signed, 200)


@router.post("/logout", status_code=204, responses=answers(None, 204))
async def logout(me: Me, request: Request, platform: Platform) -> Response:
    """End this session; a browser also forgets what it kept of it."""
    await platform.db.write(actions.end_session, me, me.session_id)
    response = done()
    if _name(platform.config, SESSION_COOKIE) in request.cookies:
        # Not "cookies": the browser would forget that it is a known device, and cookies of neighbouring names with it.
        response.headers["clear-site-data"] = '"cache", "storage"'
    _set_cookie(platform.config, response, (SESSION_COOKIE, ""), 0)
    return response


@router.post("/password/forgot", status_code=204, responses=answers(None, 204, TooMany))
async def forgot_password(body: PasswordForgotten, address: Address, platform: Platform) -> Response:
    """Send a letter with a link to a new password; an address without an account is answered the same."""
    await limits.ask(platform, FORGOT_ADDRESS, address)
    await limits.ask(platform, FORGOT, email_key(body.email))
    await platform.db.write(actions.ask_reset, body.email)
    return done()


@router.post("/password/reset", status_code=204, responses=answers(None, 204, LinkInvalid, PasswordWeak))
async def reset_password(body: PasswordReset, request: Request, _: Address, platform: Platform) -> Response:
    """Take another password by a link; every session ends."""
    settings = platform.of(AccountSettings)
    personal = await platform.db.read(links.get_reset, body.token)
    personal += await platform.db.read(access.server_names, settings.server_name)
    passwords.check_new(body.password, settings.password_min_chars, personal)
    hashed = await passwords.make_hash(body.password, settings.password_memory_kib)
    await platform.db.write(links.reset, body.token, hashed, Place(*place_of(request)))
    return done()


@router.post("/email/verify", status_code=204, responses=answers(None, 204, LinkInvalid))
async def verify_email(body: EmailVerification, request: Request, _: Address, platform: Platform) -> Response:
    """Say that an address is one's own, by a link that was sent to it."""
    await platform.db.write(links.verify, body.token, Place(*place_of(request)))
    return done()


async def _admit(platform: Platform, request: Request, email: str, address: str) -> str:
    """Take what an attempt to sign in costs; answers the tally of the account. Raises `TooMany`, `TooManyGuesses`.

    A browser in which the person signed in before has a bucket of its own: nobody elsewhere can shut it out.
    """
    tally, mark = guesses.of_account(email_key(email)), _mark(platform.config, request)
    is_known = bool(mark) and await platform.db.read(actions.is_known, email, mark)
    if is_known:
        limits.note(request, LOGIN_DEVICE, await limits.ask(platform, LOGIN_DEVICE, f"{tally}:{mark}"))
        return tally
    await limits.ask(platform, LOGIN_ADDRESS, address)
    limits.note(request, LOGIN, await limits.ask(platform, LOGIN, f"{email_key(email)}:{address}"))
    if platform.config.limits_on:
        try:
            await platform.db.write(guesses.begin, tally)
        except TooManyGuesses:
            _log_refused(platform.config, email, address_of(request))
            raise
    return tally


def _log_refused(config: Config, email: str, address: str) -> None:
    """One line for who watches the log; the account as a hash that only this server can make, because a log travels."""
    account = signature(config.secret_key, "log", email_key(email))[:16]
    facts = {"address": address, "account": account}
    log.warning("sign-in refused: address %s, account %s", address, account, extra={"facts": facts})


def _mark(config: Config, request: Request) -> str:
    return request.cookies.get(_name(config, DEVICE_COOKIE), "")[:100]


def _device(config: Config, request: Request, transport: str) -> Device:
    """A browser is known by its cookie, which it gets with its first session."""
    in_cookie = transport == "cookie"
    mark = (_mark(config, request) or new_secret()) if in_cookie else ""
    return Device(*place_of(request), in_cookie, mark)


def _signed_in(platform: Platform, signed: Signed, status: int, mark: str = "") -> Response:
    config, settings = platform.config, platform.of(AccountSettings)
    access = tokens.make_access(config.secret_key, signed.user.id, signed.session_id, settings.access_token_ttl)
    answer = Tokens(
        user=signed.user,
        access_token=access,
        refresh_token=None if signed.in_cookie else signed.refresh_token,
        expires_in=settings.access_token_ttl,
        session_id=signed.session_id,
    )
    response = reply(answer, status, {"cache-control": "no-store"})
    if signed.in_cookie:
        _set_cookie(config, response, (SESSION_COOKIE, signed.refresh_token), settings.refresh_token_ttl)
    if mark:
        _set_cookie(config, response, (DEVICE_COOKIE, mark), actions.DEVICE_MS // 1000)
    return response


async def is_signed_in(request: Request) -> bool:
    """Whether a browser shows the cookie of a session that has not ended. Nothing is exchanged."""
    platform = platform_of(request)
    token = request.cookies.get(_name(platform.config, SESSION_COOKIE))
    return token is not None and await platform.db.read(actions.is_live, token)


def _is_https(config: Config) -> bool:
    return config.public_url.startswith("https:")


def _name(config: Config, cookie: str) -> str:
    """`__Host-` demands Path=/ and Secure; without TLS (a local network) the cookie has another name."""
    return f"__Host-{cookie}" if _is_https(config) else cookie


def _set_cookie(config: Config, response: Response, cookie: tuple[str, str], life_s: int) -> None:
    response.set_cookie(
        _name(config, cookie[0]),
        cookie[1],
        max_age=life_s,
        path="/" if _is_https(config) else "/api/auth",
        secure=_is_https(config),
        httponly=True,
        samesite="strict",
    )


def _check_origin(config: Config, request: Request, client: str | None) -> None:
    """A cookie counts only with a header that no foreign page can send, and from an origin of ours."""
    if client != "web" or not config.origins.is_ours(request.headers.getlist("origin")):
        raise ForbiddenOrigin
