"""What can be wrong about people."""

from messenger.kernel.errors import Forbidden, NotFound


class UserForbidden(Forbidden):
    """Only administrators may."""

    code = "user.forbidden"
    en = "Only an administrator of this server may do this."
    ru = "Это может сделать только администратор сервера."


class UserNotFound(NotFound):
    """No such person."""

    code = "user.not_found"
    en = "There is no such person."
    ru = "Такого человека нет."
