"""Checks the mail server: connection, encryption, greeting and login; no letter is sent."""

import asyncio
from typing import Final

import aiosmtplib

from messenger.adapters.mail.smtp import server_of
from messenger.assembly.drivers.choice import make_mail
from messenger.doctor.check import Finding, failed, ok, why
from messenger.kernel.mime import sender_of
from messenger.settings import Settings, SettingsError

ANSWER_S: Final = 4.0


def check(settings: Settings) -> Finding:
    """Returns the finding of the mail server in `MAIL_URL`."""
    try:
        make_mail(settings)
    except SettingsError as error:
        return failed(str(error), "Set that variable.")
    try:
        return asyncio.run(_greet(settings))
    except aiosmtplib.SMTPAuthenticationError as error:
        return failed(
            f"The mail server refuses user or password: {error.code} {error.message}.",
            "Set both in MAIL_URL (characters such as @ as %40).",
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        return failed(
            f"The mail server cannot be used: {why(error.__cause__ or error)}.",
            "Check whether MAIL_URL names its address and port, smtps:// where it speaks TLS at once, "
            "and ?ca= where its certificate is of your own authority.",
        )


async def _greet(settings: Settings) -> Finding:
    server = server_of(settings.mail_url)
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=sender_of(settings.mail_from).domain,
        timeout=ANSWER_S,
        use_tls=server.is_tls_first,
        start_tls=server.tls is not None and not server.is_tls_first,
        tls_context=server.tls,
    )
    await client.connect()
    try:
        await client.ehlo()
        if server.user is not None:
            await client.login(server.user, server.password or "")
    finally:
        client.close()
    how = ", ".join(
        [
            f"{server.host}:{server.port} greets",
            "encrypted" if server.tls else "in clear",
            *(["accepts the login"] if server.user is not None else []),
        ]
    )
    return ok(f"{how}.")
