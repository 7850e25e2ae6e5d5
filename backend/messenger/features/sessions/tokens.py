"""Access tokens (JWT), refresh tokens (opaque), and the identification of callers."""

import asyncio
import hashlib
import secrets
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import jwt

from messenger.db.database import Database
from messenger.doors.platform import ACCESS
from messenger.features.sessions import store
from messenger.features.sessions.errors import TokenInvalid
from messenger.kernel import clock, signing
from messenger.kernel.actor import Actor
from messenger.kernel.events import Envelope
from messenger.kernel.ids import new_secret

ALGORITHM: Final = "HS512"
ISSUER: Final = "web-messenger"
TYPE: Final = "at+jwt"
VERIFY: Final = "verify"
RESET: Final = "reset"
"""The purposes of links in letters, and the pages that they lead to."""
FILES: Final = "files"
"""The cookie for reading files, and the purpose of the token in it."""
LEEWAY_S: Final = 5
CHECK_MS: Final = 5_000
"""How long the answer about a session may be cached: the token is a filter, the session's row decides."""
TOUCH_MS: Final = 60_000
KEPT_MAX: Final = 20_000
Shown = tuple[str, str]
"""A token with the purpose for which it was shown."""


class Claims(NamedTuple):
    """The content of a verified token; `expires_at` in ms."""

    user_id: int
    session_id: int
    expires_at: int


def make_access(secret: bytes, user_id: int, session_id: int, life_s: int, purpose: str = ACCESS) -> str:
    """Returns a token of a session that ends after `life_s` seconds, for access or another purpose."""
    now = clock.now_ms() // 1000
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": str(user_id),
        "sid": session_id,
        "jti": secrets.token_hex(8),
        "iat": now,
        "exp": now + life_s,
        "scope": "user",
    }
    return jwt.encode(claims, signing.derive(secret, purpose), ALGORITHM, headers={"typ": TYPE})


def verify_access(secret: bytes, token: str, purpose: str = ACCESS) -> Claims:
    """Returns the claims of a token that is ours, for this purpose, and has not ended. Raises `TokenInvalid`."""
    if len(token) > 2048:
        raise TokenInvalid
    try:
        if jwt.get_unverified_header(token).get("typ") != TYPE:
            raise TokenInvalid
        claims = jwt.decode(
            token,
            signing.derive(secret, purpose),
            algorithms=[ALGORITHM],
            audience=ISSUER,
            issuer=ISSUER,
            options={"require": ["exp", "iat", "sub", "jti"], "verify_exp": False, "verify_iat": False},
        )
        claimed = Claims(int(claims["sub"]), int(claims["sid"]), int(claims["exp"]) * 1000)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise TokenInvalid from None
    # Our own clock, so that tests may move it; the library would use the system's.
    if clock.now_ms() >= claimed.expires_at + LEEWAY_S * 1000:
        raise TokenInvalid
    return claimed


def make_refresh() -> str:
    """Returns a new refresh token: 256 random bits."""
    return new_secret()


def successor(secret: bytes, token: str) -> str:
    """Returns the token that follows a refresh token.

    It is derived, so that a lost answer can be repeated without storing it.
    """
    return signing.token(secret, "refresh", token)


def letter_token(secret: bytes, purpose: str, n: int) -> str:
    """Returns the token of link `n` of letters: derived, so that a repeated job writes the same and no row holds it."""
    return signing.token(secret, "letter", f"{purpose}:{n}")


def fingerprint(token: str) -> str:
    """Returns the stored form of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Authenticator:
    """Identifies callers: `await authenticate(token)` returns the actor.

    Verified tokens are cached, their session is looked up every 5 s.
    """

    def __init__(self, db: Database, secret: bytes) -> None:
        self._db, self._secret = db, secret
        self._kept: dict[Shown, tuple[Actor, int]] = {}
        self._of_user: defaultdict[int, set[Shown]] = defaultdict(set)
        self._forgets = 0
        self._touching: set[asyncio.Task[None]] = set()

    async def __call__(self, token: str, *, anew: bool = False, purpose: str = ACCESS) -> Actor:
        now, shown = clock.now_ms(), (purpose, token)
        kept = self._kept.get(shown)
        if kept is not None and not anew:
            actor, checked_at = kept
            if now < actor.expires_at and now - checked_at < CHECK_MS:
                return actor
        claims, forgets = verify_access(self._secret, token, purpose), self._forgets
        row = await self._db.read(store.find_session, claims.session_id)
        if row is None or row.ended_at is not None or now >= row.expires_at:
            self._kept.pop(shown, None)
            raise TokenInvalid
        actor = Actor(row.user_id, row.id, row.role == "admin", claims.expires_at)
        if forgets == self._forgets:  # else a session ended while its row was read: ask again next time
            self._remember(shown, actor, now)
        if now - row.last_used_at > TOUCH_MS:
            task = asyncio.create_task(self._db.write(store.touch_session, row.id, now))
            self._touching.add(task)
            task.add_done_callback(self._touching.discard)
        return actor

    def heard(self, envelopes: Sequence[Envelope]) -> None:
        """Forgets the users whose session ended: see `forget_user`."""
        for envelope in envelopes:
            if envelope.ends:
                self.forget_user(envelope.id)

    def forget_user(self, user_id: int) -> None:
        """Forgets the tokens of a user, one of whose sessions ended: their next use looks the session up."""
        self._forgets += 1
        for token in self._of_user.pop(user_id, ()):
            self._kept.pop(token, None)

    def _remember(self, shown: Shown, actor: Actor, now: int) -> None:
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
            self._of_user.clear()
        self._kept[shown] = actor, now
        self._of_user[actor.user_id].add(shown)
