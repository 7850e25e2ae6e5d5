"""What can be wrong about people, passwords and sessions."""

from messenger.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class TokenInvalid(Unauthenticated):
    """An access token that is forged, expired, or of an ended session."""

    code = "auth.token_invalid"
    en = "The access token is not valid (any more). Sign in again."
    ru = "Токен доступа больше не действует. Войди снова."


class WrongCredentials(Unauthenticated):
    """Unknown address or wrong password; never said which."""

    code = "auth.wrong_credentials"
    en = "The e-mail address or the password is not right."
    ru = "Неверная почта или пароль."


class TooManyGuesses(TooMany):
    """Wrong passwords in a row; without `retry_after_ms` waiting does not help."""

    code = "auth.too_many_guesses"
    en = (
        "Too many wrong passwords were tried for this account. "
        "Sign in on a device that you used before, choose a new password by mail, or wait."
    )
    ru = (
        "Для этой учётной записи слишком много раз ввели неверный пароль. "
        "Войди на устройстве, с которого уже входил, смени пароль по почте или подожди."
    )


class RefreshInvalid(Unauthenticated):
    """A refresh token that is unknown, used up, or of an ended session."""

    code = "auth.refresh_invalid"
    en = "This session is over. Sign in again."
    ru = "Сеанс завершён. Войди снова."


class ForbiddenOrigin(Forbidden):
    """A cookie came from a page that is not ours."""

    code = "request.forbidden_origin"
    en = "This page may not use the sign-in cookie."
    ru = "Этой странице нельзя пользоваться куки входа."


class RegistrationClosed(Forbidden):
    """Nobody may come in by themselves."""

    code = "registration.closed"
    en = "This server does not take new members."
    ru = "Сервер не принимает новых участников."


class InviteRequired(Forbidden):
    """Only who was invited may come in."""

    code = "registration.invite_required"
    en = "You need an invite to join this server. Ask somebody who is in."
    ru = "Сюда попадают по приглашению. Попроси ссылку у того, кто уже внутри."


class SetupRequired(Forbidden):
    """The first account needs the link that the server printed."""

    code = "registration.setup_required"
    en = "The first account needs the setup link that the server printed when it started."
    ru = "Для первой учётной записи нужна ссылка, которую сервер напечатал при запуске."


class SessionNotFound(NotFound):
    """No such open session of the caller."""

    code = "session.not_found"
    en = "There is no such session, or it is over."
    ru = "Такого сеанса нет, или он уже завершён."


class LinkInvalid(NotFound):
    """A link of a letter that was used, is too old, or never was."""

    code = "link.not_found"
    en = "This link does not work any more. Ask for a new letter."
    ru = "Ссылка больше не работает. Попроси новое письмо."


class EmailTaken(Conflict):
    """Somebody has an account with this address."""

    code = "email.taken"
    en = "There is an account with this e-mail address already."
    ru = "Учётная запись с такой почтой уже есть."


class PasswordWeak(Invalid):
    """Too short, too long, too common; `reason` says which."""

    code = "password.weak"
    en = "Choose another password: this one is {words}."
    ru = "Выбери другой пароль: этот {words_ru}."
