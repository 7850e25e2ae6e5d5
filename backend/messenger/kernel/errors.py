"""Errors with a stable code, a status and a sentence in both languages; doors translate them for HTTP and sockets."""

from functools import partial
from typing import Any, ClassVar

_catalogue: dict[str, type["AppError"]] = {}


class AppError(Exception):
    """An error a caller is told about.

    A concrete child states `code` (stable, dotted), `en` and `ru` (sentences; `{name}` takes a parameter).
    Parameters given to the constructor are merged into the problem document.
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
        """The explanation in `language` (`ru`, otherwise English)."""
        words = self.ru if language == "ru" else self.en
        return words.format_map(self.params)


def catalogue() -> dict[str, type[AppError]]:
    """Every error code of the program with its class, for the contract test."""
    return dict(_catalogue)


class Malformed(AppError):
    """The request itself cannot be read."""

    status = 400


class Unauthenticated(AppError):
    """Nobody, or nobody any more."""

    status = 401


class Forbidden(AppError):
    """Visible to the caller, but not allowed."""

    status = 403


class NotFound(AppError):
    """Not there, or not for the caller to know."""

    status = 404


class Conflict(AppError):
    """The state of things does not admit it."""

    status = 409


class IdempotencyMismatch(Conflict):
    """The caller's own id was used for something else."""

    code = "idempotency.mismatch"
    en = "This id was already used for something else. Repeat with the same content, or take a new id."
    ru = "Этот идентификатор уже использован для другого. Повтори с тем же содержимым или возьми новый."


class Stale(AppError):
    """The caller changed a version that is not the latest."""

    status = 412
    code = "rev.stale"
    en = "This was changed in the meantime. Load it again and repeat."
    ru = "Это уже изменили. Обнови и попробуй ещё раз."


class Invalid(AppError):
    """Readable, but not acceptable."""

    status = 422


class TooMany(AppError):
    """A rate limit was reached; `retry_after_ms` says when to come back."""

    status = 429
    code = "rate_limited"
    en = "Too many requests. Wait a little and try again."
    ru = "Слишком много запросов. Подожди немного и попробуй снова."


class Unavailable(AppError):
    """Not now; nothing was written."""

    status = 503
    code = "server.busy"
    en = "The server is busy. Nothing was changed; try again in a moment."
    ru = "Сервер занят. Ничего не изменилось, попробуй чуть позже."


class Damaged(AppError):
    """The database cannot read what it holds. To repeat it does not help; what was to be written was not."""

    code = "server.damaged"
    en = "A part of what this server keeps is damaged and cannot be read. Its log says to the administrator what to do."
    ru = "Часть данных этого сервера повреждена и не читается. Что делать администратору, написано в журнале сервера."


class ValidationFailed(Invalid):
    """Fields that are not right; `errors` lists them as `{loc, code, message}`."""

    code = "validation.failed"
    en = "Some fields are not right."
    ru = "Некоторые поля заполнены неверно."


class PageInvalid(Invalid):
    """A limit, cursor or anchor of a list that cannot be used."""

    code = "page.invalid"
    en = "This page cannot be asked for: {reason}."
    ru = "Такую страницу запросить нельзя: {reason}."


class RequestMalformed(Malformed):
    """A body or frame that is not JSON of the expected form."""

    code = "request.malformed"
    en = "The request could not be read: {reason}."
    ru = "Не удалось прочитать запрос: {reason}."


class TextBroken(Invalid):
    """Text with half of a character, which no UTF-8 can hold."""

    code = "text.broken"
    en = "The text holds half of a character (a lone surrogate). Send only whole characters."
    ru = "В тексте есть половина символа (одиночный суррогат). Отправляй только целые символы."
