"""What can be wrong about invites."""

from messenger.kernel.errors import Forbidden, NotFound


class InviteNotFound(NotFound):
    """Unknown, revoked, expired or used up: all the same to a stranger."""

    code = "invite.not_found"
    en = "This invite does not work any more. Ask for a new link."
    ru = "Это приглашение больше не действует. Попроси новую ссылку."


class InviteForbidden(Forbidden):
    """Links to the server itself bring strangers, which not everybody may."""

    code = "invite.forbidden"
    en = "Only administrators, and those whom they allow, invite people to this server. Ask an administrator."
    ru = "На этот сервер приглашают администраторы и те, кому они разрешили. Попроси администратора."
