"""What can be wrong about messages."""

from messenger.kernel.errors import Forbidden, NotFound


class MessageNotFound(NotFound):
    """No message of that number."""

    code = "message.not_found"
    en = "There is no such message."
    ru = "Такого сообщения нет."


class MessageForbidden(Forbidden):
    """Somebody else's words, a server-made message, or one already deleted."""

    code = "message.forbidden"
    en = "You cannot change this message."
    ru = "Это сообщение нельзя изменить."


class MessageTooOld(Forbidden):
    """The time for changes is over."""

    code = "message.too_old"
    en = "This message is too old to be changed."
    ru = "Сообщение слишком старое, его уже нельзя изменить."
