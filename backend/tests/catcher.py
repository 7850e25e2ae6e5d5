"""A real SMTP server for the tests: takes letters, or refuses, stalls and drops them as it is told."""

import asyncio
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.ports_free import free_port


class Quiet(SMTP):
    """The server without its name for itself."""

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        """End the session as a server that is in a hurry: without an answer where the handler says so."""
        if self.event_handler.hangs_up:
            assert self.transport is not None
            cast(asyncio.Transport, self.transport).abort()
            return
        await super().smtp_QUIT(arg)


class Catcher(Controller):
    """`letters` are those that were taken, in order. `refusals`: answers to an address; `drops`: so many letters are
    taken but the answer is lost; `delay`: seconds until a letter is answered; `hangs_up`: no goodbye."""

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
        """The session of a connection."""
        return Quiet(self.handler, **self.SMTP_kwargs)

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """Take an address, or refuse it as told."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter; answer, late or never."""
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
        """The letters (to an address), once there are so many."""
        return letters_to(lambda: list(self.letters), address, least, timeout=timeout)

    @contextmanager
    def running(self) -> Iterator["Catcher"]:
        """The server, until the block ends."""
        self.start()
        try:
            yield self
        finally:
            self.stop()


def kept_in(folder: Path) -> list[EmailMessage]:
    """The letters that a server without mail wrote, oldest first."""
    paths = sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def letters_to(
    mailbox: Callable[[], list[EmailMessage]], address: str = "", least: int = 1, subject: str = "", timeout: float = 15
) -> list[EmailMessage]:
    """The letters of a mailbox to an address (or all), with a word in the subject, once there are so many."""
    deadline = time.monotonic() + timeout
    while True:
        found = [one for one in mailbox() if address in ("", one["To"]) and subject in one["Subject"]]
        if len(found) >= least:
            return found
        assert time.monotonic() < deadline, f"{len(found)} of {least} letters came to {address or 'anybody'}"
        time.sleep(0.02)


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The words of a part of a letter."""
    part = letter.get_body((kind,))
    assert part is not None, f"no {kind} part"
    return str(part.get_content())


def link_of(letter: EmailMessage) -> tuple[str, str]:
    """Page and token of the one link of a letter, which both its parts hold."""
    (page, token), *more = re.findall(r"https?://[^/\s]+(/\w+)#([\w-]+)", text_of(letter))
    assert not more
    assert f"{page}#{token}" in text_of(letter, "html")
    return page, token


class Certificates:
    """An authority of our own, and a server's certificate from it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.context)
