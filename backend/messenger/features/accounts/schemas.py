"""Shapes of ordinary REST calls about people."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from messenger.features.accounts.names import spelling
from messenger.kernel.characters import is_blank
from messenger.kernel.mime import recipient_of

NAME_MAX = 64
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _name(value: str) -> str:
    """Returns a name as it is kept (`spelling.clean`); one with control characters or nothing to be seen is refused."""
    if _CONTROL.search(value):
        raise ValueError("control characters are not allowed")
    clean = spelling.clean(value)
    if is_blank(clean):
        raise ValueError("a name needs a letter")
    if len(clean) > NAME_MAX:
        raise ValueError(f"a name has at most {NAME_MAX} characters")
    return clean


def _email(value: str) -> str:
    """Returns an address that could exist, in its usual form. Raises `ValueError`."""
    return recipient_of(value.strip()).normalized


def _email_if_any(value: str) -> str:
    """The form in which an address is kept; what is no address has no account and needs no other answer."""
    if _CONTROL.search(value):
        raise ValueError("control characters are not allowed")  # PostgreSQL would refuse to look for a NUL
    try:
        return _email(value)
    except ValueError:
        return value


def _password(value: str) -> str:
    if "\x00" in value or len(value.encode("utf-8", "surrogatepass")) > 1024:
        raise ValueError("a password has at most 1024 bytes")
    return value


Name = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_name)]
Email = Annotated[str, Field(min_length=3, max_length=254), AfterValidator(_email)]
KnownEmail = Annotated[str, Field(min_length=1, max_length=254), AfterValidator(_email_if_any)]
Password = Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(_password)]
"""A new one, or one to compare: what could never be set is not compared either."""
Secret = Annotated[str, Field(min_length=1, max_length=200)]
Transport = Literal["body", "cookie"]
Language = Literal["ru", "en"]


class UserCreate(BaseModel):
    """A new account; `setup` and `server_name` belong to the first one."""

    email: Email
    password: Password
    name: Name
    invite: Secret | None = None
    setup: Secret | None = None
    server_name: Name | None = None
    language: Language = "en"
    transport: Transport = "body"


class Login(BaseModel):
    """A sign-in."""

    email: KnownEmail
    password: Password
    transport: Transport = "body"


class Refresh(BaseModel):
    """A refresh token, unless the cookie carries it."""

    refresh_token: Secret | None = None


class PasswordForgotten(BaseModel):
    """An address whose password is forgotten."""

    email: KnownEmail


class PasswordReset(BaseModel):
    """A new password, and the token of a letter as proof."""

    token: Secret
    password: Password


class EmailVerification(BaseModel):
    """The token of a letter, which proves the address."""

    token: Secret


class ProfileChange(BaseModel):
    """What a person may change about themselves; what is absent stays."""

    name: Name | None = None
    language: Language | None = None


class RightsChange(BaseModel):
    """What an administrator allows a person."""

    may_invite: bool


class PasswordChange(BaseModel):
    """A new password, and the current one as proof."""

    current_password: Password
    new_password: Password
