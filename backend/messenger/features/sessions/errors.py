"""The errors about passwords and sessions."""

from messenger.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class TokenInvalid(Unauthenticated):
    """An access token is forged, expired, or of an ended session."""

    code = "auth.token_invalid"
    en = "The access token is not valid (any more). Sign in again."
    ru = "Токен доступа больше не действует. Войдите снова."


class WrongCredentials(Unauthenticated):
    """The address is unknown or the password wrong; the answer does not tell which."""

    code = "auth.wrong_credentials"
    en = "The e-mail address or the password is wrong."
    ru = "Неверная почта или пароль."


class TooManyGuesses(TooMany):
    """Too many wrong passwords in a row; without `retry_after_ms` waiting does not help."""

    code = "auth.too_many_guesses"
    en = (
        "Too many wrong passwords were tried for this account. "
        "Sign in on a device that you used before, choose a new password by e-mail, or wait."
    )
    ru = (
        "Для этой учётной записи слишком много раз ввели неверный пароль. "
        "Войдите на устройстве, с которого уже входили, измените пароль по почте или подождите."
    )


class RefreshInvalid(Unauthenticated):
    """A refresh token is unknown, used up, or of an ended session: then `reason` says why, as in `session.ended`."""

    code = "auth.refresh_invalid"
    en = "This session has ended. Sign in again."
    ru = "Сеанс завершён. Войдите снова."


class ForbiddenOrigin(Forbidden):
    """A cookie came from a page that is not ours."""

    code = "request.forbidden_origin"
    en = "This page may not use the sign-in cookie."
    ru = "Этой странице нельзя пользоваться куки входа."


class RegistrationClosed(Forbidden):
    """The server does not let people register."""

    code = "registration.closed"
    en = "This server does not take new members."
    ru = "Сервер не принимает новых участников."


class InviteRequired(Forbidden):
    """Registration needs an invite."""

    code = "registration.invite_required"
    en = "You need an invite to join this server. Ask a member for a link."
    ru = "Сюда попадают по приглашению. Попросите ссылку у того, кто здесь уже есть."


class SetupRequired(Forbidden):
    """The first account needs the link that the server printed."""

    code = "registration.setup_required"
    en = "The first account needs the setup link that the server printed when it started."
    ru = "Для первой учётной записи нужна ссылка, которую сервер напечатал при запуске."


class SessionNotFound(NotFound):
    """The caller has no such open session."""

    code = "session.not_found"
    en = "There is no such session, or it has ended."
    ru = "Такого сеанса нет, или он уже завершён."


class LinkInvalid(NotFound):
    """A link of a letter was used, is too old, or was never issued."""

    code = "link.not_found"
    en = "This link does not work any more. Request a new e-mail."
    ru = "Ссылка больше не работает. Запросите новое письмо."


class EmailTaken(Conflict):
    """Another account has this address."""

    code = "email.taken"
    en = "There is an account with this e-mail address already."
    ru = "Учётная запись с такой почтой уже есть."


class PasswordWeak(Invalid):
    """The password is too short, too long, or too common; `reason` says which."""

    code = "password.weak"
    en = "Choose another password: this one is {words}."
    ru = "Выберите другой пароль: этот {words_ru}."
