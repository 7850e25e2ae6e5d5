"""Sends letters by SMTP, encrypted unless the address says otherwise."""

import asyncio
import ssl
from email.headerregistry import Address
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import aiosmtplib

from messenger.kernel.mime import compose
from messenger.kernel.origin import LOOPBACK
from messenger.kernel.ports.mail import Letter, Undeliverable

STEP_S: Final = 15.0
"""Seconds for connecting and for each answer; all of it together is below what a job may take."""
WHOLE_S: Final = 45.0


class Server(NamedTuple):
    """The mail server; `tls` is None for a line without encryption."""

    host: str
    port: int
    user: str | None
    password: str | None
    is_tls_first: bool
    tls: ssl.SSLContext | None


def server_of(url: str) -> Server:
    """Parses the address: `smtp://user:password@host:587` begins plain and must become TLS; `smtps://host:465` is TLS
    at once.

    Options: `?starttls=never` for a mail catcher on this machine, `?ca=/path.pem` for your own certificate authority.
    Raises `ValueError` with the fault.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls, ca = options.pop("starttls", "always"), options.pop("ca", None)
    if not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("write it as smtp://user:password@host:port")
    if options or starttls not in ("always", "never"):
        raise ValueError("its options are starttls=always, starttls=never and ca=/path.pem")
    is_tls_first = parts.scheme == "smtps"
    if is_tls_first and starttls == "never":
        raise ValueError("smtps is TLS from the first byte: the option starttls is for smtp only")
    is_plain = starttls == "never"
    if is_plain and parts.password and parts.hostname not in LOOPBACK:
        raise ValueError("with starttls=never the password would be sent in clear")
    try:
        tls = None if is_plain else ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise ValueError(f"ca={ca} cannot be used ({error.strerror})") from None
    return Server(
        parts.hostname,
        parts.port or (465 if is_tls_first else 25 if is_plain else 587),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        is_tls_first,
        tls,
    )


class SmtpMail:
    """A driver of `kernel.ports.mail.Mail`: a connection for each letter.

    Raises `ValueError` for an unusable address.
    """

    def __init__(self, url: str, sender: Address) -> None:
        self._server, self._sender = server_of(url), sender

    async def send(self, letter: Letter) -> None:
        message, server = compose(letter, self._sender), self._server
        try:
            async with asyncio.timeout(WHOLE_S):
                await aiosmtplib.send(
                    message,
                    hostname=server.host,
                    port=server.port,
                    username=server.user,
                    password=server.password,
                    # Taken from the system, it could wait for a name server and hold the loop meanwhile.
                    local_hostname=self._sender.domain,
                    timeout=STEP_S,
                    use_tls=server.is_tls_first,
                    start_tls=server.tls is not None and not server.is_tls_first,
                    tls_context=server.tls,
                )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(one.code >= 500 for one in refused.recipients):
                raise Undeliverable(str(refused)) from refused
            raise OSError(str(refused)) from refused
        except aiosmtplib.SMTPException as error:
            raise OSError(f"{server.host}:{server.port}: {error}") from error
