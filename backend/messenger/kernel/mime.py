"""A letter as a message of RFC 5322, the same for every driver."""

import hashlib
import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from typing import Final

from email_validator import EmailNotValidError, validate_email

from messenger.kernel import clock
from messenger.kernel.ports.mail import Letter, Undeliverable

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def sender_of(written: str) -> Address:
    """The sender of `messenger@example.org` or `Our server <messenger@example.org>`; any host's. Raises `ValueError`."""
    name, address = parseaddr(written)
    found = re.fullmatch(r"([!-?A-~]+)@([\w.-]+)", address)
    if found is None:
        raise ValueError("write it as Our server <messenger@example.org>")
    return Address(_line(name), found[1], found[2].encode("idna").decode())


def compose(letter: Letter, sender: Address) -> EmailMessage:
    """The message of a letter; one key has one `Message-ID`. Raises `Undeliverable` for what is no address."""
    try:
        found = validate_email(letter.to, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Undeliverable(f"{letter.to!r} is no address") from None
    to = Address("", found.local_part, found.ascii_domain)
    message = EmailMessage(policy=SMTP if to.username.isascii() else SMTPUTF8)
    message["From"], message["To"], message["Subject"] = sender, to, _line(letter.subject)
    message["Date"] = format_datetime(datetime.fromtimestamp(clock.now_ms() // 1000, UTC))
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{sender.domain}>"
    # Nobody's absence note answers a program (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    # Quoted lines are short and ASCII whatever the words, so no server on the way has to change them.
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def _line(text: str) -> str:
    """One line: whatever could begin another header is a blank."""
    return _UNSEEN.sub(" ", text).strip()
