"""Errors with a stable code, a status and a sentence in both languages. The HTTP and socket layers translate them."""

from functools import partial
from typing import Any, ClassVar

_catalogue: dict[str, type["AppError"]] = {}


class AppError(Exception):
    """An error that is reported to the caller.

    A concrete child states `code` (stable, dotted), `en` and `ru` (sentences; `{name}` takes a parameter). Parameters
    given to the constructor are merged into the problem document.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = ""
    en: ClassVar[str] = ""
    ru: ClassVar[str] = ""

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params

    def __reduce__(self) -> Any:
        return partial(type(self), **self.params), ()  # it may be raised in another process

    def __init_subclass__(cls) -> None:
        if cls.__dict__.get("code"):
            if cls.code in _catalogue:
                raise TypeError(f"two errors share the code {cls.code}")
            _catalogue[cls.code] = cls

    def sentence(self, language: str) -> str:
        """Returns the explanation in `language` (`ru`, otherwise English)."""
        words = self.ru if language == "ru" else self.en
        return words.format_map(self.params)


def catalogue() -> dict[str, type[AppError]]:
    """Returns every error code of the program with its class, for the contract test."""
    return dict(_catalogue)


class Malformed(AppError):
    """The request itself cannot be read."""

    status = 400


class Unauthenticated(AppError):
    """The caller is not signed in, or no longer."""

    status = 401


class Forbidden(AppError):
    """The caller can see the object but may not do this."""

    status = 403


class NotFound(AppError):
    """The object does not exist, or the caller may not know that it does."""

    status = 404


class Conflict(AppError):
    """The present state does not allow the call."""

    status = 409


class IdempotencyMismatch(Conflict):
    """The caller's own id was used before for something else."""

    code = "idempotency.mismatch"
    en = "This id was already used for something else. Repeat with the same content, or take a new id."
    ru = "Этот идентификатор уже использован для другого. Повторите с тем же содержимым или возьмите новый."


class Stale(AppError):
    """The caller changed a version that is not the latest."""

    status = 412
    code = "rev.stale"
    en = "This was changed in the meantime. Load it again and repeat."
    ru = "Это уже изменили. Обновите страницу и попробуйте ещё раз."


class Invalid(AppError):
    """The request can be read, but its values are not acceptable."""

    status = 422


class TooMany(AppError):
    """A rate limit was reached; `retry_after_ms` says when to try again."""

    status = 429
    code = "rate_limited"
    en = "Too many requests. Wait a little and try again."
    ru = "Слишком много запросов. Подождите немного и попробуйте ещё раз."


class Unavailable(AppError):
    """The server cannot do this now; nothing was written."""

    status = 503
    code = "server.busy"
    en = "The server is busy. Nothing was changed; try again in a moment."
    ru = "Сервер занят. Ничего не изменилось. Попробуйте чуть позже."


class Damaged(AppError):
    """The database cannot read what it holds. Repeating the call does not help; nothing was written."""

    code = "server.damaged"
    en = "Part of this server's data is damaged and cannot be read. Its log tells the administrator what to do."
    ru = "Часть данных этого сервера повреждена и не читается. Что делать администратору, написано в журнале сервера."


class ValidationFailed(Invalid):
    """Fields have wrong values; `errors` lists them as `{loc, code, message}`."""

    code = "validation.failed"
    en = "Some fields have wrong values."
    ru = "Некоторые поля заполнены неверно."


class PageInvalid(Invalid):
    """A limit, cursor or anchor of a list cannot be used."""

    code = "page.invalid"
    en = "This page cannot be requested: {reason}."
    ru = "Такую страницу запросить нельзя: {reason}."


class RequestMalformed(Malformed):
    """A body or frame is not JSON of the expected form."""

    code = "request.malformed"
    en = "The request could not be read: {reason}."
    ru = "Не удалось прочитать запрос: {reason}."


class TextBroken(Invalid):
    """A text holds half of a surrogate pair, which UTF-8 cannot encode."""

    code = "text.broken"
    en = "The text contains half of a character (a lone surrogate). Send only whole characters."
    ru = "В тексте есть половина символа (одиночный суррогат). Отправляйте только целые символы."
