"""Writes letters into a folder and a line into the log: mail for a server without a mail server."""

import asyncio
import logging
import re
from email.headerregistry import Address
from pathlib import Path

from messenger.kernel.mime import compose
from messenger.kernel.ports.mail import Letter

log = logging.getLogger("messenger.mail")


class LogMail:
    """A driver of `kernel.ports.mail.Mail`: one `.eml` file a letter, which any mail program opens."""

    def __init__(self, folder: Path, sender: Address) -> None:
        self._folder, self._sender = folder, sender

    async def send(self, letter: Letter) -> None:
        data = compose(letter, self._sender).as_bytes()
        path = self._folder / f"{re.sub(r'[^0-9A-Za-z-]', '-', letter.key)}.eml"
        await asyncio.to_thread(self._write, path, data)
        log.info("a letter to %s is in %s", letter.to, path)

    def _write(self, path: Path, data: bytes) -> None:
        # Links in letters open accounts: other users of this machine must not read them.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A mail program finds it whole, or not at all.
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)
