"""Builds a letter as a message of RFC 5322, the same for every driver."""

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from typing import Final

import email_validator
from email_validator import ValidatedEmail, validate_email

from messenger.kernel import clock
from messenger.kernel.ports.mail import Letter, Undeliverable

# The library lets its users change this list: firma.local and home.arpa are domains of local networks.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def sender_of(written: str) -> Address:
    """Returns the sender of `messenger@example.org` or `Our server <messenger@example.org>`, of any host.

    Raises `ValueError`.
    """
    name, address = parseaddr(written)
    found = re.fullmatch(r"([!-?A-~]+)@([\w.-]+)", address)
    if found is None:
        raise ValueError("write it as Our server <messenger@example.org>")
    return Address(_line(name), found[1], found[2].encode("idna").decode())


def recipient_of(written: str) -> ValidatedEmail:
    """Returns an address that could exist.

    It is not looked up, and there is no list of domains: local networks have their own. Raises `ValueError`.
    """
    return validate_email(written, check_deliverability=False, strict=True)


def email_key(email: str) -> str:
    """Returns the form in which addresses are compared: NFC, case folded."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def compose(letter: Letter, sender: Address) -> EmailMessage:
    """Returns the message of a letter.

    The same key gives the same `Message-ID`. Raises `Undeliverable` for an unusable address.
    """
    try:
        found = recipient_of(letter.to)
    except ValueError:
        raise Undeliverable(f"{letter.to!r} is no address") from None
    to = Address("", found.local_part, found.ascii_domain)
    message = EmailMessage(policy=SMTP if to.username.isascii() else SMTPUTF8)
    message["From"], message["To"], message["Subject"] = sender, to, _line(letter.subject)
    message["Date"] = format_datetime(datetime.fromtimestamp(clock.now_ms() // 1000, UTC))
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{sender.domain}>"
    # Tells automatic absence replies not to answer a program (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    # Quoted lines are short and ASCII whatever the text, so no server on the way has to change them.
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def _line(text: str) -> str:
    """Returns the text as one line: every character that could begin another header becomes a blank."""
    return _UNSEEN.sub(" ", text).strip()
