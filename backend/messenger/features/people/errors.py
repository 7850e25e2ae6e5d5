"""The errors about people."""

from messenger.kernel.errors import Forbidden, NotFound


class UserForbidden(Forbidden):
    """The action is for administrators only."""

    code = "user.forbidden"
    en = "Only an administrator of this server may do this."
    ru = "Это может сделать только администратор сервера."


class UserNotFound(NotFound):
    """The person does not exist."""

    code = "user.not_found"
    en = "There is no such person."
    ru = "Такого человека нет."
