"""Letters (e-mails) to people."""

from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """A letter to one address, as plain text and as HTML.

    `key` identifies it, so that a repeat can be told from a new one.
    """

    to: str
    subject: str
    text: str
    html: str
    key: str


class Undeliverable(Exception):
    """The address was refused for good: repeating the letter would change nothing."""


class Mail(Protocol):
    """A driver of mail."""

    async def send(self, letter: Letter) -> None:
        """Hands the letter to the mail server, within 45 s.

        Raises `OSError` when it was not accepted or the answer was lost: the job then repeats it with the same
        `Message-ID`. Raises `Undeliverable` when the address was refused for good.
        """
