"""The bodies of ordinary REST calls about sessions and passwords."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from messenger.features.people.schemas import CONTROL, Language, Name
from messenger.kernel.mime import recipient_of


def _email(value: str) -> str:
    """Returns an address that could exist, in its usual form. Raises `ValueError`."""
    return recipient_of(value.strip()).normalized


def _email_if_any(value: str) -> str:
    """Returns the form in which an address is stored, or a text that is no address as it is: it has no account, and
    gets the same answer.
    """
    if CONTROL.search(value):
        raise ValueError("control characters are not allowed")  # PostgreSQL would refuse to search for a NUL
    try:
        return _email(value)
    except ValueError:
        return value


def _password(value: str) -> str:
    if "\x00" in value or len(value.encode("utf-8", "surrogatepass")) > 1024:
        raise ValueError("a password has at most 1024 bytes")
    return value


Email = Annotated[str, Field(min_length=3, max_length=254), AfterValidator(_email)]
KnownEmail = Annotated[str, Field(min_length=1, max_length=254), AfterValidator(_email_if_any)]
Password = Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(_password)]
"""A new password, or one to compare: a password that could never be set is not compared either."""
Secret = Annotated[str, Field(min_length=1, max_length=200)]
Transport = Literal["body", "cookie"]


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
    """The address of a person who forgot the password."""

    email: KnownEmail


class PasswordReset(BaseModel):
    """A new password, and the token of a letter as proof."""

    token: Secret
    password: Password


class EmailVerification(BaseModel):
    """The token of a letter, which proves the address."""

    token: Secret


class PasswordChange(BaseModel):
    """A new password, and the current one as proof."""

    current_password: Password
    new_password: Password
