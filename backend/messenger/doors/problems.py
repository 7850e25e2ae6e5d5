"""Errors as problem documents (RFC 9457), for HTTP and for `error` frames."""

from http import HTTPStatus
from typing import Any, Final

from messenger.kernel.errors import AppError


class ServerError(AppError):
    """An unforeseen error; the log has the request id and the reason."""

    code = "server.error"
    en = "Something went wrong on the server. Its log has the details under the request id."
    ru = "На сервере что-то сломалось. Подробности в журнале по номеру запроса."


class RouteNotFound(AppError):
    """The address does not exist."""

    status = 404
    code = "route.not_found"
    en = "There is nothing at this address."
    ru = "По этому адресу ничего нет."


class MethodNotAllowed(AppError):
    """The address exists, the method does not."""

    status = 405
    code = "method.not_allowed"
    en = "This address does not support that method."
    ru = "Этот адрес не поддерживает такой метод."


class Misdirected(AppError):
    """The request names another server (the header `Host`)."""

    status = 421
    code = "request.misdirected"
    en = "This server runs for its own machine: open it as 127.0.0.1 or localhost, or set PUBLIC_URL to the name you use."
    ru = "Этот сервер работает только для своей машины: откройте его как 127.0.0.1 или localhost или впишите имя в PUBLIC_URL."


class RequestTooLarge(AppError):
    """A body is above the limit."""

    status = 413
    code = "request.too_large"
    en = "The request is too large."
    ru = "Запрос слишком большой."


class UnsupportedType(AppError):
    """A body is not JSON."""

    status = 415
    code = "request.unsupported_type"
    en = "Send JSON with the header Content-Type: application/json."
    ru = "Нужен JSON с заголовком Content-Type: application/json."


_TITLES: Final = {460: "Checksum Mismatch"}
"""Statuses of protocols that the library does not know."""


def problem(error: AppError, language: str, request_id: str) -> dict[str, Any]:
    """Returns the problem document of an error in `language` (`ru` or `en`)."""
    return {
        "type": f"/errors/{error.code}",
        "title": _TITLES.get(error.status) or HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.sentence(language),
        "request_id": request_id,
        **error.params,
    }


def language_of(accept_language: str) -> str:
    """Returns `ru` or `en`, the one that the `Accept-Language` header prefers; English when it names neither."""
    best, best_weight = "en", 0.0
    for part in accept_language.split(","):
        tag, _, weight_text = part.strip().partition(";q=")
        try:
            weight = float(weight_text) if weight_text else 1.0
        except ValueError:
            continue
        language = tag.partition("-")[0].strip().lower()
        if language in ("ru", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best
