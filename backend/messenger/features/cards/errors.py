"""The errors about link cards."""

from messenger.kernel.errors import Forbidden, NotFound


class CardNotFound(NotFound):
    """The message has no card at this place, or none with this picture (any more)."""

    code = "card.not_found"
    en = "There is no such preview."
    ru = "Такого предпросмотра нет."


class CardForbidden(Forbidden):
    """The author removes cards of a message, and members with the right `delete`."""

    code = "card.forbidden"
    en = "You cannot remove this preview."
    ru = "Этот предпросмотр убрать нельзя."


class CardsOff(Forbidden):
    """The server or the chat shows no cards."""

    code = "cards.off"
    en = "Previews of links are switched off here."
    ru = "Предпросмотр ссылок здесь выключен."
