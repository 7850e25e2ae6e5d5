"""The errors about invites."""

from messenger.kernel.errors import Forbidden, NotFound


class InviteNotFound(NotFound):
    """The link is unknown, revoked, expired or used up; the answer does not tell which."""

    code = "invite.not_found"
    en = "This invite does not work any more. Ask for a new link."
    ru = "Это приглашение больше не действует. Попросите новую ссылку."


class InviteForbidden(Forbidden):
    """The caller may not make links to the server itself, which bring strangers."""

    code = "invite.forbidden"
    en = "Only administrators, and people they allow, can invite to this server. Ask an administrator."
    ru = "На этот сервер приглашают администраторы и те, кому они разрешили. Попросите администратора."
