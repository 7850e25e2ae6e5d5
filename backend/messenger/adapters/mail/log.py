"""Letters into a folder and a line into the log: mail for a server that has no mail."""

import asyncio
import logging
from email.message import EmailMessage
from pathlib import Path

from messenger.kernel import clock
from messenger.kernel.ports.mail import Letter

log = logging.getLogger("messenger.mail")


class LogMail:
    """A driver of `kernel.ports.mail.Mail`: one `.eml` file a letter, which any mail program opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: Letter) -> None:
        message = EmailMessage()
        message["To"], message["Subject"], message["X-Key"] = letter.to, letter.subject, letter.key
        message.set_content(letter.text)
        path = self._folder / f"{clock.now_ms()}-{letter.key.replace(':', '-')}.eml"
        await asyncio.to_thread(self._write, path, message.as_bytes())
        log.info("a letter to %s is in %s", letter.to, path)

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
