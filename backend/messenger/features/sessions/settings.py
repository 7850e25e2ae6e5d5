"""The variables and the rate limits of sessions."""

from typing import Final, Literal

from pydantic import Field

from messenger.doors.section import Duration, Section
from messenger.kernel.ports.limits import Bucket, Rate

PASSWORD_MEMORY_KIB: Final = 47_104
"""With one pass this is OWASP's minimum; a tenth of a second on one core."""

LOGIN: Final = Bucket("login", Rate(5, 1, 60))
LOGIN_DEVICE: Final = Bucket("login_device", Rate(5, 1, 60))
LOGIN_ADDRESS: Final = Bucket("login_address", Rate(20, 1, 10))
REGISTER: Final = Bucket("register", Rate(5, 5, 3600))
REFRESH: Final = Bucket("refresh", Rate(10, 1, 30))
FORGOT: Final = Bucket("forgot", Rate(3, 3, 3600))
FORGOT_ADDRESS: Final = Bucket("forgot_address", Rate(10, 10, 3600))
RESEND: Final = Bucket("resend", Rate(3, 3, 3600))
RATES: Final = (LOGIN, LOGIN_DEVICE, LOGIN_ADDRESS, REGISTER, REFRESH, FORGOT, FORGOT_ADDRESS, RESEND)


class SessionSettings(Section):
    """Who may register, with which passwords, and how long sessions last."""

    server_name: str = Field(
        "", max_length=64, description="Name shown to people; the first account may choose it too."
    )
    registration: Literal["", "open", "invite", "closed"] = Field(
        "",
        description="Who may register: open, invite (holders of a link from an administrator or from a person they allow to invite) or closed; default open in local, invite in production.",
    )
    access_token_ttl: Duration = Field(600, description="Life of an access token.")
    refresh_token_ttl: Duration = Field(30 * 86_400, description="Life of a refresh token that is not used.")
    refresh_reuse_grace: Duration = Field(
        60,
        description="Time in which a refresh token may be exchanged again: by another tab, or after a lost answer.",
    )
    email_token_ttl: Duration = Field(86_400, description="Life of the link that verifies an address.")
    reset_token_ttl: Duration = Field(1200, description="Life of the link that leads to a new password.")
    password_min_chars: int = Field(10, ge=8, le=64, description="Shortest password.")
    password_memory_kib: int = Field(
        PASSWORD_MEMORY_KIB, ge=8, le=1_048_576, description="Memory of one password hash, in KiB; less only in local."
    )

    @property
    def registers(self) -> str:
        """Returns the mode of registration."""
        return self.registration or ("open" if self.is_local else "invite")

    def complaint(self) -> str:
        if not self.is_local and self.password_memory_kib < PASSWORD_MEMORY_KIB:
            return f"PASSWORD_MEMORY_KIB is too little: at least {PASSWORD_MEMORY_KIB}, or passwords are easy to guess."
        if not self.sends_mail and not self.is_local and self.registers == "open":
            return (
                "REGISTRATION=open in production needs mail, to confirm addresses and to reset passwords: "
                "set MAIL_URL=smtp://… and MAIL_FROM, or REGISTRATION=invite."
            )
        return ""
