"""Runs a real SMTP server for the tests: it takes letters, or refuses, delays and drops them on request."""

import asyncio
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.ports_free import free_port


class Quiet(SMTP):
    """Answers as the server, and ends sessions abruptly where the test wants it."""

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        """Ends the session, without an answer where the handler says so."""
        if self.event_handler.hangs_up:
            assert self.transport is not None
            cast(asyncio.Transport, self.transport).abort()
            return
        await super().smtp_QUIT(arg)


class Catcher(Controller):
    """Keeps the letters that it took, in order, in `letters`.

    `refusals` holds the answer to each refused address, `drops` how many letters are taken without an answer,
    `delay` the seconds until a letter is answered. With `hangs_up` the server does not answer QUIT.
    """

    def __init__(self, *, port: int = 0, tls_first: ssl.SSLContext | None = None, **options: Any) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.begun = 0
        self.logins: list[tuple[str, str]] = []
        self.refusals: dict[str, str] = {}
        self.drops, self.delay, self.hangs_up = 0, 0.0, False
        if options.get("auth_required"):
            options["authenticator"] = self._log_in
        super().__init__(
            self, hostname="127.0.0.1", port=port or free_port(), ssl_context=tls_first, enable_SMTPUTF8=True, **options
        )

    def factory(self) -> SMTP:
        """Returns the session of a new connection."""
        return Quiet(self.handler, **self.SMTP_kwargs)

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """Takes an address, or refuses it with its answer in `refusals`."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """Takes a letter; answers at once, late or never."""
        self.begun += 1
        if self.delay:
            await asyncio.sleep(self.delay)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.drops:
            self.drops -= 1
            assert server.transport is not None
            cast(asyncio.Transport, server.transport).abort()
        return "250 OK"

    def _log_in(self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        self.logins.append((data.login.decode(), data.password.decode()))
        fits = data.password == b"p@ss:word"
        return AuthResult(success=fits, handled=fits)

    def until(self, least: int, address: str = "", timeout: float = 15) -> list[EmailMessage]:
        """Waits until there are `least` letters (to an address), and returns them."""
        return letters_to(lambda: list(self.letters), address, least, timeout=timeout)

    @contextmanager
    def running(self) -> Iterator["Catcher"]:
        """Runs the server until the block ends."""
        self.start()
        try:
            yield self
        finally:
            self.stop()


def kept_in(folder: Path) -> list[EmailMessage]:
    """Returns the letters that a server without mail wrote, oldest first."""
    paths = sorted((path.stat().st_mtime_ns, path) for path in folder.glob("*.eml"))
    return [_read(path, written) for written, path in paths]


@cache
def _read(path: Path, _written: int) -> EmailMessage:
    """Returns a letter; each is read once, however often a test looks for one."""
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def letters_to(
    mailbox: Callable[[], list[EmailMessage]], address: str = "", least: int = 1, subject: str = "", timeout: float = 15
) -> list[EmailMessage]:
    """Waits for `least` letters to an address (or to all) with a word in the subject, and returns them."""
    deadline = time.monotonic() + timeout
    while True:
        found = [one for one in mailbox() if address in ("", one["To"]) and subject in one["Subject"]]
        if len(found) >= least:
            return found
        assert time.monotonic() < deadline, f"{len(found)} of {least} letters came to {address or 'anybody'}"
        time.sleep(0.02)


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """Returns the text of a part of a letter."""
    part = letter.get_body((kind,))
    assert part is not None, f"no {kind} part"
    return str(part.get_content())


def link_of(letter: EmailMessage) -> tuple[str, str]:
    """Returns page and token of the one link of a letter, which both its parts contain."""
    (page, token), *more = re.findall(r"https?://[^/\s]+(/\w+)#([\w-]+)", text_of(letter))
    assert not more
    assert f"{page}#{token}" in text_of(letter, "html")
    return page, token


class Certificates:
    """Makes a certificate authority for a test, and a server's certificate from it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.context)
