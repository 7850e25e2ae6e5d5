"""The errors about messages."""

from messenger.kernel.errors import Forbidden, NotFound


class MessageNotFound(NotFound):
    """No message has this number."""

    code = "message.not_found"
    en = "There is no such message."
    ru = "Такого сообщения нет."


class MessageForbidden(Forbidden):
    """The message is another person's, made by the server, or deleted already."""

    code = "message.forbidden"
    en = "You cannot change this message."
    ru = "Это сообщение нельзя изменить."


class MessageTooOld(Forbidden):
    """The time for changes is over."""

    code = "message.too_old"
    en = "This message is too old to be changed."
    ru = "Сообщение слишком старое, его уже нельзя изменить."
