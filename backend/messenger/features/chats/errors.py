"""The errors about chats."""

from messenger.kernel.errors import Conflict, Forbidden, NotFound


class ChatNotFound(NotFound):
    """The chat does not exist, or the caller is no member."""

    code = "chat.not_found"
    en = "There is no such chat, or you are not in it."
    ru = "Такого чата нет, или вы в нём не состоите."


class MemberNotFound(NotFound):
    """The person is not in this chat."""

    code = "member.not_found"
    en = "This person is not in the chat."
    ru = "Этого человека нет в чате."


class ChatForbidden(Forbidden):
    """The caller lacks a right: `right` names it.

    `because` names the reason: the role, the kind of chat, or the other's rank.
    """

    code = "chat.forbidden"
    en = "Your role in this chat does not allow this. Ask an owner of the group."
    ru = "Ваша роль в этом чате не позволяет это сделать. Попросите владельца группы."

    def sentence(self, language: str) -> str:
        if self.params.get("because") != "kind":
            return super().sentence(language)
        return "В таком чате так нельзя." if language == "ru" else "This is not possible in this kind of chat."


class LastOwner(Conflict):
    """A group must keep an owner."""

    code = "chat.last_owner"
    en = "You are the last owner. Make another member an owner first."
    ru = "Кроме вас, владельцев нет. Сначала назначьте другого владельца."
